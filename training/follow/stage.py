"""Show each epoch of a training that runs elsewhere, and write it where DVC draws it."""

import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from labels.pipeline.errors import DataError
from labels.pipeline.files import write_json
from training.fit.checkpoint import FILE
from training.fit.history import Epoch, dev_scores, write_history
from training.follow.progress import last_epochs, newest_run, read_progress
from training.follow.settings import FollowSettings


def follow_training(settings: FollowSettings) -> None:
    """Follow the training that wrote a checkpoint last until it has written its model.

    After each epoch ``history.csv`` and ``metrics.json`` are replaced.

    Raises:
        DataError: No epoch came for too long, or a checkpoint is damaged.
    """
    console = Console(stderr=True)
    console.print(f"waiting for an epoch below {settings.checkpoints}", highlight=False)
    if settings.history.exists():
        console.print(
            f"epochs of a training that has ended before: {settings.history}",
            highlight=False,
            markup=False,
        )
    run: Path | None = None
    told: list[Epoch] = []
    last_news = time.monotonic()
    while run is None or (run / FILE).exists():
        newest = newest_run(settings.checkpoints)
        if newest is not None and newest != run:
            run, told = newest, []
            console.print(f"training {run.name}", highlight=False)
        progress = read_progress(run) if run is not None else None
        if progress is not None and len(progress.history) > len(told):
            _tell(progress.history, len(told), settings.output, console)
            told, last_news = progress.history, time.monotonic()
        if time.monotonic() - last_news > settings.patience:
            raise DataError(
                f"{settings.checkpoints}: expected an epoch within {settings.patience:g} seconds, "
                f"found {len(told)} epochs; is a training running?"
            )
        time.sleep(settings.every)
    rest = last_epochs(settings.history, told)
    if rest:
        _tell([*told, *rest], len(told), settings.output, console)
    console.print(
        f"the training has ended; epochs: {settings.output / 'history.csv'}",
        highlight=False,
        markup=False,
    )


def _tell(history: Sequence[Epoch], known: int, output: Path, console: Console) -> None:
    """Show the epochs that are not known yet, and write all of them."""
    for epoch in history[known:]:
        scores = "  ".join(
            f"{name} {value:.3f}" for name, value in dev_scores(epoch).items() if value is not None
        )
        console.print(
            f"epoch {epoch['epoch']:>2}  loss {epoch['train_loss']:.3f}  {scores}",
            highlight=False,
            soft_wrap=True,
        )
    write_history(output / "history.csv", history)
    last = history[-1]
    facts = {"epoch": last["epoch"], "train_loss": last["train_loss"]}
    write_json(output / "metrics.json", facts | dev_scores(last))
