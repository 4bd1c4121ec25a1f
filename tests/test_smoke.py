"""Every stage in order, on a dozen articles in four languages and a tiny random backbone."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml

from labels.metrics.calibration_file import temperature_for
from labels.pipeline.tables import read_table
from training.experiments.runs import SCRIPTS

DATA = Path(__file__).parent / "data"
TARGETS = ["russia", "oic", "gaza_ceasefire"]
STAGES = yaml.safe_load((SCRIPTS.parent / "dvc.yaml").read_text(encoding="utf-8"))["stages"]


@pytest.fixture(scope="module")
def work(composer, tiny_overrides, tmp_path_factory):
    """Run all stages and then predict; return the folder with what they wrote."""
    root = tmp_path_factory.mktemp("smoke")
    paths = [f"paths.work={root}", f"paths.data_dir={DATA}"]
    paths += [
        f"paths.{name}={root / name}" for name in ("model", "report", "export", "checkpoints")
    ]
    overrides = {
        # three articles a language: one each
        "split_examples": ["sizes={train: 0.4, dev: 0.3, test: 0.3}"],
        "train_model": [*tiny_overrides, "frozen_layers=1", "epochs=2"],
        "score_model": [*tiny_overrides[-2:], "bootstrap_draws=20", "target_gate=false"],
        "calibrate_model": ["folds=2"],
        "export_model": [*tiny_overrides[-2:], "parity_sentences=4"],
        "write_report": ["scaled_folds=2", "bootstrap_draws=20", "errors=1", "threads=1"],
    }
    for stage in STAGES:
        composer.run(stage, *paths, *overrides.get(stage, []))
    composer.run(
        "predict_stance",
        f"input={DATA / 'articles'}",
        f"output={root / 'out.jsonl'}",
        f"model={root / 'export'}",
        "threads=1",
    )
    yield root
    torch.use_deterministic_algorithms(False)


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def read_lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_article_is_ingested_and_the_empty_file_is_a_counted_reject(work):
    report = read_json(work / "articles" / "ingest.json")
    assert (report["inputs"], report["articles"], report["rejects"]) == (13, 12, 1)
    assert report["articles_by_language"] == {"ar": 3, "en": 3, "id": 3, "ru": 3}
    assert report["rejects_by_reason"] == {"empty_file": 1}


def test_sentences_stand_where_their_offsets_say(work):
    articles = {
        row["article_id"]: row for row in read_table(work / "articles/articles.parquet", "articles")
    }
    sentences = read_table(work / "sentences/sentences.parquet", "sentences")
    assert len(sentences) == 36 + 4  # four articles have a title
    for one in sentences:
        field = articles[one["article_id"]][one["field"]]
        assert field[one["start"] : one["end"]] == one["text"]


def test_every_gold_row_finds_its_sentence(work):
    assert read_table(work / "labels/label_rejects.parquet", "rejects") == []
    labels = read_table(work / "labels/labels.parquet", "labels")
    assert sum(row["origin"] == "gold" for row in labels) == 36 * 3


def test_dev_and_test_are_gold_and_no_group_is_divided(work):
    rows = read_table(work / "splits/splits.parquet", "splits")
    report = read_json(work / "splits" / "split.json")
    assert report["groups_in_two_splits"] == 0
    assert {row["split"] for row in rows} == {"train", "dev", "test"}
    for row in rows:
        if row["split"] != "train":
            assert {stance["origin"] for stance in row["stances"]} == {"gold"}


def test_every_vote_is_of_a_sentence_and_a_labeller_that_was_asked(work):
    votes = read_table(work / "votes/votes.parquet", "votes")
    sentences = {
        row["sentence_id"] for row in read_table(work / "sentences/sentences.parquet", "sentences")
    }
    assert {row["sentence_id"] for row in votes} == sentences
    assert {row["task"] for row in votes} == {*TARGETS, "sentiment"}
    assert all(row["abstained"] == (row["label"] is None) for row in votes)


def test_the_model_is_trained_and_scored_on_dev(work):
    with (work / "report" / "history.csv").open(encoding="utf-8") as file:
        history = list(csv.DictReader(file))
    assert [epoch["epoch"] for epoch in history] == ["1", "2"]
    dev = read_json(work / "report" / "scores.json")["splits"]["dev"]
    assert dev["sentences"] == read_json(work / "splits/split.json")["splits"]["dev"]["sentences"]
    best = max(float(epoch["f_polar_pooled"]) for epoch in history)
    assert dev["f_polar_pooled"] == pytest.approx(best)  # what was kept is what was chosen
    assert (
        read_json(work / "report" / "metrics.json")["dev"]["f_polar_pooled"]
        == dev["f_polar_pooled"]
    )


def test_the_export_has_a_card_with_the_scores(work):
    card = (work / "export" / "README.md").read_text(encoding="utf-8")
    assert "## Scores on dev" in card
    assert "gaza_ceasefire" in card
    targets = read_json(work / "export" / "export.json")["targets"]
    assert [target["key"] for target in targets] == TARGETS


def test_the_report_card_shows_the_errors_of_every_language(work):
    page = (work / "report" / "report.html").read_text(encoding="utf-8")
    predicted = read_table(work / "report/predictions.parquet", "predictions")
    wrong = {
        row["lang"] for row in predicted if row["gold"] != row["label"] and row["task"] in TARGETS
    }
    assert wrong
    assert all(f'lang="{lang}">' in page for lang in wrong)


def test_prediction_labels_every_sentence_that_the_pipeline_found(work):
    records = read_lines(work / "out.jsonl")
    sentences = read_table(work / "sentences/sentences.parquet", "sentences")
    assert [(row["sentence_id"], row["text"]) for row in records] == [
        (row["sentence_id"], row["text"]) for row in sentences
    ]
    assert all(list(row["stance"]) == TARGETS for row in records)
    assert len(read_lines(work / "out.jsonl.rejects.jsonl")) == 1
    counts = read_lines(work / "out.jsonl.meta.json")[0]["counts"]
    long = sum("parts" in row for row in records)
    expected = {"inputs": 13, "articles": 12, "rejects": 1, "sentences": 40, "repeated": 0}
    assert counts == expected | {"long_sentences": long, "abstained": 0, "removed": 0}


def test_prediction_gives_the_labels_that_scoring_gave(work):
    records = read_lines(work / "out.jsonl")
    # Scoring reads the beginning of a sentence that is too long for the model, prediction all.
    labels = {row["sentence_id"]: row for row in records if "parts" not in row}
    predicted = read_table(work / "report/predictions.parquet", "predictions")
    rows = [row for row in predicted if row["sentence_id"] in labels]
    assert rows
    temperatures = read_json(work / "report/calibration.json")["temperatures"]
    for row in rows:
        temperature = temperature_for(temperatures[row["task"]], row["lang"])
        scaled = np.array(row["probabilities"]) ** (1 / temperature)
        record = labels[row["sentence_id"]]
        found = record["sentiment"] if row["task"] == "sentiment" else record["stance"][row["task"]]
        assert list(found["probabilities"].values()) == pytest.approx(
            scaled / scaled.sum(), abs=1e-4
        )


def test_training_leaves_no_checkpoint_behind(work):
    assert list((work / "checkpoints").iterdir()) == []
