"""The pictures of the report, as SVG with the same bytes for the same numbers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from labels.metrics.calibration import Bin
from labels.metrics.f1 import confusion, ids_of
from labels.pipeline.files import atomic_path
from labels.pipeline.schema import Task
from labels.pipeline.tables import Row


class CurvePoint(TypedDict):
    """Scores of a model that was trained on so many sentences; null where there is no score."""

    train_sentences: int
    f_polar_pooled: float | None
    f_polar_pooled_low: float | None
    f_polar_pooled_high: float | None
    macro_f1_pooled: float | None
    sentiment_macro_f1: float | None


def draw_confusions(path: Path, rows: Sequence[Row], tasks: Sequence[Task]) -> None:
    """Draw one confusion matrix per task, side by side.

    Args:
        path: SVG file to replace.
        rows: Rows of the table ``predictions``.
        tasks: From left to right.
    """
    figure = Figure(figsize=(3.4 * len(tasks), 3.8), layout="constrained")
    panels = figure.subplots(1, len(tasks), squeeze=False)[0]
    for axes, task in zip(panels, tasks, strict=True):
        asked = [row for row in rows if row["task"] == task.key]
        counts = confusion(*ids_of(asked, task.scheme), len(task.classes))
        fractions = counts / np.maximum(counts.sum(1, keepdims=True), 1)
        axes.imshow(fractions, cmap="Blues", vmin=0, vmax=1)
        for (i, j), count in np.ndenumerate(counts):
            color = "white" if fractions[i, j] > 0.6 else "black"
            axes.text(j, i, str(count), ha="center", va="center", color=color)
        axes.set_title(f"{task.key} (n {len(asked)})")
        axes.set_xticks(range(len(task.classes)), task.classes, rotation=40, ha="right")
        axes.set_yticks(range(len(task.classes)), task.classes)
        axes.set_xlabel("predicted")
        axes.set_ylabel("gold")
    _save(figure, path)


def draw_curve(path: Path, points: Sequence[CurvePoint]) -> None:
    """Draw scores against the number of training sentences, on a logarithmic axis.

    Args:
        path: SVG file to replace.
        points: From the fewest sentences to the most.
    """
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    sizes = [point["train_sentences"] for point in points]
    curves = {
        "f_polar_pooled": [point["f_polar_pooled"] for point in points],
        "macro_f1_pooled": [point["macro_f1_pooled"] for point in points],
        "sentiment_macro_f1": [point["sentiment_macro_f1"] for point in points],
    }
    for name, values in curves.items():
        axes.plot(sizes, _drawable(values), marker="o", label=name)
    low = _drawable([point["f_polar_pooled_low"] for point in points])
    high = _drawable([point["f_polar_pooled_high"] for point in points])
    axes.fill_between(sizes, low, high, alpha=0.15)
    axes.set_xscale("log")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    axes.set_xlabel("training sentences of the built-in corpus")
    axes.set_ylabel("score on real sentences")
    axes.grid(alpha=0.3)
    axes.legend()
    _save(figure, path)


def draw_trials(path: Path, scores: Sequence[tuple[int, float]]) -> None:
    """Draw what each trial of a study scored, and the best so far.

    Args:
        path: SVG file to replace.
        scores: Number and score of each trial, in order.
    """
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    numbers, values = zip(*scores, strict=True)
    axes.plot(numbers, values, "o", label="a trial")
    axes.step(numbers, np.maximum.accumulate(values), where="post", label="best so far")
    axes.set_xlabel("trial")
    axes.set_ylabel("score on dev")
    axes.grid(alpha=0.3)
    axes.legend()
    _save(figure, path)


def draw_reliability(path: Path, bins: Mapping[str, tuple[Sequence[Bin], Sequence[Bin]]]) -> None:
    """Draw how often answers are right against how sure they are, before and after calibration.

    Args:
        path: SVG file to replace.
        bins: By the name of a scheme, before and after; a panel each.
    """
    figure = Figure(figsize=(4 * max(1, len(bins)), 4), layout="constrained")
    panels = figure.subplots(1, max(1, len(bins)), squeeze=False)[0]
    for axes, (name, both) in zip(panels, bins.items(), strict=False):
        axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
        for when, found in zip(("before", "after"), both, strict=True):
            axes.plot(
                [one["confidence"] for one in found],
                [one["accuracy"] for one in found],
                marker="o",
                label=when,
            )
        axes.set_title(name)
        axes.set_xlabel("confidence")
        axes.set_ylabel("share that is right")
        axes.grid(alpha=0.3)
        axes.legend()
    _save(figure, path)


def draw_rates(path: Path, rates: Mapping[str, tuple[float, float, float]]) -> None:
    """Draw sentences a second as bars, the first on top, with a line from the least to the most.

    Args:
        path: SVG file to replace.
        rates: By name, the median, the least and the most.
    """
    figure = Figure(figsize=(6, 0.6 + 0.45 * len(rates)), layout="constrained")
    axes = figure.subplots()
    names, values = list(rates), np.array(list(rates.values()))
    middle, low, high = values.T
    axes.barh(names, middle, xerr=[middle - low, high - middle], capsize=3)
    for place, value in enumerate(middle):
        axes.annotate(
            f"{value:.1f}",
            (high[place], place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
        )
    axes.margins(x=0.15)
    axes.invert_yaxis()
    axes.set_xlabel("sentences a second, fully labelled")
    _save(figure, path)


def _drawable(values: Sequence[float | None]) -> list[float]:
    return [np.nan if value is None else value for value in values]  # a gap in the line


def _save(figure: Figure, path: Path) -> None:
    with mpl.rc_context({"svg.hashsalt": "sikap"}), atomic_path(path) as temporary:
        figure.savefig(temporary, format="svg", metadata={"Date": None})
