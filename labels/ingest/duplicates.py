"""Group near-duplicates and wire copy: articles that share most of their word n-grams.

Of an article, its shingles and its MinHash stay in memory, of an exact copy a digest: an archive
that does not fit in memory can still be grouped.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations
from typing import NamedTuple
from zlib import crc32

import numpy as np
from datasketch import MinHash, MinHashLSH
from numpy.typing import NDArray

from labels.ingest.settings import NearDuplicateSettings

_Hashes = NDArray[np.uint32]

_WORD = re.compile(r"\w+")
_WEIGHTS = (0.1, 0.9)  # of false and missed candidates: a false one costs but a comparison
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits well mixed: 2^64 over the golden ratio
_MIXING = tuple(
    (np.uint64(shift), np.uint64(factor))
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
)


class Sketch(NamedTuple):
    """What is kept of a text for comparing it: its shingles, and their MinHash."""

    shingles: _Hashes  # sorted; none for a text without words
    minima: _Hashes


def sketch_of(text: str, settings: NearDuplicateSettings) -> Sketch:
    """Hash the shingles of a text; the slow part of grouping, and independent of other texts."""
    shingles = _shingles(text, settings.shingle_words)
    minhash = _minhash(settings.permutations, settings.seed)
    minhash.clear()
    if shingles.size:
        minhash.update_batch(shingles.tolist())
    return Sketch(shingles, minhash.hashvalues.astype(np.uint32))


def group_near_duplicates(
    sketches: Iterable[tuple[str, Sketch]], settings: NearDuplicateSettings
) -> dict[str, str]:
    """Give every text the group of those it nearly repeats.

    Candidates come from MinHash with locality-sensitive hashing; a pair counts only when the
    Jaccard similarity of its shingles, computed exactly, reaches the threshold. Groups are the
    connected parts: if A repeats B and B repeats C, all three are one group.

    Args:
        sketches: Article ids, each once, with the sketches of their texts.
        settings: Permutations and threshold.

    Returns:
        Group id by article id; a group is named by its smallest article id.

    Source:
        Broder 1997, On the resemblance and containment of documents.
    """
    groups = _Groups()
    names: list[str] = []  # of the distinct texts; their shingles and minima in the same order
    shingles: list[_Hashes] = []
    minima: list[_Hashes] = []
    first_with: dict[bytes, str] = {}
    for name, sketch in sketches:
        groups.add(name)
        own = sketch.shingles
        if not own.size:
            continue
        first = first_with.setdefault(blake2b(own.tobytes(), digest_size=16).digest(), name)
        if first != name:  # exact copies need no search, and many of them would slow it down
            groups.join(first, name)
            continue
        names.append(name)
        shingles.append(own)
        minima.append(sketch.minima)
    for first_number, second_number in _candidates(minima, settings):
        first, second = names[first_number], names[second_number]
        if groups.root(first) != groups.root(second):
            similarity = _jaccard(shingles[first_number], shingles[second_number])
            if similarity >= settings.threshold:
                groups.join(first, second)
    return groups.roots()


class _Groups:
    """Disjoint sets of names; the root of a set is its smallest name."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}

    def add(self, name: str) -> None:
        self._parents[name] = name

    def root(self, name: str) -> str:
        parents = self._parents
        while parents[name] != name:
            parents[name] = parents[parents[name]]
            name = parents[name]
        return name

    def join(self, first: str, second: str) -> None:
        low, high = sorted((self.root(first), self.root(second)))
        self._parents[high] = low

    def roots(self) -> dict[str, str]:
        return {name: self.root(name) for name in self._parents}


def _candidates(
    minima: list[_Hashes], settings: NearDuplicateSettings
) -> Iterator[tuple[int, int]]:
    """Give the pairs whose minima agree in a band; a pair may come once for each band.

    The bands are those of `MinHashLSH`, whose own index takes 10 kB of memory a text.
    """
    if not minima:
        return
    bands = MinHashLSH(
        threshold=settings.threshold, num_perm=settings.permutations, weights=_WEIGHTS
    ).hashranges
    table = np.stack(minima)
    for start, end in bands:
        order = np.lexsort(table[:, start:end].T)
        band = table[order, start:end]
        is_new = (band[1:] != band[:-1]).any(axis=1)
        edges = np.concatenate(([0], np.flatnonzero(is_new) + 1, [len(order)]))
        for bucket in np.flatnonzero(np.diff(edges) > 1):  # few hold more than one text
            yield from combinations(order[edges[bucket] : edges[bucket + 1]].tolist(), 2)


@lru_cache
def _minhash(permutations: int, seed: int) -> MinHash:
    return MinHash(permutations, seed, hashfunc=int)  # int: the shingles are hashed already


def _shingles(text: str, length: int) -> _Hashes:
    """Hash every run of ``length`` words to 32 bits, sorted; a shorter text is one shingle."""
    words = _WORD.findall(text.casefold())
    if not words:
        return np.empty(0, dtype=np.uint32)
    known = {word: crc32(word.encode()) for word in set(words)}
    of_words = np.array([known[word] for word in words], dtype=np.uint64)
    n_shingles = max(1, len(words) - length + 1)
    hashes = np.zeros(n_shingles, dtype=np.uint64)
    for place in range(min(length, len(words))):  # a polynomial of the words, modulo 2^64
        hashes = hashes * _BASE + of_words[place : place + n_shingles]
    return np.unique(_mixed(hashes).astype(np.uint32))


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Let every bit depend on all: MinHash's own hashes are linear, and would show a pattern.

    Source:
        Steele, Lea and Flood 2014, Fast splittable pseudorandom number generators: SplitMix64.
    """
    for shift, factor in _MIXING:
        values = (values ^ (values >> shift)) * factor
    return values ^ (values >> np.uint64(31))


def _jaccard(first: _Hashes, second: _Hashes) -> float:
    shared = int(np.intersect1d(first, second, assume_unique=True).size)
    return shared / (first.size + second.size - shared)
