"""From a table of splits to batches: tokenised datasets, length buckets, soft targets."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from datasets import Dataset
from tokenizers import Tokenizer
from torch import Tensor

from labels.schema import SENTIMENTS, STANCES
from labels.tables import Row

# Batches are cut from stretches of this many batches sorted by length: little padding, yet
# sentences of all lengths meet in an epoch.
BUCKET_BATCHES = 16


@dataclass
class Batch:
    """Tensors of one batch; a weight of 0 masks a label.

    Shapes: ids and mask ``(n, length)``, stance ``(n, targets, 4)`` with weights ``(n, targets)``,
    sentiment ``(n, 3)`` with weights ``(n,)``; rows of stance and sentiment sum to 1.
    """

    input_ids: Tensor
    attention_mask: Tensor
    stance: Tensor
    stance_weight: Tensor
    sentiment: Tensor
    sentiment_weight: Tensor


def tokenize_examples(
    rows: Sequence[Row], targets: Sequence[str], tokenizer: Tokenizer, prefix: str
) -> Dataset:
    """Tokenise examples and turn their labels into distributions and weights.

    Returns:
        A dataset in the order of ``rows`` with the columns of `Batch`, unpadded.
    """
    encodings = tokenizer.encode_batch([prefix + row["text"] for row in rows])
    columns: dict[str, list[object]] = {
        name: []
        for name in ("input_ids", "stance", "stance_weight", "sentiment", "sentiment_weight")
    }
    for row, encoding in zip(rows, encodings, strict=True):
        stances = {stance["target"]: stance for stance in row["stances"]}
        tone = row["sentiment"]
        columns["input_ids"].append(encoding.ids)
        columns["stance"].append(
            [
                [stances[t][f"p_{s}"] if t in stances else 1 / len(STANCES) for s in STANCES]
                for t in targets
            ]
        )
        columns["stance_weight"].append(
            [stances[t]["weight"] if t in stances else 0.0 for t in targets]
        )
        columns["sentiment"].append(
            [tone[f"p_{s}"] if tone else 1 / len(SENTIMENTS) for s in SENTIMENTS]
        )
        columns["sentiment_weight"].append(tone["weight"] if tone else 0.0)
    return Dataset.from_dict(columns)


def take_share(rows: Sequence[Row], share: float, rng: np.random.Generator) -> list[Row]:
    """Keep the examples of a share of the near-duplicate groups, in their order.

    With the same generator state a smaller share is a part of a larger one.
    """
    groups = sorted({row["group_id"] for row in rows})
    kept = {groups[i] for i in rng.permutation(len(groups))[: math.ceil(share * len(groups))]}
    return [row for row in rows if row["group_id"] in kept]


def training_order(
    lengths: Sequence[int], batch_size: int, rng: np.random.Generator
) -> list[list[int]]:
    """Shuffle examples into batches of similar length; every example comes once."""
    shuffled = rng.permutation(len(lengths)).tolist()
    batches = []
    for start in range(0, len(shuffled), batch_size * BUCKET_BATCHES):
        stretch = sorted(
            shuffled[start : start + batch_size * BUCKET_BATCHES], key=lambda i: lengths[i]
        )
        batches += [stretch[i : i + batch_size] for i in range(0, len(stretch), batch_size)]
    return [batches[i] for i in rng.permutation(len(batches))]


def sorted_order(lengths: Sequence[int], batch_size: int) -> list[list[int]]:
    """Cut examples into batches from the longest to the shortest."""
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    return [order[i : i + batch_size] for i in range(0, len(order), batch_size)]


def batches(data: Dataset, order: Sequence[Sequence[int]], pad_id: int) -> Iterator[Batch]:
    """Collate the examples of each batch, padded to its longest."""
    for indices in order:
        part = data[list(indices)]
        ids = [torch.tensor(row) for row in part["input_ids"]]
        mask = [torch.ones(len(row), dtype=torch.long) for row in ids]
        pad = torch.nn.utils.rnn.pad_sequence
        yield Batch(
            input_ids=pad(ids, batch_first=True, padding_value=pad_id),
            attention_mask=pad(mask, batch_first=True),
            stance=torch.tensor(part["stance"]),
            stance_weight=torch.tensor(part["stance_weight"]),
            sentiment=torch.tensor(part["sentiment"]),
            sentiment_weight=torch.tensor(part["sentiment_weight"]),
        )
