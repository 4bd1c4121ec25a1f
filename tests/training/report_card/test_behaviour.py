import json

import pytest

from labels.pipeline.errors import DataError
from training.report_card.behaviour import read_behaviour
from training.report_card.card import names_of

NAMES = names_of({}, ["ar", "en"])


def rate(model, capability, lang, value):
    return {"model": model, "capability": capability, "lang": lang, "pairs": 25, "rate": value} | {
        "low": value - 0.1,
        "high": value + 0.1,
    }


def test_models_stand_side_by_side_and_each_has_a_table_with_all_first(tmp_path):
    path = tmp_path / "behaviour.json"
    rates = [
        rate("exports/mine", "target_swap", "en", 0.4),
        rate("exports/mine", "all", "all", 0.5),
        rate("rules", "target_swap", "all", 0.2),
    ]
    path.write_text(json.dumps({"rates": rates, "models": []}), encoding="utf-8")
    beside, mine, rules = read_behaviour(path, NAMES)
    assert [table.folded for table in (beside, mine, rules)] == [False, True, True]
    assert beside.heads == ["Capability", "mine", "rules"]
    assert beside.rows[0].cells[0].figure.value == 0.5
    assert beside.rows[1].cells == ["", beside.rows[1].cells[1]]  # of mine not asked in all
    assert beside.rows[1].cells[1].figure.value == 0.2
    assert [mine.title, rules.title] == ["Pairs passed by exports/mine", "Pairs passed by rules"]
    assert mine.heads == ["Capability", "all", "English"]
    assert [line.head for line in mine.rows] == ["all capabilities", "target swap"]
    assert mine.rows[0].cells[0].figure.value == 0.5
    assert mine.rows[0].cells[1] == ""  # not asked
    assert mine.rows[1].cells[1].figure.n == 25
    assert rules.rows[1].cells[0].figure.low == pytest.approx(0.1)


def test_models_of_one_name_are_told_apart(tmp_path):
    path = tmp_path / "behaviour.json"
    rates = [rate(f"{folder}/mine", "all", "all", 0.5) for folder in ("old", "new")]
    path.write_text(json.dumps({"rates": rates, "models": []}), encoding="utf-8")
    assert read_behaviour(path, NAMES)[0].heads == ["Capability", "old/mine", "new/mine"]


def test_one_model_has_its_own_table_alone(tmp_path):
    path = tmp_path / "behaviour.json"
    rates = [rate("mine", "all", "all", 0.5)]
    path.write_text(json.dumps({"rates": rates, "models": []}), encoding="utf-8")
    (mine,) = read_behaviour(path, NAMES)
    assert not mine.folded


def test_without_a_file_there_is_no_table(tmp_path):
    assert read_behaviour(tmp_path / "none.json", NAMES) == []
    assert read_behaviour(None, NAMES) == []


@pytest.mark.parametrize(
    "text", ['{"rates": [{"model": "a"}]}', '{"rates": 3}', "[]", "{}", '{"rates": [{"pairs": 1}]}']
)
def test_another_file_is_refused(tmp_path, text):
    path = tmp_path / "behaviour.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"behaviour\.json: expected rates with model"):
        read_behaviour(path, NAMES)


def test_a_broken_file_is_refused(tmp_path):
    path = tmp_path / "behaviour.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match=r"behaviour\.json: expected one JSON document"):
        read_behaviour(path, NAMES)
