"""A training of a few seconds, and sets that it can learn from besides."""

import csv
import json

import pytest
import torch

from labels.pipeline.tables import write_table

EPOCHS = 3
STANCES = ["favor", "against", "neutral", "unrelated"]
SENTIMENTS = ["negative", "neutral", "positive"]
NEWS = {
    "key": "news",
    "title": "News",
    "licence": "MIT",
    "targets": [{"key": "entity", "description": "Who is marked"}],
    "classes": {"stance": ["favor", "against", "neutral"]},
}
TONE = NEWS | {"key": "tone", "title": "Tone", "classes": {"sentiment": ["negative", "positive"]}}


def write_inputs(folder, split_row):
    """Write 13 sentences of train and of dev with two targets; the last batch has one alone."""
    rows = []
    for i in range(13):
        stances = {"russia": STANCES[i % 4], "oic": STANCES[(i + 1) % 4]}
        text, sentiment = f"Sentence {'a' * i} {'bcde'[i % 4] * 5}", SENTIMENTS[i % 3]
        rows.append(split_row(f"t{i}", text, "train", stances, sentiment))
        rows.append(split_row(f"d{i}", f"{text} z", "dev", stances, sentiment))
        for row in rows[-2:]:  # the author takes a position on Russia, somebody else on the OIC
            russia, oic = row["stances"]
            russia |= {"holder": "author", "voice": "author"}
            oic |= {"holder": "Sentence", "voice": "reported"}
    write_table(folder / "splits.parquet", "splits", rows)
    targets = [{"key": key, "description": f"The {key}"} for key in ("russia", "oic")]
    (folder / "targets.json").write_text(json.dumps(targets), encoding="utf-8")


def command_line(folder, name):
    """Give the settings of a training in a folder of its own."""
    return [
        f"splits={folder / 'splits.parquet'}",
        f"targets={folder / 'targets.json'}",
        f"output={folder / name / 'model'}",
        f"history={folder / name / 'history.csv'}",
        f"checkpoints={folder / name / 'runs'}",
        f"epochs={EPOCHS}",
        "batch_size=4",
        "learning_rate=1e-3",
        "head_learning_rate=1e-2",
        "layer_decay=0.9",
        "warmup_share=0.2",
        "frozen_layers=0",
        "average_decay=0.8",
        f"stance_shares.en.oic={shares(favor=0.3, against=0.3, neutral=0.4)}",
    ]


def shares(**of_stances):
    """Write shares of stances as a command line takes them."""
    return "{" + ", ".join(f"{name}: {share}" for name, share in of_stances.items()) + "}"


@pytest.fixture
def inputs(tmp_path, split_row):
    write_inputs(tmp_path, split_row)
    return tmp_path


@pytest.fixture
def train(inputs, tiny_overrides, composer):
    """Train the tiny backbone; return the folder with ``model`` and ``history.csv``."""

    def run(name, *changes):
        tiny = list(tiny_overrides)
        if "classifier=cross_encoder" in changes:
            tiny.remove("classifier.attention_heads=2")
        composer.run("train_model", *command_line(inputs, name), *tiny, *changes)
        return inputs / name

    yield run
    torch.use_deterministic_algorithms(False)


def read_history(folder):
    with (folder / "history.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_set(folder, about, rows):
    place = folder / about["key"]
    place.mkdir(parents=True, exist_ok=True)
    (place / "suite.json").write_text(json.dumps(about), encoding="utf-8")
    write_table(place / "examples.parquet", "splits", rows)


def write_sets(folder, split_row):
    """Write a set of 9 stances and one of 5 sentiments; return the folder of both."""
    news = [
        split_row(f"n{i}", f"Reed {'fgh'[i % 3] * 4} {i}", stances={"entity": label})
        | {"mentions": [{"target": "entity", "start": 0, "end": 4}]}
        for i, label in enumerate(["favor", "against", "neutral"] * 3)
    ]
    tone = [
        split_row(f"s{i}", f"It is {'xy'[i % 2] * 5}", sentiment=["negative", "positive"][i % 2])
        for i in range(5)
    ]
    write_set(folder, NEWS, news)
    write_set(folder, TONE, tone)
    return folder


@pytest.fixture
def sets(tmp_path, split_row):
    return write_sets(tmp_path / "sets", split_row)


@pytest.fixture
def beside(sets):
    """Give the words that let a training learn from both sets."""
    return learn_beside(sets)


def learn_beside(sets):
    return [
        "auxiliary=[{suite: news, share: 0.5, weight: 0.5}, {suite: tone, share: 1, weight: 0.2}]",
        f"auxiliary_data={sets}",
    ]
