"""Which tokens of a sentence name a target; no torch here, as an export is read without it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Mark(NamedTuple):
    """A token that belongs to a mention of a target."""

    token: int  # its place in the tokenised sentence
    target: int  # the number of the target, in the order of the logits


def mark_tokens(
    offsets: Iterable[tuple[int, int]], mentions: Sequence[tuple[int, int, int]], before: int
) -> list[Mark]:
    """Mark the tokens that a mention covers or cuts.

    Args:
        offsets: Start and end of each token in the text that was tokenised, in code points; those
            of special tokens are empty.
        mentions: The number of the target, and start and end in the sentence.
        before: Code points that were put before the sentence.
    """
    if not mentions:
        return []
    return [
        Mark(token, target)
        for token, (start, end) in enumerate(offsets)
        for target in dict.fromkeys(
            target
            for target, first, last in mentions
            if start - before < last and end - before > first
        )
        if start < end
    ]


def mark_matrix(rows: Sequence[Sequence[Mark]], length: int, n_targets: int) -> NDArray[np.bool_]:
    """Lay out the marks of some sentences, shape ``(n, length, targets)``."""
    matrix = np.zeros((len(rows), length, n_targets), dtype=bool)
    for number, marks in enumerate(rows):
        for token, target in marks:
            matrix[number, token, target] = True
    return matrix
