import csv
import json

import pytest

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import sha256_of
from tests.training.behaviour.conftest import LINES, russian
from training.behaviour.stage import check_minimum, page_text


@pytest.fixture
def check(suite, tiny_export, tmp_path, composer):
    def run(*overrides, models=None):
        composer.run(
            "check_behaviour",
            f"models={models or tiny_export[1]}",
            f"pairs={suite}",
            f"output={tmp_path / 'out' / 'behaviour.json'}",
            "threads=1",
            *overrides,
        )
        return json.loads((tmp_path / "out" / "behaviour.json").read_text(encoding="utf-8"))

    return run


def test_the_files_agree_with_one_another(check, suite, tiny_export, tmp_path, capsys):
    found = check()
    assert found["pairs"] == {
        f"{lang}.jsonl": sha256_of(suite / f"{lang}.jsonl") for lang in ("en", "ru")
    }
    assert [model["name"] for model in found["models"]] == [str(tiny_export[1])]
    assert len(found["rates"]) == 9
    with (tmp_path / "out" / "behaviour.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows == [
        {name: str(value) for name, value in one.items()}
        for one in ({name: rate[name] for name in rows[0]} for rate in found["rates"])
    ]
    lines = (tmp_path / "out" / "behaviour.failed.jsonl").read_text(encoding="utf-8").splitlines()
    over_all = found["rates"][-1]
    assert (over_all["capability"], over_all["lang"]) == ("all", "all")
    assert len(lines) == over_all["pairs"] - over_all["passed"]
    page = (tmp_path / "out" / "behaviour.md").read_text(encoding="utf-8")
    assert page == page_text(found)
    assert f"{over_all['rate']:.2f} [{over_all['low']:.2f}, {over_all['high']:.2f}]" in page
    assert "behaviour.failed.jsonl" in capsys.readouterr().out


def test_a_language_without_a_capability_has_an_empty_cell(check, write_suite, tmp_path):
    write_suite(ru=russian(LINES[2:]))
    found = check()
    pairs = {(one["capability"], one["lang"]): one["pairs"] for one in found["rates"]}
    assert ("negation", "ru") not in pairs
    assert pairs["all", "all"] == 3
    page = (tmp_path / "out" / "behaviour.md").read_text(encoding="utf-8")
    assert "| capability | pairs | constant | en | ru | all |" in page
    (line,) = [line for line in page.splitlines() if line.startswith("| negation |")]
    assert line.split("|")[5].strip() == "-"


def test_the_same_run_gives_the_same_bytes(check, tmp_path):
    check()
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    check()
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    assert len(before) == 4


def test_models_stand_side_by_side(check, export_tiny, tmp_path):
    both = [export_tiny(kind)[1] for kind in ("encode_once", "cross_encoder")]
    found = check(models=f"[{both[0]},{both[1]}]")
    assert [model["name"] for model in found["models"]] == [str(folder) for folder in both]
    assert len(found["rates"]) == 18
    page = (tmp_path / "out" / "behaviour.md").read_text(encoding="utf-8")
    assert f"| capability | pairs | constant | {both[0]} | {both[1]} |" in page


def test_below_the_minimum_the_report_is_written_and_the_run_fails(check, tmp_path):
    lines = check()["rates"]
    failing = [one for one in lines if one["rate"] < 1 and "all" not in (one["lang"],)]
    assert failing  # a random model cannot pass everything
    (tmp_path / "out" / "behaviour.json").unlink()
    with pytest.raises(DataError, match="is below the minimum:\n"):
        check("minimum=1")
    assert (tmp_path / "out" / "behaviour.json").is_file()
    check("minimum=0")


def rate(model, capability, lang, value):
    return {
        "model": model,
        "capability": capability,
        "lang": lang,
        "rate": value,
        "passed": round(10 * value),
        "pairs": 10,
    }


RATES = [
    rate("a", "negation", "en", 0.5),
    rate("a", "irony", "en", 0.2),
    rate("a", "all", "en", 0.1),
    rate("a", "negation", "all", 0.1),
    rate("b", "negation", "en", 0.0),
]


def test_the_minimum_holds_for_the_first_model_in_every_language_and_for_no_total():
    check_minimum(RATES, "a", None)
    check_minimum(RATES, "a", 0.2)
    check_minimum(RATES, "a", {"negation": 0.5})
    with pytest.raises(DataError, match=r"irony, en: expected 0.3, found 0.20 \(2 of 10 pairs\)"):
        check_minimum(RATES, "a", 0.3)
    with pytest.raises(DataError, match="negation, en: expected 0.6") as error:
        check_minimum(RATES, "a", {"negation": 0.6})
    assert "irony" not in str(error.value)


@pytest.mark.parametrize(
    ("minimum", "message"),
    [
        ("1.5", r"minimum: expected a pass rate in \[0, 1\], got 1.5"),
        ("high", "minimum: expected a pass rate"),
        ("true", "minimum: expected a pass rate"),
        ("{ironies: 0.5}", "minimum: expected capabilities among negation, .* got ironies"),
        ("{negation: 2}", r"minimum.negation: expected a pass rate in \[0, 1\], got 2"),
        ("{irony: 0.5}", "minimum: expected capabilities that have pairs, got irony"),
    ],
)
def test_an_odd_minimum_is_refused_before_the_work(check, tmp_path, minimum, message):
    with pytest.raises(ConfigError, match=message):
        check(f"minimum={minimum}")
    assert not (tmp_path / "out").exists()


def test_a_model_named_twice_and_an_output_of_another_kind_are_refused(check, tiny_export):
    with pytest.raises(ConfigError, match="models: expected each once"):
        check(models=f"[{tiny_export[1]},{tiny_export[1]}]")
    with pytest.raises(ConfigError, match=r"output: expected a name in .json, got x.txt"):
        check("output=x.txt")


def test_what_is_no_export_is_refused(check, tmp_path):
    with pytest.raises(ConfigError, match="expected an export folder"):
        check(models=tmp_path)


def test_pairs_with_markup_are_shown_as_they_are(write_suite, check, tmp_path):
    odd = [line | {"text": f"[bold]{line['text']}[/nothing]"} for line in LINES]
    write_suite(en=odd)
    check()
    text = (tmp_path / "out" / "behaviour.failed.jsonl").read_text(encoding="utf-8")
    assert "[/nothing]" in text
