"""What a training finds, epoch by epoch: the record, the table on screen and the file."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NotRequired, TypedDict

from rich.table import Table

from labels.pipeline.files import atomic_path


class DevScores(TypedDict):
    """Scores of one epoch's weights on dev; null where a class has no gold."""

    f_polar_pooled: float | None
    macro_f1_pooled: float | None
    sentiment_macro_f1: float | None


class Losses(TypedDict):
    """Losses of one epoch."""

    train_loss: float  # mean over steps
    auxiliary_losses: NotRequired[dict[str, float]]  # by set: mean over the steps that have it


class Epoch(DevScores, Losses):
    """What one epoch gave."""

    epoch: int
    seconds: float
    train_seconds: float  # of them, those that training took; the others scored dev


COLUMNS = ("epoch", "train_loss", "f_polar_pooled", "macro_f1_pooled", "sentiment_macro_f1")


@dataclass
class Progress:
    """How far a training came and what it has found."""

    epoch: int  # epochs finished
    best_score: float | None
    best_epoch: int
    history: list[Epoch]


def write_history(path: Path, history: Sequence[Epoch]) -> None:
    """Write the epochs as CSV, numbers in full; how long they took is left out.

    The loss of an auxiliary set has a column ``auxiliary_loss.SET``; without any there is none.
    """
    rows: list[dict[str, object]] = [{**epoch, **_auxiliary(epoch)} for epoch in history]
    columns = [*COLUMNS, *dict.fromkeys(name for epoch in history for name in _auxiliary(epoch))]
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def dev_scores(epoch: DevScores) -> dict[str, float | None]:
    """Give the scores on dev by their names."""
    return {
        "f_polar_pooled": epoch["f_polar_pooled"],
        "macro_f1_pooled": epoch["macro_f1_pooled"],
        "sentiment_macro_f1": epoch["sentiment_macro_f1"],
    }


def epoch_line(epoch: Epoch, best_epoch: int) -> str:
    """Return the line that tells of a finished epoch; a star marks the best so far."""
    mark = " *" if best_epoch == epoch["epoch"] else ""
    known = "  ".join(
        f"{name} {value:.3f}" for name, value in dev_scores(epoch).items() if value is not None
    )
    beside = "".join(f"{name} {value:.3f}  " for name, value in _auxiliary(epoch).items())
    return (
        f"epoch {epoch['epoch']:>2}  loss {epoch['train_loss']:.3f}  {beside}dev {known}  "
        f"{epoch['seconds']:.0f} s{mark}"
    )


def history_table(progress: Progress) -> Table:
    """Return the table of all epochs."""
    table = Table(title=f"Training (best epoch {progress.best_epoch})")
    beside = list(dict.fromkeys(name for epoch in progress.history for name in _auxiliary(epoch)))
    for name in (*COLUMNS, *beside):
        table.add_column(name, justify="right")
    for epoch in progress.history:
        others = [_auxiliary(epoch).get(name) for name in beside]
        numbers = (epoch["train_loss"], *dev_scores(epoch).values(), *others)
        table.add_row(str(epoch["epoch"]), *map(_cell, numbers))
    return table


def _auxiliary(epoch: Epoch) -> dict[str, float]:
    """Give the losses of the auxiliary sets by the names of their columns."""
    losses = epoch.get("auxiliary_losses", {})
    return {f"auxiliary_loss.{key}": loss for key, loss in losses.items()}


def _cell(number: float | None) -> str:
    return "-" if number is None else f"{number:.3f}"
