"""Sentences that say the same: shared word n-grams, for leak-free splits and corpus checks."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from labels.letters import normalize

_WORD = re.compile(r"\w+")


def word_ngrams(text: str, n: int) -> frozenset[tuple[str, ...]]:
    """Return the distinct word n-grams of a text; case and ways to write a letter do not count.

    A text of fewer than ``n`` words has one n-gram: all of its words.
    """
    words = _WORD.findall(normalize(text).casefold())
    if not words:
        return frozenset()
    return frozenset(tuple(words[i : i + n]) for i in range(max(1, len(words) - n + 1)))


class OverlapIndex:
    """Finds which of the indexed sentences share n-grams with a sentence."""

    def __init__(self, texts: Sequence[str], n: int) -> None:
        """Index ``texts``; ``n`` is the number of words in an n-gram."""
        self._n = n
        self._sizes: list[int] = []
        self._where: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, text in enumerate(texts):
            grams = word_ngrams(text, n)
            self._sizes.append(len(grams))
            for gram in grams:
                self._where[gram].append(number)

    def matches(self, text: str, fraction: float) -> list[int]:
        """Return the indexed sentences that overlap with ``text``, in order.

        Two sentences overlap when they share at least ``fraction`` of the n-grams of the shorter
        of them, so that a sentence hidden in a longer one is found too.
        """
        grams = word_ngrams(text, self._n)
        shared = Counter(number for gram in grams for number in self._where.get(gram, ()))
        return sorted(
            number
            for number, count in shared.items()
            if count >= fraction * min(len(grams), self._sizes[number])
        )
