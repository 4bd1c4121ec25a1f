"""From tokenised examples to batches: length buckets, padding, slices for several processes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from training.data.attribution import UNKNOWN
from training.data.examples import Examples
from training.data.marks import mark_matrix

# Batches are cut from stretches of this many batches sorted by length: little padding, yet
# sentences of all lengths meet in an epoch.
BUCKET_BATCHES = 16


@dataclass
class Batch:
    """Tensors of one batch; labels, weights, shifts, holders and voices as in `Examples`.

    Ids and mask have shape ``(n, length)``; the mask is 1 for a token and 0 for padding. Mentions
    have shape ``(n, length, targets)``, and are true where a token names a target.
    """

    input_ids: Tensor
    attention_mask: Tensor
    mentions: Tensor
    labels: dict[str, Tensor]
    weights: dict[str, Tensor]
    shifts: dict[str, Tensor]
    holders: Tensor
    voices: Tensor

    def to(self, device: torch.device) -> Self:
        """Copy the tensors to a device, if they are not there."""
        return type(self)(
            self.input_ids.to(device),
            self.attention_mask.to(device),
            self.mentions.to(device),
            {name: tensor.to(device) for name, tensor in self.labels.items()},
            {name: tensor.to(device) for name, tensor in self.weights.items()},
            {name: tensor.to(device) for name, tensor in self.shifts.items()},
            self.holders.to(device),
            self.voices.to(device),
        )

    def masked(self) -> Self:
        """Give the same sentences without any label: they count for nothing."""
        weights = {name: torch.zeros_like(tensor) for name, tensor in self.weights.items()}
        return replace(
            self,
            weights=weights,
            holders=torch.full_like(self.holders, UNKNOWN),
            voices=torch.full_like(self.voices, UNKNOWN),
        )


def training_order(
    lengths: Sequence[int], batch_size: int, rng: np.random.Generator
) -> list[list[int]]:
    """Shuffle examples into batches of similar length; every example comes once."""
    shuffled = rng.permutation(len(lengths)).tolist()
    order = []
    for start in range(0, len(shuffled), batch_size * BUCKET_BATCHES):
        stretch = sorted(
            shuffled[start : start + batch_size * BUCKET_BATCHES], key=lambda i: lengths[i]
        )
        order += [stretch[i : i + batch_size] for i in range(0, len(stretch), batch_size)]
    return [order[i] for i in rng.permutation(len(order))]


def sorted_order(lengths: Sequence[int], batch_size: int) -> list[list[int]]:
    """Cut examples into batches from the longest to the shortest."""
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    return [order[i : i + batch_size] for i in range(0, len(order), batch_size)]


def batches(
    examples: Examples,
    order: Sequence[Sequence[int]],
    pad_id: int,
    process: int = 0,
    n_processes: int = 1,
) -> Iterator[Batch]:
    """Collate the examples of each batch, padded to its longest.

    With several processes each collates its slice of every batch, so that together they have the
    batch. Where there are fewer examples than processes, one without an example of its own gets a
    masked one: it has to take part in every step.
    """
    for indices in order:
        own = indices[process::n_processes]
        batch = _collate(examples, own or indices[:1], pad_id)
        yield batch if own else batch.masked()


def _collate(examples: Examples, indices: Sequence[int], pad_id: int) -> Batch:
    ids = [torch.tensor(examples.input_ids[i]) for i in indices]
    mask = [torch.ones(len(row), dtype=torch.long) for row in ids]
    chosen = torch.tensor(indices)
    input_ids = pad_sequence(ids, batch_first=True, padding_value=pad_id)
    marks = [examples.mentions[i] for i in indices]
    return Batch(
        input_ids=input_ids,
        attention_mask=pad_sequence(mask, batch_first=True),
        mentions=torch.from_numpy(mark_matrix(marks, input_ids.shape[1], examples.n_targets)),
        labels={name: tensor[chosen] for name, tensor in examples.labels.items()},
        weights={name: tensor[chosen] for name, tensor in examples.weights.items()},
        shifts={name: tensor[chosen] for name, tensor in examples.shifts.items()},
        holders=examples.holders[chosen],
        voices=examples.voices[chosen],
    )
