"""What articles are compared by: counts of each article, in a few bins or over many words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labels.pipeline.schema import SENTIMENT, SENTIMENT_TASK, STANCE
from labels.targets import Matcher, find_mentions, places
from training.drift.read import Side, Text
from training.drift.words import words_of

LENGTHS = (4, 8, 16, 24, 32, 48)  # words of a sentence: the upper ends of the bins
SIZES = (1, 4, 8, 16, 32, 64)  # sentences of an article
SURENESS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)  # probability of the label
OTHER = "other"
_OUTLETS = 200  # that are told apart; the rest is one
_VOCABULARY = 5_000  # words of a language, the most frequent ones
_LEAST_ARTICLES = 5  # with a word of the vocabulary


@dataclass(frozen=True)
class Named:
    """An article, and the targets that each of its sentences names."""

    text: Text
    targets: list[set[str]]


@dataclass(frozen=True)
class Feature:
    """How often each kind occurs in each article."""

    name: str
    lang: str | None
    target: str | None
    kinds: list[str]  # of the columns; empty where they are words
    counts: Any  # shape (articles, kinds), dense or scipy's sparse; zeros where it says nothing


def name_targets(texts: Sequence[Text], matcher: Matcher) -> Iterator[Named]:
    """Find the targets that the sentences of articles name."""
    for text in texts:
        lines = [line.text for line in text.lines]
        kinds, langs = [line.kind for line in text.lines], [text.lang] * len(lines)
        where = places(lines, kinds, langs, text.published)
        yield Named(
            text,
            [
                {mention.target for mention in find_mentions(line, matcher, place)}
                for line, place in zip(lines, where, strict=True)
            ],
        )


def features_of(
    articles: Sequence[Named], sides: Sequence[Side], targets: Sequence[str]
) -> Iterator[Feature]:
    """Count the features of all articles, new ones and those of the reference.

    Args:
        articles: All, in the order of the counts.
        sides: Both.
        targets: Keys.

    Yields:
        Languages and outlets of all, then the rest by language, so that another mix of languages
        is no drift of each of them.
    """
    langs = sorted({article.text.lang for article in articles})
    by_lang = [[article.text.lang] for article in articles]
    yield _counted("languages", by_lang, langs)
    yield _outlets(articles)
    is_whole = all(side.is_whole for side in sides)
    for lang in langs:
        chosen = [article if article.text.lang == lang else None for article in articles]
        yield from _of_language(lang, chosen, targets, is_whole)


def _outlets(articles: Sequence[Named]) -> Feature:
    named = [article.text.source for article in articles]
    names, counts = np.unique([name for name in named if name], return_counts=True)
    order = np.argsort(-counts, kind="stable")[:_OUTLETS]
    known = [str(names[i]) for i in order]
    kept = set(known)
    values = [[name if name in kept else OTHER] if name else [] for name in named]
    return _counted("outlets", values, [*known, OTHER])


def _of_language(
    lang: str, articles: Sequence[Named | None], targets: Sequence[str], is_whole: bool
) -> Iterator[Feature]:
    def of(
        name: str, kinds: list[str], values: Callable[[Named], list[str]], target: str | None = None
    ) -> Feature:
        found = [values(article) if article else [] for article in articles]
        return _counted(name, found, kinds, lang, target)

    yield of("sentence length", _bins(LENGTHS), _lengths)
    if is_whole:
        yield of("article size", _bins(SIZES), _size)
    yield _words(lang, articles)
    for target in targets:
        yield of("names target", ["named", "not"], _names(target), target)
    tasks = {
        task
        for article in articles
        if article
        for line in article.text.lines
        for task in line.answers
    }
    for task in sorted(tasks):
        scheme = SENTIMENT if task == SENTIMENT_TASK.key else STANCE
        asked = None if scheme == SENTIMENT else task
        yield of(f"{scheme.name} answers", list(scheme.classes), _labels(task), asked)
        yield of(f"{scheme.name} sureness", _bins(SURENESS), _sureness(task), asked)


def _lengths(article: Named) -> list[str]:
    return [_bin(len(line.text.split()), LENGTHS) for line in article.text.lines]


def _size(article: Named) -> list[str]:
    return [_bin(len(article.text.lines), SIZES)]


def _names(target: str) -> Callable[[Named], list[str]]:
    return lambda article: ["named" if target in one else "not" for one in article.targets]


def _labels(task: str) -> Callable[[Named], list[str]]:
    return lambda article: [
        line.answers[task].label for line in article.text.lines if task in line.answers
    ]


def _sureness(task: str) -> Callable[[Named], list[str]]:
    return lambda article: [
        _bin(max(line.answers[task].probabilities), SURENESS)
        for line in article.text.lines
        if task in line.answers
    ]


def _bins(ends: Sequence[float]) -> list[str]:
    return [*(f"up to {end:g}" for end in ends), "more"]


def _bin(value: float, ends: Sequence[float]) -> str:
    return next((f"up to {end:g}" for end in ends if value <= end), "more")


def _counted(
    name: str,
    values: Sequence[Sequence[str]],
    kinds: list[str],
    lang: str | None = None,
    target: str | None = None,
) -> Feature:
    place = {kind: number for number, kind in enumerate(kinds)}
    counts: NDArray[np.float64] = np.zeros((len(values), len(kinds)))
    for row, found in enumerate(values):
        for value in found:
            counts[row, place[value]] += 1
    return Feature(name, lang, target, kinds, counts)


def _words(lang: str, articles: Sequence[Named | None]) -> Feature:
    """Count the frequent words of a language, each once an article."""
    from sklearn.feature_extraction.text import CountVectorizer  # two seconds

    texts = [
        "\n".join(line.text for line in article.text.lines) if article else ""
        for article in articles
    ]
    vectorizer = CountVectorizer(
        analyzer=words_of, binary=True, max_features=_VOCABULARY, min_df=_LEAST_ARTICLES
    )
    try:
        counts = vectorizer.fit_transform(texts).astype(float)
    except ValueError:  # scikit-learn's word for: no word is frequent enough
        counts = np.zeros((len(texts), 1))
    return Feature("topic words", lang, None, [], counts)
