"""Figures that say whether a corpus looks like news: vocabulary, lengths, openings, classes."""

import re
import statistics
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from labels.pipeline.schema import tasks_for
from labels.pipeline.settings import to_json

_WORD = re.compile(r"\w+")
WINDOW = 1_000  # words over which types are counted
OPENING_WORDS = 3


@dataclass(frozen=True, kw_only=True)
class Measures:
    """Figures of the sentences of one language; fractions in [0, 1]."""

    sentences: int
    type_token_ratio: float  # mean over all windows of `WINDOW` words of shuffled sentences
    words_mean: float  # of a sentence
    words_p10: float
    words_median: float
    words_p90: float
    top_opening: str  # the commonest first three words
    top_opening_fraction: float


@dataclass(frozen=True, kw_only=True)
class Figures(Measures):
    """Figures of one language, its articles and its labels too."""

    articles: int
    gold_sentences: int
    classes: dict[str, dict[str, float]]  # by task and class; see `class_fractions`


def measure_language(
    texts: Sequence[str],
    n_articles: int,
    gold: Sequence[Mapping[str, Any]],
    targets: Sequence[str],
    seed: int,
) -> Figures:
    """Measure articles and labels of one language.

    Args:
        texts: The sentences; at least two.
        n_articles: How many articles they come from.
        gold: Labelled sentences: their class by task.
        targets: Keys of the targets.
        seed: See `measure_texts`.
    """
    return Figures(
        **vars(measure_texts(texts, seed)),
        articles=n_articles,
        gold_sentences=len(gold),
        classes=class_fractions(gold, targets),
    )


def measure_texts(texts: Sequence[str], seed: int) -> Measures:
    """Measure sentences of one language.

    The sentences are shuffled before types are counted: else a corpus of long articles, which keep
    to their words, seems poorer than one of short articles.

    Raises:
        ValueError: There are fewer than two sentences.
    """
    words = [_WORD.findall(text.casefold()) for text in texts]
    lengths = [len(sentence) for sentence in words]
    deciles = statistics.quantiles(lengths, n=10)
    opening, count = openings(texts).most_common(1)[0]
    order = np.random.default_rng(seed).permutation(len(words))
    return Measures(
        sentences=len(texts),
        type_token_ratio=type_token_ratio([word for i in order for word in words[i]], WINDOW),
        words_mean=statistics.fmean(lengths),
        words_p10=deciles[0],
        words_median=deciles[4],
        words_p90=deciles[8],
        top_opening=opening,
        top_opening_fraction=count / len(texts),
    )


def openings(texts: Sequence[str]) -> Counter[str]:
    """Count the first three words of the sentences that have as many."""
    return Counter(
        " ".join(words[:OPENING_WORDS])
        for words in (_WORD.findall(text.casefold()) for text in texts)
        if len(words) >= OPENING_WORDS
    )


def type_token_ratio(words: Sequence[str], window: int) -> float:
    """Return the ratio of different words, as the mean over every stretch of ``window`` words.

    Unlike the plain ratio it does not fall with the length of the text. A text shorter than the
    window is one stretch; an empty one has ratio 0.

    Source:
        Covington and McFall 2010, Cutting the Gordian knot: the moving-average type-token ratio.
    """
    window = min(window, len(words))
    if not window:
        return 0.0
    inside: Counter[str] = Counter()
    stretch: deque[str] = deque()
    total = 0
    for word in words:
        stretch.append(word)
        inside[word] += 1
        if len(stretch) > window:
            left = stretch.popleft()
            inside[left] -= 1
            if not inside[left]:
                del inside[left]
        if len(stretch) == window:
            total += len(inside)
    return total / (window * (len(words) - window + 1))


def class_fractions(
    rows: Sequence[Mapping[str, Any]], targets: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Return the fraction of the rows that have each class of each task."""
    fractions = {}
    for task in tasks_for(targets):
        counts = Counter(row.get(task.key) for row in rows)
        fractions[task.key] = {name: counts[name] / max(1, len(rows)) for name in task.classes}
    return fractions


def rounded(figures: Measures) -> dict[str, Any]:
    """Turn figures into JSON values, with four decimals, as they are kept and compared."""
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in to_json(figures).items()
    }
