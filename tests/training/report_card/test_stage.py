import json

import pytest

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.tables import read_table, write_table


@pytest.fixture
def run(small, tmp_path, composer, tiny_export):
    """Write the small run; return what writes its card and gives the page."""
    overrides = [*small.write(tmp_path, composer), f"export={tiny_export[1]}", "errors=1"]

    def write(*others):
        composer.run("write_report", *overrides, *others)
        return (tmp_path / "report.html").read_text(encoding="utf-8")

    return write


def test_the_page_says_what_was_scored_and_how_well(run):
    page = run("name=محلي <b>", "texts=letters to the editor")
    assert "محلي &lt;b&gt;" in page
    assert "scored on dev: 48 sentences of 48 articles" in page
    assert "Scored on letters to the editor." in page
    assert "times in 100</b>" in page
    assert "model:&lt;b&gt;reader&lt;/b&gt;" in page
    assert "No article, near copy or sentence stands in two splits." in page
    assert "there is no " in page  # behaviour was not measured
    assert len(page) < 500_000


@pytest.mark.slow
def test_the_same_inputs_give_the_same_bytes(run):
    assert run() == run()


def test_behaviour_and_charts_are_shown_where_they_are_given(written):
    page = written[1]
    assert "Pairs passed by exports/&lt;i&gt;" in page
    assert "oic.svg" in page
    assert "data:image/svg+xml;base64," in page


def test_a_strict_rule_leaves_nothing_but_its_reasons(run):
    page = run("least_rows=1000")
    assert "Too few positions to say how often this model is right." in page
    assert "24 favor in 24 articles" in page


def test_scores_of_other_predictions_are_refused(run, tmp_path):
    path = tmp_path / "report" / "scores.json"
    scores = json.loads(path.read_text(encoding="utf-8"))
    scores["splits"]["dev"]["pooled"]["n"] += 1
    path.write_text(json.dumps(scores), encoding="utf-8")
    with pytest.raises(DataError, match=r"scores\.json: expected the scores of .*found others"):
        run()
    path.write_text('{"model": {}, "splits": {}}', encoding="utf-8")
    with pytest.raises(DataError, match="expected scores of dev, found none"):
        run()


def test_predictions_of_other_sentences_are_refused(run, tmp_path):
    path = tmp_path / "splits" / "splits.parquet"
    write_table(path, "splits", read_table(path, "splits")[:3])
    with pytest.raises(DataError, match=r"splits\.parquet: expected the sentences of .*none with"):
        run()


def test_what_is_missing_is_named_and_no_page_is_written(run, tmp_path):
    (tmp_path / "report" / "history.csv").unlink()
    with pytest.raises(DataError, match=r"history\.csv: missing"):
        run()
    assert not (tmp_path / "report.html").exists()
    with pytest.raises(ConfigError, match="model"):
        run(f"export={tmp_path}")


def test_a_split_that_was_not_scored_is_named(run):
    with pytest.raises(DataError, match="no prediction of test"):
        run("split=test")
