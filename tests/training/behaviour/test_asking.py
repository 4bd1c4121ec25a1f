import json

import pytest
from rich.console import Console

from labels.pipeline.errors import DataError
from labels.pipeline.progress import meter
from labels.pipeline.tables import write_table
from training.behaviour.asking import ask_export, read_labels
from training.behaviour.pairs import Item


@pytest.fixture
def items(pairs):
    return [item for pair in pairs for item in pair.items]


@pytest.fixture
def shown():
    with meter(Console(quiet=True), "asking", "sentences") as found:
        yield found


def test_an_export_answers_as_predict_stance_does(items, shown, tiny_export, composer, tmp_path):
    asked, answers = ask_export(tiny_export[1], items, "fp32", 1, shown)
    assert (asked["name"], asked["variant"]) == (str(tiny_export[1]), "fp32")
    lines = [json.dumps({"id": i.id, "text": i.text, "lang": i.lang}) for i in items]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    composer.run(
        "predict_stance",
        f"input={tmp_path / 'in.jsonl'}",
        f"output={tmp_path / 'out.jsonl'}",
        f"model={tiny_export[1]}",
        "unit=sentence",
        "threads=1",
    )
    records = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(records) == len(items)
    for item, record in zip(items, map(json.loads, records), strict=True):
        stance = record["stance"][item.target]
        assert answers[item.id].label == stance["label"]
        assert answers[item.id].probabilities == pytest.approx(stance["probabilities"], abs=1e-5)


def test_a_target_that_the_export_does_not_know_is_refused(items, shown, tiny_export):
    odd = Item(**vars(items[0]) | {"target": "nato"})
    with pytest.raises(DataError, match="en-negation-01a: target: expected one of russia, oic"):
        ask_export(tiny_export[1], [odd], "fp32", 1, shown)


def label_row(item, label):
    return {
        "sentence_id": f"{item.id}#0",
        "target": item.target,
        "label": label,
        "origin": "silver",
        "annotator": "label_model",
        "holder": None,
        "voice": None,
    } | {f"p_{name}": 0.25 for name in ("favor", "against", "neutral", "unrelated")}


def test_a_table_of_labels_answers_for_the_sentences_that_it_has(items, shown, tmp_path):
    table = tmp_path / "labels.parquet"
    rows = [label_row(items[0], "favor"), label_row(items[1], "favor") | {"target": "russia"}]
    write_table(table, "labels", rows)
    asked, answers = read_labels(table, items, shown)
    assert (asked["name"], asked["variant"]) == (str(table), None)
    assert answers[items[0].id].label == "favor"
    assert answers[items[0].id].probabilities["against"] == 0.25
    assert answers[items[1].id] == (None, None)  # it has a label towards another target
    assert len(answers) == len(items)


def test_a_table_of_other_sentences_is_refused(items, shown, tmp_path):
    table = tmp_path / "labels.parquet"
    other = Item(**vars(items[0]) | {"id": "id-0001"})
    write_table(table, "labels", [label_row(other, "favor")])
    with pytest.raises(DataError, match="such as en-negation-01a#0, found none"):
        read_labels(table, items, shown)
