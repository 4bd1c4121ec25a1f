"""How far annotators agree, by task and language, with intervals that resample articles."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NotRequired, TypedDict

import krippendorff
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

from labels.people.items import Answer, Item
from labels.pipeline.schema import Task

Counts = NDArray[np.int64]
Measure = Callable[[Counts], float | None]


class PairAgreement(TypedDict):
    """How far two annotators agree."""

    first: str
    second: str
    sentences: int  # that both have answered
    equal: float  # share of equal answers
    kappa: float | None  # Cohen's; null where both use one class alone
    low: float | None  # 95% interval, articles resampled; null with fewer than two of them
    high: float | None


class TaskAgreement(TypedDict):
    """How far all annotators agree on one task."""

    task: str
    lang: str | None  # null: all languages
    sentences: int  # with two answers at least
    articles: int
    answers: int
    equal: float  # share of the sentences on which all answers are the same
    alpha: float | None  # Krippendorff's, nominal; null where all use one class alone
    low: float | None  # 95% interval, articles resampled; null with fewer than two of them
    high: float | None
    pairs: list[PairAgreement]
    reason: NotRequired[str]  # why there is no alpha


@dataclass(frozen=True)
class _Read:
    """The answers on one task: a sentence a row, an annotator a column, -1 for none."""

    classes: tuple[str, ...]
    annotators: Sequence[str]
    labels: NDArray[np.int64]
    articles: Sequence[str]


def measure_agreement(
    items: Sequence[Item],
    answers: Sequence[Answer],
    tasks: Sequence[Task],
    n_draws: int,
    seed: int,
) -> Iterator[TaskAgreement]:
    """Compare the annotators of each task, in all languages and in each.

    Args:
        items: Sentences.
        answers: At most one of each annotator on each sentence.
        tasks: Those that were asked.
        n_draws: Bootstrap samples of each interval.
        seed: Of the draws.

    Yields:
        Where two annotators have answered the same sentence.

    Source:
        Krippendorff 2011, Computing Krippendorff's alpha-reliability; Cohen 1960, A coefficient of
        agreement for nominal scales; Efron and Tibshirani 1993, the percentile bootstrap, over
        articles, as the sentences of one are not independent.
    """
    langs = sorted({item["lang"] for item in items})
    for number, task in enumerate(tasks):
        for place, lang in enumerate((None, *langs)):
            chosen = [item for item in items if lang in (None, item["lang"])]
            read = _read(chosen, answers, task)
            if len(read.articles):
                rng = np.random.default_rng([seed, number, place])
                yield _measure(read, task.key, lang, n_draws, rng)


def _read(items: Sequence[Item], answers: Sequence[Answer], task: Task) -> _Read:
    number = {label: place for place, label in enumerate(task.classes)}
    given: dict[str, dict[str, int]] = defaultdict(dict)
    for answer in answers:
        if task.key in answer["values"]:
            given[answer["id"]][answer["annotator"]] = number[answer["values"][task.key]]
    twice = [item for item in items if len(given.get(item["id"], ())) > 1]
    annotators = sorted({name for item in twice for name in given[item["id"]]})
    labels = np.array(
        [[given[item["id"]].get(name, -1) for name in annotators] for item in twice], np.int64
    ).reshape(len(twice), len(annotators))
    return _Read(task.classes, annotators, labels, [item["article_id"] for item in twice])


def _measure(
    read: _Read, task: str, lang: str | None, n_draws: int, rng: np.random.Generator
) -> TaskAgreement:
    n = len(read.classes)
    counts = np.stack([(read.labels == label).sum(1) for label in range(n)], axis=1)
    draws = _draws(read.articles, n_draws, rng)
    low, high = _interval(counts, draws, _alpha)
    found = TaskAgreement(
        task=task,
        lang=lang,
        sentences=len(counts),
        articles=len(set(read.articles)),
        answers=int(counts.sum()),
        equal=float(np.mean((counts > 0).sum(1) == 1)),
        alpha=_alpha(counts),
        low=low,
        high=high,
        pairs=list(_pairs(read, n_draws, rng)),
    )
    if found["alpha"] is None:
        found["reason"] = "all answers are the same class"
    return found


def _pairs(read: _Read, n_draws: int, rng: np.random.Generator) -> Iterator[PairAgreement]:
    n = len(read.classes)
    for a, b in combinations(range(len(read.annotators)), 2):
        both = (read.labels[:, a] >= 0) & (read.labels[:, b] >= 0)
        if not both.any():
            continue
        first, second = read.labels[both, a], read.labels[both, b]
        cells = np.eye(n * n, dtype=np.int64)[first * n + second]
        articles = [article for article, kept in zip(read.articles, both, strict=True) if kept]
        low, high = _interval(cells, _draws(articles, n_draws, rng), _kappa)
        yield PairAgreement(
            first=read.annotators[a],
            second=read.annotators[b],
            sentences=int(both.sum()),
            equal=float(np.mean(first == second)),
            kappa=_kappa(cells),
            low=low,
            high=high,
        )


def _draws(articles: Sequence[str], n_draws: int, rng: np.random.Generator) -> list[Counts]:
    """Draw articles with replacement; each draw lists the rows of the drawn ones."""
    names, index = np.unique(np.asarray(articles), return_inverse=True)
    if len(names) < 2:
        return []
    rows = [np.flatnonzero(index == place) for place in range(len(names))]
    return [
        np.concatenate([rows[place] for place in rng.integers(len(names), size=len(names))])
        for _ in range(n_draws)
    ]


def _interval(
    rows: Counts, draws: Sequence[Counts], measure: Measure
) -> tuple[float | None, float | None]:
    found = [value for draw in draws if (value := measure(rows[draw])) is not None]
    if not found:
        return None, None
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def _alpha(counts: Counts) -> float | None:
    if (counts.sum(0) > 0).sum() < 2:
        return None
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))


def _kappa(cells: Counts) -> float | None:
    """Compute kappa from how often each pair of classes was given."""
    n = round(np.sqrt(cells.shape[1]))
    table = cells.sum(0)
    first, second = np.divmod(np.arange(n * n), n)
    used = table > 0
    if len(set(first[used]) | set(second[used])) < 2:
        return None
    return float(cohen_kappa_score(first[used], second[used], sample_weight=table[used]))
