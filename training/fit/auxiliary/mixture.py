"""Which batches of an auxiliary set stand beside which steps: the same for a seed and an epoch."""

import zlib
from collections.abc import Sequence

import numpy as np

from training.data.batches import training_order


def beside_steps(
    lengths: Sequence[int],
    batch_size: int,
    share: float,
    n_steps: int,
    epoch: int,
    seed: int,
    key: str,
) -> dict[int, list[int]]:
    """Choose the steps of an epoch that have a batch of the set, and the batch of each.

    The set is gone through in a shuffled order, whole before it begins again in another one; an
    epoch goes on where the last one ended. Nothing but the arguments matters, so that a resumed
    training meets the same batches.

    Args:
        lengths: Number of tokens of each example of the set.
        batch_size: Examples in a batch.
        share: Of the steps, above 0 and at most 1; one step at least has a batch.
        n_steps: Steps of an epoch.
        epoch: From 1.
        seed: Of the training.
        key: Of the set; each has an order of its own.

    Returns:
        By step, from 0: numbers of examples.
    """
    own = zlib.crc32(key.encode())
    n_batches = max(1, round(share * n_steps))
    steps = np.random.default_rng([seed, own, 0, epoch]).permutation(n_steps)[:n_batches]
    first, last = (epoch - 1) * n_batches, epoch * n_batches
    n_whole = -(-len(lengths) // batch_size)  # batches of the whole set
    batches = [
        batch
        for number in range(first // n_whole, -(-last // n_whole))
        for batch in training_order(
            lengths, batch_size, np.random.default_rng([seed, own, 1, number])
        )
    ]
    start = first % n_whole
    chosen = batches[start : start + n_batches]
    return dict(zip(sorted(steps.tolist()), chosen, strict=True))
