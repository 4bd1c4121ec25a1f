import json

import numpy as np
import pytest

from labels.pipeline.errors import DataError
from labels.pipeline.schema import tasks_for
from training.label_errors.read import read_predictions, read_rows


def write(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_row_without_an_id_of_its_own_is_called_by_its_place(tmp_path):
    rows = [
        {"id": "1", "article_id": "a", "lang": "ar", "text": "One.", "oic": "favor"},
        {"id": "2", "article_id": "a", "text": "Two.", "oic": "favor"},
        {"id": "2", "article_id": "b", "text": "Three.", "oic": "favor"},
        {"article_id": "b", "text": "Four.", "oic": "favor"},
        {"text": ""},
    ]
    found, rejects = read_rows([write(tmp_path / "gold.jsonl", *rows)], ["oic"], ["oic"])
    assert [one.id for one in found] == ["1", "gold.jsonl:2", "gold.jsonl:3", "gold.jsonl:4"]
    assert [one.article_id for one in found] == ["a", "a", "b", "b"]
    assert [one.lang for one in found] == ["ar", "other", "other", "other"]
    assert [one.reason for one in rejects] == ["no_text"]


def test_gold_without_a_row_is_told(tmp_path):
    with pytest.raises(DataError, match="expected gold rows, found none"):
        read_rows([write(tmp_path / "gold.jsonl", {"text": ""})], ["oic"], ["oic"])


def record(text):
    classes = ("favor", "against", "neutral", "unrelated")
    shares = dict(zip(classes, (0.1, 0.2, 0.3, 0.4), strict=True))
    fields = {"id": "x", "sentence_id": "x#0", "kind": "body", "field": "text", "start": 0}
    stance = {"oic": {"label": "unrelated", "probabilities": shares}}
    return fields | {"end": len(text), "text": text, "lang": "en", "stance": stance}


def test_predictions_are_found_by_the_text(tmp_path):
    gold = [
        {"id": str(i), "text": text} for i, text in enumerate(["One  day.", "Two.", "One day."])
    ]
    rows, _ = read_rows([write(tmp_path / "gold.jsonl", *gold)], ["oic"], ["oic"])
    path = write(tmp_path / "stance.jsonl", record("One day."), record("Other."))
    found = read_predictions([path], rows, tasks_for(["oic"]))
    assert np.allclose(found["oic"][[0, 2]], [[0.1, 0.2, 0.3, 0.4]] * 2)
    assert np.isnan(found["oic"][1]).all()
    assert np.isnan(found["sentiment"]).all()
    other = write(tmp_path / "other.jsonl", record("Other."))
    with pytest.raises(DataError, match=r"other\.jsonl: expected predictions on the texts of gold"):
        read_predictions([path, other], rows, tasks_for(["oic"]))
