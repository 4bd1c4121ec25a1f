"""Group near-duplicates and wire copy: articles that share most of their word n-grams.

Of an article, its shingles and its MinHash stay in memory, of an exact copy a digest: an archive
that does not fit in memory can still be grouped.
"""

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import combinations
from zlib import crc32

import numpy as np
from datasketch import MinHash, MinHashLSH
from numpy.typing import NDArray

from labels.ingest.settings import NearDuplicateSettings

_Hashes = NDArray[np.uint32]

_WORD = re.compile(r"\w+")


def group_near_duplicates(
    texts: Iterable[tuple[str, str]], settings: NearDuplicateSettings
) -> dict[str, str]:
    """Give every text the group of those it nearly repeats.

    Candidates come from MinHash with locality-sensitive hashing; a pair counts only when the
    Jaccard similarity of its shingles, computed exactly, reaches the threshold. Groups are the
    connected parts: if A repeats B and B repeats C, all three are one group.

    Args:
        texts: Article ids, each once, with their texts.
        settings: Shingle length, permutations, threshold and seed.

    Returns:
        Group id by article id; a group is named by its smallest article id.

    Source:
        Broder 1997, On the resemblance and containment of documents.
    """
    groups = _Groups()
    names: list[str] = []  # of the distinct texts; their shingles and sketches in the same order
    shingles: list[_Hashes] = []
    sketches: list[_Hashes] = []
    first_with: dict[bytes, str] = {}
    sketch = MinHash(settings.permutations, settings.seed, hashfunc=int)  # int: hashed already
    for name, text in texts:
        groups.add(name)
        own = _shingles(text, settings.shingle_words)
        if not own.size:
            continue
        first = first_with.setdefault(blake2b(own.tobytes(), digest_size=16).digest(), name)
        if first != name:  # exact copies need no search, and many of them would slow it down
            groups.join(first, name)
            continue
        sketch.clear()
        sketch.update_batch(own.tolist())
        names.append(name)
        shingles.append(own)
        sketches.append(sketch.hashvalues.astype(np.uint32))
    for first_number, second_number in _candidates(sketches, settings):
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
    sketches: list[_Hashes], settings: NearDuplicateSettings
) -> Iterator[tuple[int, int]]:
    """Give the pairs whose sketches agree in a band; a pair may come once for each band.

    The bands are those of `MinHashLSH`, whose own index takes 10 kB of memory a text.
    """
    if not sketches:
        return
    bands = MinHashLSH(threshold=settings.threshold, num_perm=settings.permutations).hashranges
    table = np.stack(sketches)
    for start, end in bands:
        order = np.lexsort(table[:, start:end].T)
        band = table[order, start:end]
        is_new = (band[1:] != band[:-1]).any(axis=1)
        for bucket in np.split(order, np.flatnonzero(is_new) + 1):
            yield from combinations(bucket.tolist(), 2)


def _shingles(text: str, length: int) -> _Hashes:
    """Hash every run of ``length`` words to 32 bits, sorted; a shorter text is one shingle."""
    words = _WORD.findall(text.casefold())
    starts = range(max(1, len(words) - length + 1) if words else 0)
    hashes = {crc32(" ".join(words[start : start + length]).encode()) for start in starts}
    return np.array(sorted(hashes), dtype=np.uint32)


def _jaccard(first: _Hashes, second: _Hashes) -> float:
    shared = int(np.intersect1d(first, second, assume_unique=True).size)
    return shared / (first.size + second.size - shared)
