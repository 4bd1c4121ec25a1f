"""The pieces of an article, lines and parts of lines, and in how many articles each stands.

Of every piece a hash of 8 bytes stays in memory.
"""

import re
from array import array
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from labels.ingest.clean.boilerplate import key_of_piece
from labels.ingest.clean.lines import line_spans
from labels.ingest.settings import BoilerplateSettings
from labels.letters import normalize

_LONGEST = 600  # characters; a longer piece is a text of its own
_LETTERS = 2  # a line of fewer letters says nothing,
PART_LETTERS = 6  # nor does a part: an initial, an abbreviation
NOT_COUNTED = 0  # in place of a hash
# Whatever could end a sentence, as `labels.languages.splitting` sees it, and more.
_MARKS = ".!?؟…۔。！？‼⁇⁈⁉•▪●◦‣◾▫◽◼\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff"
_PART = re.compile(rf"[^\W_][^{_MARKS}]*+[{_MARKS}]*+")


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of an article: each line, followed by its parts where it has several.

    Parts are cut at every mark that could end a sentence. That is fast, and loses nothing: if a
    sentence recurs, so do all of its parts.
    """

    source: str
    lang: str
    hashes: "array[int]"  # of source and key
    starts: "array[int]"
    ends: "array[int]"
    lines: "array[int]"  # number of the line that a piece is, or is a part of

    def counted(self) -> "tuple[str, array[int]]":
        """Give the source, and each hash that counts once."""
        return self.source, array("Q", set(self.hashes) - {NOT_COUNTED})


def pieces_of(text: str, lang: str, source: str, title: str | None) -> Pieces:
    """Cut a text into pieces; those that double the title are not counted."""
    pieces = Pieces(source, lang, array("Q"), array("I"), array("I"), array("I"))
    hash_of = hasher(source, title, is_normal=normalize(text) == text)

    def add(start: int, end: int, number: int, letters: int) -> None:
        pieces.hashes.append(hash_of(text[start:end], letters))
        pieces.starts.append(start)
        pieces.ends.append(end)
        pieces.lines.append(number)

    for number, (start, end) in enumerate(line_spans(text)):
        add(start, end, number, _LETTERS)
        parts = [part.span() for part in _PART.finditer(text, start, end)]
        if len(parts) > 1:
            for first, last in parts:
                add(first, last, number, PART_LETTERS)
    return pieces


def hasher(source: str, title: str | None, *, is_normal: bool = False) -> Callable[[str, int], int]:
    """Return what hashes a piece of a source, of at least so many letters; the title is none.

    Args:
        source: What the pieces are of.
        title: Of the article.
        is_normal: Whether `normalize` is known to change nothing in the article's text.
    """
    seed = blake2b(source.encode(), digest_size=8)
    key_of_title = key_of_piece(title) if title else ""

    def hash_of(piece: str, letters: int) -> int:
        is_piece = letters <= len(piece) <= _LONGEST
        key = key_of_piece(piece, is_normal=is_normal) if is_piece else ""
        if len(key) < letters or key == key_of_title or not key.strip("0"):
            return NOT_COUNTED
        digest = seed.copy()
        digest.update(key.encode())
        return int.from_bytes(digest.digest()) | 1

    return hash_of


class PieceCounter:
    """Counts in how many articles of its source every piece stands."""

    def __init__(self) -> None:
        """Begin with no article."""
        self.articles: Counter[str] = Counter()  # by source
        self._hashes = array("Q")
        self._numbers: dict[str, int] = {}
        self._sources = array("I")  # number of the source, beside each hash
        self._ends = array("Q")  # how many hashes there are up to each article

    def add(self, source: str, hashes: "array[int]") -> None:
        """Count an article: the hashes of its pieces, each once."""
        if hashes:
            self.articles[source] += 1
            number = self._numbers.setdefault(source, len(self._numbers))
            self._hashes.extend(hashes)
            self._sources.extend([number] * len(hashes))
        self._ends.append(len(self._hashes))

    def recurring(self, settings: BoilerplateSettings) -> frozenset[int]:
        """Give the hashes of the pieces that stand in enough articles."""
        hashes = self._all()
        if not hashes.size:
            return frozenset()
        found, first, counts = np.unique(hashes, return_index=True, return_counts=True)
        totals = np.array([self.articles[source] for source in self._numbers])
        of_source = totals[np.frombuffer(self._sources, dtype=np.uint32)[first]]
        is_frequent = (counts >= settings.least_articles) & (
            counts >= settings.least_share * of_source
        )
        return frozenset(found[is_frequent].tolist())

    def holders(self, pieces: Collection[int]) -> frozenset[int]:
        """Give the numbers of the articles, in the order they were added, that hold a piece."""
        held = np.isin(self._all(), np.fromiter(pieces, dtype=np.uint64))
        ends = np.frombuffer(self._ends, dtype=np.uint64)
        numbers = np.searchsorted(ends, np.flatnonzero(held), side="right")
        return frozenset(np.unique(numbers).tolist())

    def _all(self) -> NDArray[np.uint64]:
        return np.frombuffer(self._hashes, dtype=np.uint64)
