"""Read a training's own checkpoint, which is replaced whole after each epoch."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from safetensors import SafetensorError, safe_open

from labels.pipeline.errors import DataError
from training.fit.checkpoint import FILE
from training.fit.history import COLUMNS, Epoch, Progress


def newest_run(checkpoints: Path) -> Path | None:
    """Find the folder of the training that wrote a checkpoint last; None where there is none."""
    times: dict[Path, float] = {}
    for path in checkpoints.glob(f"*/{FILE}"):
        try:
            times[path.parent] = path.stat().st_mtime
        except FileNotFoundError:  # the training has just ended
            continue
    return max(times, key=lambda folder: times[folder], default=None)


def read_progress(run: Path) -> Progress | None:
    """Read how far a training came; None where it has ended and removed its checkpoint.

    The weights beside it are not read.

    Raises:
        DataError: The file is no checkpoint.
    """
    path = run / FILE
    try:
        with safe_open(path, "np") as file:
            return Progress(**json.loads(file.metadata()["progress"]))
    except FileNotFoundError:
        return None
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{path}: expected the checkpoint of a training, found a damaged file ({error}); "
            f"delete {run} and train again"
        ) from error


def last_epochs(path: Path, known: Sequence[Epoch]) -> list[Epoch]:
    """Read the epochs after the known ones from the history that a training wrote at its end.

    Args:
        path: The file.
        known: Epochs that a checkpoint told of.

    Returns:
        None of them where there is no file, or it is of another training.
    """
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = [_epoch(row) for row in csv.DictReader(file)]
    own = [
        {name: epoch[name] for name in COLUMNS} for epoch in cast("list[dict[str, float]]", known)
    ]
    found = [{name: row[name] for name in COLUMNS} for row in cast("list[dict[str, float]]", rows)]
    return rows[len(known) :] if found[: len(own)] == own else []


def _epoch(row: dict[str, str]) -> Epoch:
    return Epoch(
        epoch=int(row["epoch"]),
        train_loss=float(row["train_loss"]),
        f_polar_pooled=_score(row["f_polar_pooled"]),
        macro_f1_pooled=_score(row["macro_f1_pooled"]),
        sentiment_macro_f1=_score(row["sentiment_macro_f1"]),
        seconds=0.0,  # which the file does not say
        train_seconds=0.0,
    )


def _score(cell: str) -> float | None:
    return float(cell) if cell else None
