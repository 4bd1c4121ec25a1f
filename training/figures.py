"""The pictures of the report, as SVG with the same bytes for the same numbers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from labels.files import atomic_path
from labels.schema import SENTIMENT_TASK, SENTIMENTS, STANCES
from labels.tables import Row
from training.metrics import confusion


def draw_confusions(path: Path, rows: Sequence[Row], targets: Sequence[str]) -> None:
    """Draw one confusion matrix per target and one for the sentiment, side by side.

    Args:
        path: SVG file to replace.
        rows: Rows of the table ``predictions``.
        targets: Targets, left to right.
    """
    tasks = [*targets, SENTIMENT_TASK]
    figure = Figure(figsize=(3.4 * len(tasks), 3.8), layout="constrained")
    for axes, task in zip(figure.subplots(1, len(tasks)), tasks, strict=True):
        names = SENTIMENTS if task == SENTIMENT_TASK else STANCES
        part = [row for row in rows if row["task"] == task]
        gold, predicted = (
            np.array([names.index(row[key]) for row in part], np.int64) for key in ("gold", "label")
        )
        counts = confusion(gold, predicted, len(names))
        shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        for (i, j), count in np.ndenumerate(counts):
            color = "white" if shares[i, j] > 0.6 else "black"
            axes.text(j, i, str(count), ha="center", va="center", color=color)
        axes.set_title(f"{task} (n {len(part)})")
        axes.set_xticks(range(len(names)), names, rotation=40, ha="right")
        axes.set_yticks(range(len(names)), names)
        axes.set_xlabel("predicted")
        axes.set_ylabel("gold")
    _save(figure, path)


def draw_curve(path: Path, points: Sequence[Mapping[str, Any]]) -> None:
    """Draw scores against the number of training sentences, on a logarithmic axis.

    Args:
        path: SVG file to replace.
        points: Each with ``train_sentences``, the scores, and the interval of ``f_polar_pooled``.
    """
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    sizes = [one["train_sentences"] for one in points]
    for name in ("f_polar_pooled", "macro_f1_pooled", "sentiment_macro_f1"):
        axes.plot(sizes, [one[name] for one in points], marker="o", label=name)
    low, high = ([one[f"f_polar_pooled_{end}"] for one in points] for end in ("low", "high"))
    axes.fill_between(sizes, low, high, alpha=0.15)
    axes.set_xscale("log")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    axes.set_xlabel("training sentences of the built-in corpus")
    axes.set_ylabel("score on real sentences")
    axes.grid(alpha=0.3)
    axes.legend()
    _save(figure, path)


def _save(figure: Figure, path: Path) -> None:
    with mpl.rc_context({"svg.hashsalt": "sikap"}), atomic_path(path) as temporary:
        figure.savefig(temporary, format="svg", metadata={"Date": None})
