"""The score of a public set as its results are published, with an interval over its texts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labels.metrics.f1 import class_f1, confusion, ids_of
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
    groups, group = np.unique([row["group_id"] for row in rows], return_inverse=True)
    n = len(scheme.classes)
    tables = np.zeros((len(groups), len(names), n, n), np.int64)
    part_ids = np.array([names.index(part) for part in parts])
    np.add.at(tables, (group, part_ids, gold, predicted), 1)
    draws = [
        _mean(tables[rng.integers(len(groups), size=len(groups))].sum(0), ids)
        for _ in range(n_draws)
    ]
    low, high = np.quantile(draws, [0.025, 0.975])
    by_class = class_f1(confusion(gold, predicted, n))
    return SuiteScore(
        score=_mean(tables.sum(0), ids),
        low=float(low),
        high=float(high),
        rows=len(rows),
        groups=len(groups),
        f1={scheme.classes[i]: float(by_class[i]) for i in ids},
    )


def _mean(tables: NDArray[np.int64], ids: Sequence[int]) -> float:
    """Average the F1 of some classes over targets; tables have shape (targets, gold, predicted)."""
    return float(np.mean([np.nan_to_num(class_f1(table)[list(ids)]).mean() for table in tables]))
