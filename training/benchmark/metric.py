"""The score of a public set as its results are published, with an interval over its texts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labels.metrics.f1 import Ids, class_f1, confusion, ids_of
from labels.pipeline.errors import DataError
from labels.pipeline.schema import SENTIMENT, SENTIMENT_TASK, STANCE, Scheme, Stance
from labels.pipeline.tables import Row
from training.benchmark.settings import SuiteMetric

_AVERAGED: dict[SuiteMetric, tuple[Scheme, tuple[str, ...]]] = {
    SuiteMetric.f_polar: (STANCE, STANCE.polar),
    SuiteMetric.f_polar_by_target: (STANCE, STANCE.polar),
    SuiteMetric.macro_f1: (STANCE, (*STANCE.polar, Stance.neutral.value)),
    SuiteMetric.sentiment_macro_f1: (SENTIMENT, SENTIMENT.classes),
}


@dataclass(frozen=True)
class SuiteScore:
    """A score in [0, 1] with its 95% interval."""

    score: float
    low: float
    high: float
    rows: int
    groups: int  # different texts
    f1: dict[str, float]  # by class, all targets together


def score_suite(
    rows: Sequence[Row], metric: SuiteMetric, rng: np.random.Generator, n_draws: int
) -> SuiteScore:
    """Score predictions of a public set.

    Args:
        rows: Of the table ``predictions``; those of the metric's scheme count.
        metric: The set's own.
        rng: Source of the draws.
        n_draws: Number of bootstrap samples, of texts, behind the interval.

    Raises:
        DataError: A class that is averaged has no gold.
    """
    scheme, averaged = _AVERAGED[metric]
    rows = [row for row in rows if (row["task"] == SENTIMENT_TASK.key) == (scheme == SENTIMENT)]
    parts = ["all"] * len(rows)
    if metric == SuiteMetric.f_polar_by_target:
        parts = [row["task"] for row in rows]
    gold, predicted = ids_of(rows, scheme)
    names = sorted(set(parts))
    ids = [scheme.classes.index(name) for name in averaged]
    for part in names:
        found = set(gold[np.array(parts) == part].tolist())
        if lacking := [scheme.classes[i] for i in ids if i not in found]:
            raise DataError(f"expected rows of {', '.join(lacking)} to score, found none ({part})")
    groups = [row["group_id"] for row in rows]
    score, low, high = mean_f1(
        gold, predicted, parts, groups, ids, len(scheme.classes), rng, n_draws
    )
    by_class = class_f1(confusion(gold, predicted, len(scheme.classes)))
    return SuiteScore(
        score=score,
        low=low,
        high=high,
        rows=len(rows),
        groups=len(set(groups)),
        f1={scheme.classes[i]: float(by_class[i]) for i in ids},
    )


def mean_f1(
    gold: Ids,
    predicted: Ids,
    parts: Sequence[str],
    groups: Sequence[str],
    ids: Sequence[int],
    n_classes: int,
    rng: np.random.Generator,
    n_draws: int,
) -> tuple[float, float, float]:
    """Average the F1 of some classes, then over parts, with a 95% interval that resamples groups.

    Args:
        gold: Class ids, shape ``(n,)``.
        predicted: Class ids, same shape and order.
        parts: What is averaged over, of each row: targets, or the models that answered.
        groups: Of each row; a group is drawn with its rows of all parts.
        ids: Classes whose F1 is averaged.
        n_classes: Number of classes.
        rng: Source of the draws.
        n_draws: Number of bootstrap samples.

    Returns:
        The score and both ends of its interval, in [0, 1].

    Source:
        Efron and Tibshirani 1993, the percentile bootstrap, over clusters.
    """
    names, part = np.unique(np.asarray(parts), return_inverse=True)
    drawn, group = np.unique(np.asarray(groups), return_inverse=True)
    tables = np.zeros((len(drawn), len(names), n_classes, n_classes), np.int64)
    np.add.at(tables, (group, part, gold, predicted), 1)
    draws = [
        _mean(tables[rng.integers(len(drawn), size=len(drawn))].sum(0), ids) for _ in range(n_draws)
    ]
    low, high = np.quantile(draws, [0.025, 0.975])
    return _mean(tables.sum(0), ids), float(low), float(high)


def _mean(tables: NDArray[np.int64], ids: Sequence[int]) -> float:
    """Average the F1 of some classes over targets; tables have shape (targets, gold, predicted)."""
    return float(np.mean([np.nan_to_num(class_f1(table)[list(ids)]).mean() for table in tables]))
