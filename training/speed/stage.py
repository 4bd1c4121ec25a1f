"""Training here and the stock way, one after the other on the same machine, data and backbone."""

import json
from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from rich.console import Console
from rich.table import Table

from labels.metrics.f1 import score
from labels.pipeline.errors import ConfigError
from labels.pipeline.files import atomic_path, write_json
from labels.pipeline.markdown import markdown_table
from labels.pipeline.schema import SENTIMENT, STANCE, Scheme, Split
from labels.pipeline.tables import Row, read_table, write_table
from training.data.examples import take_share
from training.experiments.runs import MODEL, compose_settings
from training.fit.history import Epoch
from training.fit.settings import TrainSettings
from training.fit.stage import train_model
from training.model.precision import best_device, prepare_runtime
from training.model.records import TargetDefinition
from training.model.store import load_model
from training.report.stage import predict_examples
from training.speed.machine import processor
from training.speed.settings import TrainingSpeedSettings
from training.speed.stock import StockRun, train_stock

_TICK = 0.1  # seconds; epochs are timed to that
HEADER = ("", "sentences/s", "epochs", "f_polar_pooled", "macro_f1_pooled", "sentiment_macro_f1")


class Way(TypedDict):
    """How fast a way of training is, and how good its model."""

    name: str
    sentences_per_second: float  # all targets and the sentiment
    epochs: int
    f_polar_pooled: float | None
    macro_f1_pooled: float | None
    sentiment_macro_f1: float | None


def benchmark_training(settings: TrainingSpeedSettings) -> None:
    """Train both ways, score both models, and write and show the rates and their ratio.

    Raises:
        ConfigError: There is no main job's table of splits.
    """
    if not settings.splits.exists():
        raise ConfigError(f"splits: expected {settings.splits}; run `make run` first")
    targets: list[TargetDefinition] = json.loads(settings.targets.read_text(encoding="utf-8"))
    train, dev = _chosen(settings)
    console = Console(stderr=True)
    console.print(f"{len(train)} sentences of train, {len(dev)} of dev", highlight=False)
    settings.work.mkdir(parents=True, exist_ok=True)
    ways = [_ours(settings, train, dev), _stock(settings, targets, train, dev)]
    write_json(settings.work / "training_speed.json", ways)
    ratio = ways[0]["sentences_per_second"] / ways[1]["sentences_per_second"]
    table = Table(title=f"Training: {ratio:.1f} times the sentences per second of the stock way")
    for name in HEADER:
        table.add_column(name, justify="right")
    for way in ways:
        table.add_row(*_cells(way))
    Console().print(table)
    with atomic_path(settings.page) as temporary:
        temporary.write_text(_page(settings, ways, ratio, len(train), len(dev)), encoding="utf-8")
    Console().print(f"page {settings.page}", highlight=False, markup=False)


def _chosen(settings: TrainingSpeedSettings) -> tuple[list[Row], list[Row]]:
    """Take a share of the articles of train, and as many sentences of dev as asked for."""
    rows = read_table(settings.splits, "splits")
    rng = np.random.default_rng(settings.seed)
    train = [row for row in rows if row["split"] == Split.train]
    dev = [row for row in rows if row["split"] == Split.dev]
    kept = sorted(rng.permutation(len(dev))[: settings.dev_sentences].tolist())
    return take_share(train, settings.train_share, rng), [dev[i] for i in kept]


def _ours(settings: TrainingSpeedSettings, train: Sequence[Row], dev: Sequence[Row]) -> Way:
    splits, model = settings.work / "splits.parquet", settings.work / MODEL
    write_table(splits, "splits", [*train, *dev])
    composed = compose_settings(
        "train_model",
        [
            f"splits={splits}",
            f"targets={settings.targets}",
            f"output={model}",
            f"history={settings.work / 'history.csv'}",
            f"checkpoints={settings.work / 'checkpoints'}",
            f"seed={settings.seed}",
            *settings.train_overrides,
        ],
    )
    assert isinstance(composed, TrainSettings)  # as scripts/train_model.py declares
    epochs: list[Epoch] = []
    train_model(composed, epochs.append)
    precision = prepare_runtime(composed.runtime)
    trained = load_model(model)
    trained.classifier.to(best_device())
    rows = predict_examples(trained, dev, 2 * composed.batch_size, precision)
    answers = {
        scheme.name: [
            (scheme.classes.index(row["gold"]), scheme.classes.index(row["label"]))
            for row in rows
            if (row["task"] == SENTIMENT.name) == (scheme == SENTIMENT)
        ]
        for scheme in (STANCE, SENTIMENT)
    }
    seconds = max(_TICK, sum(epoch["train_seconds"] for epoch in epochs))
    return _way(
        f"train_model ({precision.value})", len(train) * len(epochs) / seconds, len(epochs), answers
    )


def _stock(
    settings: TrainingSpeedSettings,
    targets: Sequence[TargetDefinition],
    train: Sequence[Row],
    dev: Sequence[Row],
) -> Way:
    composed = compose_settings("train_model", settings.train_overrides)
    assert isinstance(composed, TrainSettings)  # as scripts/train_model.py declares
    runs: dict[str, StockRun] = {}
    for scheme in (STANCE, SENTIMENT):
        Console(stderr=True).print(f"the stock way: {scheme.name}")
        folder = settings.work / f"stock-{scheme.name}"
        runs[scheme.name] = train_stock(
            scheme, train, dev, targets, composed.backbone, folder, settings.seed
        )
    epochs = runs[STANCE.name].epochs
    seconds = sum(run.seconds / run.epochs for run in runs.values())  # for every task of a sentence
    answers = {name: list(zip(run.gold, run.predicted, strict=True)) for name, run in runs.items()}
    return _way("transformers Trainer, defaults", len(train) / seconds, epochs, answers)


def _way(name: str, rate: float, epochs: int, answers: dict[str, list[tuple[int, int]]]) -> Way:
    def scored(scheme: Scheme) -> dict[str, float | None]:
        gold, predicted = (
            np.array(ids, np.int64) for ids in zip(*answers[scheme.name], strict=True)
        )
        found = score(scheme, gold, predicted)
        return {"f_polar": found.get("f_polar"), "macro_f1": found["macro_f1"]}

    stances = scored(STANCE)
    return Way(
        name=name,
        sentences_per_second=round(rate, 2),
        epochs=epochs,
        f_polar_pooled=stances["f_polar"],
        macro_f1_pooled=stances["macro_f1"],
        sentiment_macro_f1=scored(SENTIMENT)["macro_f1"],
    )


def _cells(way: Way) -> tuple[str, ...]:
    scores = (way["f_polar_pooled"], way["macro_f1_pooled"], way["sentiment_macro_f1"])
    return (
        way["name"],
        f"{way['sentences_per_second']:.1f}",
        str(way["epochs"]),
        *("-" if value is None else f"{value:.3f}" for value in scores),
    )


def _page(
    settings: TrainingSpeedSettings, ways: Sequence[Way], ratio: float, n_train: int, n_dev: int
) -> str:
    return f"""# Training here and the stock way

Written by `python scripts/benchmark_training.py`; do not edit.

{markdown_table(HEADER, map(_cells, ways))}

**{ratio:.1f} times the sentences per second**, on {processor()}, one after the other in one run.
{n_train:,} sentences of the corpus's train part ({settings.train_share:.3g} of its articles),
scored on {n_dev:,} of its dev part, seed {settings.seed}. A sentence counts when every target and
its sentiment have been trained on; scoring is not counted. The stock way is a sequence classifier
that reads `target </s> sentence` for every target, and another that reads the sentence for its
sentiment, both on the same backbone, with every setting of `transformers.TrainingArguments` at its
default. Scores after so few sentences say little of what a whole training gives; the rates hold.
"""
