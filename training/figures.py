"""The pictures of the report, as SVG with the same bytes for the same numbers."""

from collections.abc import Sequence
from pathlib import Path

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
    with mpl.rc_context({"svg.hashsalt": "sikap"}), atomic_path(path) as temporary:
        figure.savefig(temporary, format="svg", metadata={"Date": None})
