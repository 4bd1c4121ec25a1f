import json

import pytest

from labels.inspection.stage import plain


@pytest.fixture
def inspected(composer, rules_tables, tmp_path, capsys):
    def run(*overrides):
        gold = tmp_path / "gold.jsonl"
        row = {"id": "en0Norland", "text": "Norland condemned Russia over the pipeline."}
        gold.write_text(json.dumps(row | {"russia": "neutral"}), encoding="utf-8")
        output = tmp_path / "out"
        composer.run(
            "inspect_functions",
            f"paths.work={rules_tables}",
            f"gold=[{gold}]",
            f"output={output}",
            *overrides,
        )
        lines = (output / "fired_on.jsonl").read_text(encoding="utf-8").splitlines()
        report = json.loads((output / "functions.json").read_text(encoding="utf-8"))
        return report, [json.loads(line) for line in lines], output, capsys.readouterr().err

    return run


def test_every_labeller_is_measured_and_shown_with_sentences(inspected):
    report, fired, _, shown = inspected()
    assert report["sentences"] == 40
    found = {(one["labeller"], one["task"], one["lang"]): one for one in report["figures"]}
    criticised = found["criticised", "russia", "en"]
    assert (criticised["votes"], criticised["n_gold"], criticised["accuracy"]) == (4, 1, 0.0)
    own = [one for one in fired if one["labeller"] == "criticised"]
    assert {one["lang"] for one in own} == {"en", "id", "ru"}
    assert len(own) == 10
    assert own[0] == {
        "scheme": "stance",
        "labeller": "criticised",
        "task": "russia",
        "sentence_id": "en0Norland#0",
        "lang": "en",
        "text": "Norland condemned Russia over the pipeline.",
        "label": "against",
        "gold": "neutral",
    }
    assert "en russia: against, gold neutral: Norland condemned Russia over the pipeline." in shown


def test_the_page_has_figures_and_no_text(inspected):
    _, fired, output, _ = inspected()
    page = (output / "functions.md").read_text(encoding="utf-8")
    assert "| criticised | russia | " in page
    assert "0.00 [0.00, 0.79] (n 1)" in page
    assert not any(one["text"] in page for one in fired)


def test_no_example_is_shown_where_none_is_asked_for(inspected):
    _, fired, _, shown = inspected("examples=0")
    assert fired == []
    assert "Norland" not in shown


def test_who_is_right_too_rarely_is_named(inspected):
    report, _, _, shown = inspected("least_judged=1")
    assert {"criticised"} == {one["labeller"] for one in report["doubted"]}
    assert "right less often than 60%: criticised (stance), 0.00 of 1" in shown


def test_the_same_votes_give_the_same_bytes(inspected):
    first = {path.name: path.read_bytes() for path in inspected()[2].iterdir()}
    assert first == {path.name: path.read_bytes() for path in inspected()[2].iterdir()}


def test_no_text_moves_the_cursor():
    assert plain("a\x1b[2J\u202eb\x9b1 \u0431") == "a\\x1b[2J\\u202eb\\x9b1 \u0431"
