"""Group near-duplicates and wire copy: articles that share most of their word n-grams."""

import re
from collections.abc import Iterator, Mapping
from zlib import crc32

from datasketch import MinHash, MinHashLSH

from labels.config import NearDuplicateConfig

_WORD = re.compile(r"\w+")


def group_near_duplicates(texts: Mapping[str, str], config: NearDuplicateConfig) -> dict[str, str]:
    """Give every text the group of those it nearly repeats.

    Candidates come from MinHash with locality-sensitive hashing; a pair counts only when the
    Jaccard similarity of its shingles, computed exactly, reaches the threshold. Groups are the
    connected parts: if A repeats B and B repeats C, all three are one group.

    Args:
        texts: Text by article id.
        config: Shingle length, permutations, threshold and seed.

    Returns:
        Group id by article id; a group is named by its smallest article id.

    Source:
        Broder 1997, On the resemblance and containment of documents.
    """
    shingles = {
        name: frozenset(_shingles(text, config.shingle_words)) for name, text in texts.items()
    }
    parent = {name: name for name in texts}
    for first, second in _similar_pairs(shingles, config):
        low, high = sorted((_root(parent, first), _root(parent, second)))
        parent[high] = low
    return {name: _root(parent, name) for name in texts}


def _similar_pairs(
    shingles: Mapping[str, frozenset[int]], config: NearDuplicateConfig
) -> Iterator[tuple[str, str]]:
    index = MinHashLSH(threshold=config.threshold, num_perm=config.permutations)
    first_with: dict[frozenset[int], str] = {}
    for name, own in shingles.items():
        if own in first_with:  # exact copies need no search, and many of them would slow it down
            yield first_with[own], name
            continue
        if not own:
            continue
        first_with[own] = name
        sketch = MinHash(
            num_perm=config.permutations, seed=config.seed, hashfunc=lambda value: value
        )
        sketch.update_batch(sorted(own))
        for other in sorted(index.query(sketch)):
            if _jaccard(own, shingles[other]) >= config.threshold:
                yield other, name
        index.insert(name, sketch)


def _shingles(text: str, length: int) -> Iterator[int]:
    """Hash every run of ``length`` words to 32 bits; a shorter text is one shingle."""
    words = _WORD.findall(text.casefold())
    for start in range(max(1, len(words) - length + 1) if words else 0):
        yield crc32(" ".join(words[start : start + length]).encode())


def _jaccard(first: frozenset[int], second: frozenset[int]) -> float:
    shared = len(first & second)
    return shared / (len(first) + len(second) - shared)


def _root(parent: dict[str, str], name: str) -> str:
    while parent[name] != name:
        parent[name] = parent[parent[name]]
        name = parent[name]
    return name
