"""Sentences longer than the model reads at once: scored in parts that overlap, then as one."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from labels.pipeline.schema import POLAR_STANCES, STANCES, Stance

OVERLAP = 32  # tokens that neighbouring parts share at least: a clause or so
_ABOUT = 0.5  # probability of a target from which a part is about it


def spans_of(n_tokens: int, room: int) -> list[tuple[int, int]]:
    """Cut a row of tokens into the fewest parts, of equal length, that overlap enough.

    Args:
        n_tokens: Of the sentence, special tokens and prefix apart.
        room: Most tokens of a part, more than one.

    Returns:
        ``(start, end)`` of each part; one part if the sentence fits.
    """
    if n_tokens <= room:
        return [(0, n_tokens)]
    overlap = min(OVERLAP, room // 2)
    n_parts = -(-(n_tokens - overlap) // (room - overlap))
    last = n_tokens - room
    starts = [round(i * last / (n_parts - 1)) for i in range(n_parts)]
    return [(start, start + room) for start in starts]


def speaking_part(parts: Sequence[NDArray[np.float32]]) -> int:
    """Choose the part whose stance is that of the sentence.

    Of the parts about the target it is the one that takes a position most surely; where no part is
    about it, the one nearest to it.

    Args:
        parts: Probabilities of the stances, shape ``(stances,)`` each.

    Returns:
        Its number.
    """
    stacked = np.stack(parts)
    about = 1 - stacked[:, STANCES.index(Stance.unrelated)]
    position = stacked[:, [STANCES.index(name) for name in POLAR_STANCES]].sum(1)
    return int(np.where(about > _ABOUT, 1 + position, about).argmax())
