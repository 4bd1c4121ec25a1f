import json

import pytest

from labels.pipeline.errors import DataError
from labels.pipeline.tables import read_table, write_table
from training.model.settings import Precision
from training.model.store import load_model
from training.report.stage import predict_examples

F, A, N, U = "favor", "against", "neutral", "unrelated"


@pytest.fixture(scope="module")
def score(tiny_export, tmp_path_factory, composer):
    """Score the tiny model on some rows; return the scores and the folder of the report."""

    def run(rows, scored="[dev]", gate=False, folder=None):
        folder = folder or tmp_path_factory.mktemp("score")
        write_table(folder / "splits.parquet", "splits", rows)
        composer.run(
            "score_model",
            f"model={tiny_export[0]}",
            f"splits={folder / 'splits.parquet'}",
            f"output={folder / 'report'}",
            f"scored={scored}",
            f"target_gate={gate}",
            "batch_size=2",
            "bootstrap_draws=50",
            "runtime.threads=1",
            "runtime.precision=fp32",
        )
        return read_json(folder / "report" / "scores.json"), folder / "report"

    return run


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def dev_rows(split_row):
    every = {"russia": F, "oic": A, "gaza_ceasefire": U}
    return [
        split_row("d1", "Moscow hailed the pact.", "dev", every, "positive"),
        split_row("d2", "Дождь идёт.", "dev", {"russia": N}, None, lang="ru"),
        split_row("d3", "Hujan.", "dev", {"oic": U}, "neutral", lang="id"),
        split_row("t1", "Left out.", "train", every, "negative"),
    ]


def test_only_labelled_rows_of_the_split_are_scored(score, dev_rows):
    scores, folder = score(dev_rows, "[dev,test]")
    dev = scores["splits"]["dev"]
    assert (dev["sentences"], dev["rows"], dev["groups"]) == (3, 5, 3)
    assert dev["sentiment"]["n"] == 2
    assert dev["pooled"]["n_gold"] == {"favor": 1, "against": 1, "neutral": 1, "unrelated": 2}
    assert {target: found["n"] for target, found in dev["targets"].items()} == {
        "russia": 2,
        "oic": 2,
        "gaza_ceasefire": 1,
    }
    assert {lang: found["n"] for lang, found in dev["languages"].items()} == {
        "en": 3,
        "id": 1,
        "ru": 1,
    }
    assert scores["splits"]["test"] is None
    assert scores["model"]["train_sentences"] == 0
    rows = read_table(folder / "predictions.parquet", "predictions")
    assert [(row["sentence_id"], row["task"], row["gold"]) for row in rows] == [
        ("d1", "russia", F),
        ("d1", "oic", A),
        ("d1", "gaza_ceasefire", U),
        ("d1", "sentiment", "positive"),
        ("d2", "russia", N),
        ("d3", "oic", U),
        ("d3", "sentiment", "neutral"),
    ]
    lines = (folder / "confusion.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "task,gold,label"
    assert lines[1:] == [f"{row['task']},{row['gold']},{row['label']}" for row in rows]
    assert (folder / "confusion.svg").stat().st_size > 0


def test_the_metrics_are_the_headline_of_each_split_that_has_examples(score, dev_rows):
    scores, folder = score(dev_rows, "[dev,test]")
    metrics = read_json(folder / "metrics.json")
    assert list(metrics) == ["dev"]
    assert metrics["dev"]["f_polar_pooled"] == scores["splits"]["dev"]["f_polar_pooled"]
    assert metrics["dev"]["sentences"] == 3


def test_a_score_without_gold_is_null_and_so_is_its_interval(score, split_row):
    rows = [split_row(key, "Rain.", "dev", {"oic": F}, "neutral") for key in "ab"]
    dev = score(rows)[0]["splits"]["dev"]
    for name in ("f_polar_pooled", "f_polar_pooled_low", "f_polar_pooled_high", "macro_f1_pooled"):
        assert dev[name] is None
    assert dev["pooled"]["f_polar_reason"] == "no gold example of against"
    assert dev["target_gain"]["gain"] is None


def test_scoring_twice_gives_the_same_bytes(score, dev_rows):
    first, second = (score(dev_rows)[1] for _ in range(2))
    names = {path.name for path in first.iterdir()}
    assert {"scores.json", "metrics.json", "predictions.parquet"} <= names
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_a_first_split_without_examples_is_an_error(score, dev_rows):
    with pytest.raises(DataError, match=r"splits\.parquet: no example of test to score"):
        score(dev_rows, "[test,dev]")


def test_a_label_for_a_target_that_the_model_does_not_know_is_an_error(score, split_row):
    with pytest.raises(DataError, match="sentence d1: expected labels of russia, .* one of nato"):
        score([split_row("d1", "Rain.", "dev", {"nato": F}, "neutral")])


def test_predictions_do_not_depend_on_the_batch_size(tiny_export, dev_rows):
    model = load_model(tiny_export[0])
    single, whole = (
        [row["probabilities"] for row in predict_examples(model, dev_rows, size, Precision.fp32)]
        for size in (1, 4)
    )
    for alone, together in zip(single, whole, strict=True):
        assert alone == pytest.approx(together, abs=1e-5)


def test_each_task_gets_the_probabilities_of_its_own_logits(tiny_export, split_row):
    model = load_model(tiny_export[0])
    text = "Moscow hailed the pact."
    forward = {"russia": F, "oic": A, "gaza_ceasefire": U}
    backward = dict(reversed(forward.items()))  # as rows may name them
    rows = [split_row("f", text, "dev", forward), split_row("b", text, "dev", backward)]
    found = predict_examples(model, rows, 2, Precision.fp32)
    by_task = [
        {row["task"]: row["probabilities"] for row in found if row["sentence_id"] == key}
        for key in ("f", "b")
    ]
    assert by_task[0].keys() == by_task[1].keys() == forward.keys()
    for task, probabilities in by_task[0].items():
        assert probabilities == pytest.approx(by_task[1][task], abs=1e-5)
    assert by_task[0]["russia"] != pytest.approx(by_task[0]["oic"], abs=1e-3)


def test_a_model_that_does_not_pass_the_gate_has_a_report_all_the_same(score, dev_rows, tmp_path):
    with pytest.raises(DataError, match="expected a model that looks at the target"):
        score(dev_rows, gate=True, folder=tmp_path)
    assert read_json(tmp_path / "report" / "scores.json")["splits"]["dev"]["sentences"] == 3
