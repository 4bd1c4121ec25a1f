"""Sentences longer than the model reads at once: scored in parts that overlap, then as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from labels.pipeline.schema import POLAR_STANCES, STANCES, Stance
from training.data.marks import Mark, Offsets

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


class Part(NamedTuple):
    """A row of tokens that is scored at once."""

    ids: Sequence[int]
    marks: Sequence[Mark]  # tokens of it that name a target
    offsets: Offsets  # of its tokens, in the sentence
    lang: str | None  # of the sentence, where it is known
    hidden: Sequence[int] = ()  # tokens of it that the model is not shown


@dataclass(frozen=True)
class Frame:
    """The tokens around every sentence: special ones, and those of the prefix."""

    n_before: int
    n_after: int

    @classmethod
    def of(cls, tokenizer: Tokenizer, prefix: str) -> Self:
        """Learn how many tokens stand before and after a sentence."""
        encoding = tokenizer.encode(prefix.strip())
        special = encoding.special_tokens_mask
        n_after = special[::-1].index(0) if 0 in special else len(special) // 2
        return cls(len(special) - n_after, n_after)

    def parts(self, row: Part, max_tokens: int) -> list[Part]:
        """Cut a tokenised sentence into parts of at most ``max_tokens``, each with its frame."""
        if len(row.ids) <= max_tokens:
            return [row]
        end = len(row.ids) - self.n_after
        before, after = range(self.n_before), range(end, len(row.ids))
        room = max_tokens - self.n_before - self.n_after
        return [
            _part([*before, *range(self.n_before + i, self.n_before + j), *after], row)
            for i, j in spans_of(end - self.n_before, room)
        ]


def _part(kept: Sequence[int], row: Part) -> Part:
    places = {token: place for place, token in enumerate(kept)}
    return Part(
        [row.ids[token] for token in kept],
        [Mark(places[token], target) for token, target in row.marks if token in places],
        row.offsets[kept],
        row.lang,
    )
