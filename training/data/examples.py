"""From rows of the table ``splits`` to tokens, soft labels and weights."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from labels.pipeline.schema import SENTIMENT, STANCE, Task
from labels.pipeline.tables import Row
from training.data.attribution import UNKNOWN, attribution_of
from training.data.marks import Mark, Offsets, in_sentence, mark_tokens


@dataclass
class Examples:
    """Tokenised sentences with marked mentions, and the labels of their tasks by scheme.

    ``labels`` are distributions, shape ``(n, tasks of the scheme, classes)``, whose rows sum to 1;
    ``weights`` have shape ``(n, tasks of the scheme)``, and 0 masks a label. ``shifts``, shaped as
    ``labels``, are added to the logits in training; a scheme without them has none. ``holders``
    are the spans of whose stance it is, see `span_number`, and ``voices`` how it is expressed, both
    of shape ``(n, targets)``; `UNKNOWN` masks them.
    """

    input_ids: list[list[int]]  # unpadded
    mentions: list[list[Mark]]
    offsets: list[Offsets]
    langs: list[str]
    labels: dict[str, Tensor]
    weights: dict[str, Tensor]
    holders: Tensor
    voices: Tensor
    n_targets: int
    shifts: dict[str, Tensor] = field(default_factory=dict)
    n_cut: int = 0  # sentences longer than the tokenizer lets through

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self.input_ids)

    @property
    def lengths(self) -> list[int]:
        """The number of tokens of each sentence."""
        return [len(ids) for ids in self.input_ids]


def tokenize_examples(
    rows: Sequence[Row], tasks: Sequence[Task], tokenizer: Tokenizer, prefix: str
) -> Examples:
    """Tokenise examples and turn their labels into distributions and weights.

    Args:
        rows: Of the table ``splits``.
        tasks: In the order of the logits; the tasks of one scheme stand together.
        tokenizer: Of the backbone.
        prefix: What the backbone expects before a text.

    Returns:
        The examples in the order of ``rows``; a task without a label is masked.
    """
    encodings = tokenizer.encode_batch([prefix + row["text"] for row in rows])
    labels, weights = {}, {}
    for scheme in dict.fromkeys(task.scheme for task in tasks):
        keys = [task.key for task in tasks if task.scheme == scheme]
        uniform = [1 / len(scheme.classes)] * len(scheme.classes)
        found = [labels_of(row) for row in rows]
        labels[scheme.name] = torch.tensor(
            [
                [
                    [label[key][f"p_{name}"] for name in scheme.classes]
                    if key in label
                    else uniform
                    for key in keys
                ]
                for label in found
            ]
        ).view(len(rows), len(keys), len(scheme.classes))
        weights[scheme.name] = torch.tensor(
            [[label[key]["weight"] if key in label else 0.0 for key in keys] for label in found]
        ).view(len(rows), len(keys))
    targets = [task.key for task in tasks if task.scheme.name == STANCE.name]
    offsets = [in_sentence(encoding.offsets, len(prefix)) for encoding in encodings]
    holders, voices = _attributions(rows, targets, offsets)
    return Examples(
        input_ids=[encoding.ids for encoding in encodings],
        mentions=[
            mark_tokens(places, _mentions_of(row, targets))
            for places, row in zip(offsets, rows, strict=True)
        ],
        offsets=offsets,
        langs=[row["lang"] for row in rows],
        labels=labels,
        weights=weights,
        holders=holders,
        voices=voices,
        n_targets=len(targets),
        n_cut=sum(bool(encoding.overflowing) for encoding in encodings),
    )


def _mentions_of(row: Row, targets: Sequence[str]) -> list[tuple[int, int, int]]:
    """Give the mentions of the targets that the model is asked about; others count for nothing."""
    return [
        (targets.index(mention["target"]), mention["start"], mention["end"])
        for mention in row["mentions"]
        if mention["target"] in targets
    ]


def _attributions(
    rows: Sequence[Row], targets: Sequence[str], offsets: Sequence[Offsets]
) -> tuple[Tensor, Tensor]:
    """Give ``holders`` and ``voices`` of `Examples`."""
    holders = torch.full((len(rows), len(targets)), UNKNOWN)
    voices = torch.full((len(rows), len(targets)), UNKNOWN)
    for i, row in enumerate(rows):
        for stance in row["stances"]:
            if stance["target"] in targets:
                found = attribution_of(stance, row["text"], offsets[i])
                target = targets.index(stance["target"])
                holders[i, target], voices[i, target] = found
    return holders, voices


def labels_of(row: Row) -> dict[str, Row]:
    """Return the labels of a row of the table ``splits`` by the key of their task."""
    labels: dict[str, Row] = {label["target"]: label for label in row["stances"]}
    if row["sentiment"]:
        labels[SENTIMENT.name] = row["sentiment"]
    return labels


def take_share(rows: Sequence[Row], fraction: float, rng: np.random.Generator) -> list[Row]:
    """Keep the examples of a fraction of the near-duplicate groups, in their order.

    With the same generator state a smaller share is contained in a larger one.
    """
    groups = sorted({row["group_id"] for row in rows})
    kept = {groups[i] for i in rng.permutation(len(groups))[: math.ceil(fraction * len(groups))]}
    return [row for row in rows if row["group_id"] in kept]
