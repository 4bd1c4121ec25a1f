"""Which tokens of a sentence name a target; no torch here, as an export is read without it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Offsets = NDArray[np.int32]  # of the tokens of a sentence, see `in_sentence`


class Mark(NamedTuple):
    """A token that belongs to a mention of a target."""

    token: int  # its place in the tokenised sentence
    target: int  # the number of the target, in the order of the logits


def in_sentence(offsets: Sequence[tuple[int, int]], before: int) -> Offsets:
    """Tell where each token stands in a sentence that was tokenised with something before it.

    Args:
        offsets: Start and end of each token in the text that was tokenised, in code points; those
            of special tokens are empty.
        before: Code points that were put before the sentence.

    Returns:
        Start and end in the sentence, shape ``(length, 2)``; both 0 for a token that is not of it.
    """
    found = np.array(offsets, np.int32).reshape(-1, 2)
    is_of_it = (found[:, 0] < found[:, 1]) & (found[:, 1] > before)
    return np.where(is_of_it[:, None], np.maximum(found - before, 0), 0).astype(np.int32)


def mark_tokens(offsets: Offsets, mentions: Sequence[tuple[int, int, int]]) -> list[Mark]:
    """Mark the tokens that a mention covers or cuts.

    Args:
        offsets: What `in_sentence` gives.
        mentions: The number of the target, and start and end in the sentence.
    """
    if not mentions:
        return []
    return [
        Mark(token, target)
        for token, (start, end) in enumerate(offsets.tolist())
        for target in dict.fromkeys(
            target for target, first, last in mentions if start < last and end > first
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
