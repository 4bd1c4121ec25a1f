"""From a trained model to its report: metrics, confusion matrices, plots, predictions."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.progress import track

from labels.errors import DataError
from labels.files import atomic_path, write_json
from labels.schema import SENTIMENT_TASK, SENTIMENTS, STANCES
from labels.tables import Row, read_table, write_table
from training.config import Precision, ScoreConfig
from training.data import batches, sorted_order, tokenize_examples
from training.evaluate_metrics import SentimentMetric, StanceMetric
from training.figures import draw_confusions
from training.metrics import POLAR_IDS, Ids, group_interval
from training.model.store import TrainedModel, load_model
from training.precision import prepare_runtime
from training.report import metrics_table


def score_model(config: ScoreConfig) -> None:
    """Score a model and write metrics.json, predictions, confusion tables and the picture.

    Raises:
        DataError: The first of ``parts`` has no examples, or holds other labels than gold.
    """
    console = Console(stderr=True)
    precision = prepare_runtime(config.runtime)
    model = load_model(Path(config.model))
    rows = read_table(Path(config.splits), "splits")
    output = Path(config.output)
    metrics: dict[str, Any] = {"model": _describe(model)}
    predictions: list[Row] = []
    for part in config.parts:
        examples = [row for row in rows if row["split"] == part]
        if not examples:
            if part == config.parts[0]:
                raise DataError(f"{config.splits}: no example of {part} to score")
            metrics[part] = None
            continue
        found = predict_examples(model, examples, config.batch_size, precision)
        metrics[part] = summarize(found, config)
        predictions += found
    write_table(output / "predictions.parquet", "predictions", predictions)
    write_json(output / "metrics.json", metrics)
    headline = [row for row in predictions if row["split"] == config.parts[0]]
    _write_confusions(output / "confusion.csv", headline)
    draw_confusions(output / "confusion.svg", headline, list(model.targets))
    console.print(metrics_table(metrics, config.parts[0]))
    console.print(f"report: {output / 'metrics.json'}, {output / 'confusion.svg'}", highlight=False)


def predict_examples(
    model: TrainedModel, examples: Sequence[Row], batch_size: int, precision: Precision
) -> list[Row]:
    """Predict every labelled (sentence, task) of some examples.

    Returns:
        Rows of the table ``predictions``, one per label, in the order of the examples.
    """
    targets = list(model.targets)
    data = tokenize_examples(examples, targets, model.tokenizer, model.prefix)
    order = sorted_order([len(ids) for ids in data["input_ids"]], batch_size)
    stance = np.zeros((len(examples), len(targets), len(STANCES)), np.float32)
    sentiment = np.zeros((len(examples), len(SENTIMENTS)), np.float32)
    fast = torch.autocast("cpu", torch.bfloat16, enabled=precision is Precision.bf16)
    with torch.inference_mode(), fast:
        found = zip(order, batches(data, order, model.pad_id), strict=True)
        for indices, batch in track(
            found, total=len(order), description="scoring", console=Console(stderr=True)
        ):
            logits, tones = model.classifier(batch.input_ids, batch.attention_mask)
            stance[indices] = logits.softmax(-1).float().numpy()
            sentiment[indices] = tones.softmax(-1).float().numpy()
    rows = []
    for i, example in enumerate(examples):
        labelled = [
            (s["target"], s["label"], stance[i, targets.index(s["target"])], STANCES)
            for s in example["stances"]
        ]
        if example["sentiment"]:
            gold = example["sentiment"]["label"]
            labelled.append((SENTIMENT_TASK, gold, sentiment[i], SENTIMENTS))
        for task, gold, shares, names in labelled:
            rows.append(
                {
                    "sentence_id": example["sentence_id"],
                    "article_id": example["article_id"],
                    "group_id": example["group_id"],
                    "lang": example["lang"],
                    "split": example["split"],
                    "task": task,
                    "gold": gold,
                    "label": names[int(shares.argmax())],
                    "probabilities": shares.tolist(),
                }
            )
    return rows


def summarize(rows: Sequence[Row], config: ScoreConfig) -> dict[str, Any]:
    """Score one split: pooled, by target, by language, and the sentiment, each with its n."""
    stances = [row for row in rows if row["task"] != SENTIMENT_TASK]
    tones = [row for row in rows if row["task"] == SENTIMENT_TASK]
    rng = np.random.default_rng(config.seed)
    pooled = _stance_scores(stances)
    interval = group_interval(
        *_ids(stances, STANCES),
        [row["group_id"] for row in stances],
        POLAR_IDS,
        len(STANCES),
        rng,
        config.bootstrap_draws,
    )
    result: dict[str, Any] = {
        "sentences": len({row["sentence_id"] for row in rows}),
        "groups": len({row["group_id"] for row in rows}),
        "rows": len(stances),
        "f_polar_pooled": pooled["f_polar"],
        "f_polar_pooled_low": interval[0] if interval else None,
        "f_polar_pooled_high": interval[1] if interval else None,
        "macro_f1_pooled": pooled["macro_f1"],
        "pooled": pooled,
        "sentiment_macro_f1": _sentiment_scores(tones)["sentiment_macro_f1"],
        "sentiment": _sentiment_scores(tones),
        "target_gain": target_gain(stances, rng, config.bootstrap_draws),
        "targets": {},
        "languages": {},
    }
    for target in sorted({row["task"] for row in stances}):
        result["targets"][target] = _stance_scores([r for r in stances if r["task"] == target])
    for lang in sorted({row["lang"] for row in rows}):
        part = _stance_scores([row for row in stances if row["lang"] == lang])
        tone = _sentiment_scores([row for row in tones if row["lang"] == lang])
        result["languages"][lang] = part | {"sentiment_macro_f1": tone["sentiment_macro_f1"]}
    return result


def target_gain(
    rows: Sequence[Row], rng: np.random.Generator, n_draws: int
) -> dict[str, float | int | str | None]:
    """Measure whether the model answers for the target asked, not for the sentence.

    On sentences with at least two related targets whose gold stances differ: the share of
    (sentence, target) rows that are right, minus the mean share when the predictions are dealt to
    the targets in every other order.

    Returns:
        ``gain`` with ``low`` and ``high`` (95%, articles resampled) and the number of sentences
        ``n``; nulls and a ``reason`` where no such sentence exists.
    """
    by_sentence: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["gold"] != "unrelated":
            by_sentence[row["sentence_id"]].append(row)
    parts: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
    for found in by_sentence.values():
        if len({row["gold"] for row in found}) > 1:
            gold = [row["gold"] for row in found]
            labels = [row["label"] for row in found]
            right, *others = [
                sum(g == m for g, m in zip(gold, dealt, strict=True))
                for dealt in permutations(labels)
            ]
            parts[found[0]["group_id"]].append((right - float(np.mean(others)), len(found)))
    if not parts:
        reason = "no sentence with two related targets of different stances"
        return {"gain": None, "low": None, "high": None, "n": 0, "reason": reason}
    sums = np.array([np.sum(values, axis=0) for values in parts.values()])
    draws = [
        float(np.divide(*sums[rng.integers(len(sums), size=len(sums))].sum(0)))
        for _ in range(n_draws)
    ]
    low, high = np.quantile(draws, [0.025, 0.975])
    gain = float(np.divide(*sums.sum(0)))
    n_sentences = sum(map(len, parts.values()))
    return {"gain": gain, "low": float(low), "high": float(high), "n": n_sentences}


def _describe(model: TrainedModel) -> dict[str, Any]:
    manifest = model.manifest
    return {
        "backbone": manifest["backbone"]["name"],
        "classifier": manifest["classifier"]["kind"],
        "best_epoch": manifest["training"]["best_epoch"],
        "train_sentences": manifest["training"]["train_sentences"],
    }


def _ids(rows: Sequence[Row], names: Sequence[str]) -> tuple[Ids, Ids]:
    gold = np.array([names.index(row["gold"]) for row in rows], np.int64)
    return gold, np.array([names.index(row["label"]) for row in rows], np.int64)


def _stance_scores(rows: Sequence[Row]) -> dict[str, Any]:
    gold, predicted = _ids(rows, STANCES)
    return dict(StanceMetric().compute(references=gold, predictions=predicted))


def _sentiment_scores(rows: Sequence[Row]) -> dict[str, Any]:
    gold, predicted = _ids(rows, SENTIMENTS)
    return dict(SentimentMetric().compute(references=gold, predictions=predicted))


def _write_confusions(path: Path, rows: Sequence[Row]) -> None:
    """Write (task, gold, label) triples, which ``dvc plots`` turns into confusion matrices."""
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write("task,gold,label\n")
        for row in rows:
            file.write(f"{row['task']},{row['gold']},{row['label']}\n")
