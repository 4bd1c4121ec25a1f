"""What can go wrong in a training that reads well: told with what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from labels.pipeline.errors import ConfigError, DataError
from training.fit.settings import TrainSettings

# torch has an exception of its own for a GPU alone.
_NO_MEMORY = ("can't allocate memory", "not enough memory", "out of memory")


def check_loss(loss: Tensor, epoch: int, batch: int, suite: str | None = None) -> None:
    """Stop before a loss that is no number spoils the weights.

    Args:
        loss: Of one batch, a single value.
        epoch: From 1.
        batch: Of this epoch, from 1.
        suite: The auxiliary set whose batch stands beside that one.

    Raises:
        DataError: The loss is infinite or not a number.
    """
    if not torch.isfinite(loss):
        of_suite = f", {suite}" if suite else ""
        raise DataError(
            f"epoch {epoch}, batch {batch}{of_suite}: expected a finite loss, found {loss.item()}; "
            "what earlier epochs learned is kept in the folder of the setting checkpoints. Lower "
            "learning_rate, or take runtime.precision=fp32"
        )


@contextmanager
def explained_lack_of_memory(settings: TrainSettings) -> Iterator[None]:
    """Say which settings to change where memory does not suffice.

    Raises:
        ConfigError: Memory did not suffice.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not isinstance(error, MemoryError) and not any(
            words in str(error).lower() for words in _NO_MEMORY
        ):
            raise
        raise ConfigError(
            "out of memory; lower batch_size "
            f"(now {settings.batch_size}) or backbone.max_tokens (now "
            f"{settings.backbone.max_tokens}), or raise frozen_layers (now "
            f"{settings.frozen_layers}); finished epochs are kept, and the same command goes on "
            "from there if no other program needs the memory then"
        ) from error
