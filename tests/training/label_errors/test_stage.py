import json

import numpy as np
import pytest

from labels.people.items import read_items
from labels.pipeline.schema import tasks_for

TARGETS = ["russia", "oic", "gaza_ceasefire"]
WORDS = {"favor": "praised hailed thanked", "against": "blamed scorned accused"}


@pytest.fixture
def gold(tmp_path):
    """Write gold in which two labels are plainly wrong."""
    rng = np.random.default_rng(2)
    rows = []
    for i in range(80):
        label = ("favor", "against")[i % 2]
        words = rng.permutation(WORDS[label].split()).tolist()
        text = f"Moscow was {' and '.join(words)} by {chr(97 + i % 26)}."
        row = {"id": f"g{i}", "article_id": f"a{i // 2}", "lang": ("en", "id")[i % 2], "text": text}
        rows.append(row | {"russia": label, "annotator": "anna"})
    for i in (10, 33):
        rows[i]["russia"] = "against" if rows[i]["russia"] == "favor" else "favor"
    path = tmp_path / "gold.jsonl"
    lines = [json.dumps(row) for row in rows] + ["broken"]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def find(tmp_path, composer, gold, tiny_folder):
    def run(*overrides):
        composer.run(
            "find_label_errors",
            f"gold=[{gold}]",
            f"output={tmp_path / 'out'}",
            f"cache={tmp_path / 'cache'}",
            "backbone=hub",
            f"backbone.name={tiny_folder}",
            "backbone.revision=null",
            "backbone.max_tokens=64",
            "runtime.threads=1",
            "runtime.precision=fp32",
            *overrides,
        )
        items = read_items(tmp_path / "out" / "suspects.jsonl", tasks_for(TARGETS))
        report = json.loads((tmp_path / "out" / "label_errors.json").read_text(encoding="utf-8"))
        return items, report

    return run


def test_wrong_labels_are_listed_as_a_file_to_adjudicate(find, capsys):
    items, report = find()
    assert {"g10", "g33"} <= {item["id"] for item in items[:4]}
    found = next(item for item in items if item["id"] == "g10")
    assert found["ask"] == ["russia"]
    assert [one["values"]["russia"] for one in found["given"]] == ["against", "favor"]
    assert (report["rows"], report["rejects"], report["unpredicted"]) == (80, 1, 0)
    assert [(one["task"], one["lang"], one["rows"]) for one in report["tasks"]] == [
        ("russia", None, 80),
        ("russia", "en", 40),
        ("russia", "id", 40),
    ]
    assert report["tasks"][0]["suspects"] == report["suspect_rows"] == report["listed"]
    shown = capsys.readouterr().err
    assert "expected one JSON object" in shown
    assert "rows that are likely wrong, of 80" in shown


def test_given_predictions_take_the_place_of_our_own(find, gold, tmp_path):
    classes = ("favor", "against", "neutral", "unrelated")
    lines = []
    for line in gold.read_text(encoding="utf-8").splitlines()[:60]:
        text = json.loads(line)["text"]
        is_favor = "praised" in text
        shares = dict(zip(classes, (0.9, 0.1, 0, 0) if is_favor else (0.1, 0.9, 0, 0), strict=True))
        stance = {"russia": {"label": max(shares, key=shares.get), "probabilities": shares}}
        fields = {"id": "x", "sentence_id": "x#0", "kind": "body", "field": "text", "start": 0}
        lines.append(fields | {"end": 1, "text": text, "lang": "en", "stance": stance})
    path = tmp_path / "stance.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    items, report = find(f"predictions=[{path}]", "most=1")
    assert (report["suspect_rows"], report["listed"]) == (2, 1)
    assert items[0]["id"] in ("g10", "g33")
    assert not (tmp_path / "cache").exists()


def test_the_same_gold_gives_the_same_bytes(find, tmp_path):
    find()
    first = (tmp_path / "out" / "suspects.jsonl").read_bytes()
    find()
    assert (tmp_path / "out" / "suspects.jsonl").read_bytes() == first
