import csv
import json

import pytest

from labels.pipeline.tables import write_table
from tests.training.compare.test_answers import record, write_lines

LIGHT = ["permutations=200", "bootstrap_draws=100", "least_groups=5"]


@pytest.fixture
def compare(tmp_path, composer, prediction, split_row):
    """Compare two predictions tables, in which b is right where a is not; return the folder."""
    both = {"a": [], "b": []}
    for i in range(60):
        gold = ("favor", "against", "neutral", "unrelated")[i % 4]
        wrong = "neutral" if gold != "neutral" else "favor"
        for name, label in (("a", wrong if i % 3 == 0 else gold), ("b", gold)):
            both[name].append(prediction("oic", gold, label, f"s{i}", f"g{i % 30}", "ar"))
    for name, rows in both.items():
        write_table(tmp_path / f"{name}.parquet", "predictions", rows)
    text = "<script>alert(1)</script> | *bold*\nline"
    write_table(tmp_path / "splits.parquet", "splits", [split_row("s0", text, "dev")])

    def run(*overrides, a="a.parquet", b="b.parquet"):
        places = [f"a={tmp_path / a}", f"b={tmp_path / b}", f"output={tmp_path / 'out'}"]
        composer.run("compare_models", *places, *LIGHT, *overrides)
        return tmp_path / "out"

    return run


def test_a_comparison_is_written_in_every_form(compare, tmp_path, capsys):
    out = compare(f"splits={tmp_path / 'splits.parquet'}")
    found = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    assert found["compared"] == {
        "sentences": 60,
        "groups": 30,
        "stances": 60,
        "sentiments": 0,
        "holders": 0,
    }
    headline = found["results"][0]
    assert (headline["b"], headline["verdict"]) == (1.0, "b")
    assert "b is better on these sentences" in found["conclusions"][0]
    assert found["differing"] == {"a_right": 0, "b_right": 20, "neither_right": 0}
    with (out / "comparison.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(found["results"])
    assert float(rows[0]["p"]) == headline["p"]
    assert rows[0]["p_corrected"] == ""
    accuracy = next(row for row in rows if row["measure"] == "accuracy")
    assert (accuracy["a_only"], accuracy["b_only"]) == ("0", "20")
    with (out / "differing.csv").open(encoding="utf-8-sig") as file:
        differing = list(csv.DictReader(file))
    assert [row["right"] for row in differing] == ["b"] * 20
    assert differing[0]["text"] == "<script>alert(1)</script> | *bold*\nline"
    shown = capsys.readouterr().err
    assert "f_polar" in shown
    assert "comparison.md" in shown.replace("\n", "")


def test_text_from_outside_is_no_markup_on_the_page(compare, tmp_path):
    page = (compare(f"splits={tmp_path / 'splits.parquet'}") / "comparison.md").read_text("utf-8")
    assert "<script>" not in page
    assert r"&lt;script&gt;alert(1)&lt;/script&gt; \| \*bold\* line" in page


def test_the_same_inputs_give_the_same_bytes(compare):
    first = {path.name: path.read_bytes() for path in compare().iterdir()}
    assert set(first) == {"comparison.json", "comparison.csv", "comparison.md", "differing.csv"}
    assert {path.name: path.read_bytes() for path in compare().iterdir()} == first


def test_a_model_compared_with_itself_is_said_to_be_the_same(compare):
    out = compare(b="a.parquet")
    found = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    assert "both give the same answers to all 60 rows" in found["conclusions"][0]
    assert found["differing"] == {"a_right": 0, "b_right": 0, "neither_right": 0}


def test_too_few_rows_are_said_to_be_so(compare):
    found = json.loads((compare("least_rows=61") / "comparison.json").read_text("utf-8"))
    assert "too few rows to say" in found["conclusions"][0]
    assert {one["verdict"] for one in found["results"]} == {"too_few"}


def test_what_could_not_be_compared_is_counted_and_shown(compare, tmp_path, capsys):
    records = [record(i, f"Sentence {i}.", "favor", {}) for i in range(40)]
    write_lines(tmp_path / "a.jsonl", records)
    write_lines(tmp_path / "b.jsonl", records[:35])
    gold = [{"id": str(i), "text": f"Sentence {i}.", "oic": "favor"} for i in range(42)]
    write_lines(tmp_path / "gold.jsonl", [*gold, {"text": "No id.", "oic": "favor"}])
    out = compare(f"gold={tmp_path / 'gold.jsonl'}", a="a.jsonl", b="b.jsonl")
    found = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    assert found["left_out"] == {
        "a": {"gold_rejects": 2, "only_here": 5},
        "b": {"gold_rejects": 7, "only_here": 0},
    }
    assert found["rejects_by_reason"] == {"no_article_id": 1}
    shown = capsys.readouterr().err
    assert "b: 7 gold rows label no sentence of it" in shown
    assert "gold: 1 rows are no labels (no_article_id)" in shown
    assert found["results"][0]["reason"] == "no gold example of against"
