"""Figures with their intervals: articles are resampled, and where they are too few it is said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Sums = NDArray[np.float64]  # shape (draws, columns): what the articles of a draw add up to
Statistic = Callable[[Sums], NDArray[np.float64]]  # -> shape (draws,)

_TOGETHER = 64  # draws that are multiplied at once
_QUANTILES = (0.025, 0.975)


@dataclass(frozen=True)
class Figure:
    """A number with what it rests on; null where there is too little to say it."""

    n: int  # rows that it is of
    value: float | None = None
    low: float | None = None  # 95% interval, articles resampled
    high: float | None = None
    shortage: str = ""  # why there is none


@dataclass(frozen=True)
class Rule:
    """From how many rows, in how many articles, a figure is said."""

    rows: int
    groups: int

    def shortage(self, found: Mapping[str, tuple[int, int]]) -> str:
        """Say what there is too little of, or nothing.

        Args:
            found: By what is counted: rows, and articles that they come from.
        """
        short = [
            f"{rows:,} {name} in {groups:,} article{'' if groups == 1 else 's'}"
            for name, (rows, groups) in found.items()
            if rows < self.rows or groups < self.groups
        ]
        return ", ".join(short)


@dataclass(frozen=True)
class Measure:
    """One number to be had from the sums of articles."""

    statistic: Statistic
    n: int
    shortage: str


def measure(
    tables: NDArray[np.float64],
    measures: Mapping[str, Measure],
    n_draws: int,
    seed: int,
) -> dict[str, Figure]:
    """Compute each measure with a 95% interval; all of them from the same draws.

    The draws are those of `labels.metrics.intervals.group_interval`, to the last one; there each
    is summed by itself, which is too slow for many measures of many slices.

    Args:
        tables: What each article adds, shape ``(articles, columns)``.
        measures: By name.
        n_draws: Number of bootstrap samples.
        seed: Of the draws.

    Source:
        Efron and Tibshirani 1993, the percentile bootstrap, over clusters.
    """
    known = {name: one for name, one in measures.items() if not one.shortage}
    sums = resampled(tables, n_draws, seed) if known else tables[:0]
    total = tables.sum(0, keepdims=True)
    figures = {}
    for name, one in measures.items():
        if one.shortage:
            figures[name] = Figure(n=one.n, shortage=one.shortage)
        else:
            low, high = np.quantile(one.statistic(sums), _QUANTILES)
            value = float(one.statistic(total)[0])
            figures[name] = Figure(one.n, value, float(low), float(high))
    return figures


def resampled(tables: NDArray[np.float64], n_draws: int, seed: int) -> Sums:
    """Sum the tables of articles drawn with replacement, as many as there are."""
    rng = np.random.default_rng(seed)
    n = len(tables)
    sums = []
    for start in range(0, n_draws, _TOGETHER):
        times = [
            np.bincount(rng.integers(n, size=n), minlength=n)
            for _ in range(min(_TOGETHER, n_draws - start))
        ]
        sums.append(np.array(times, np.float64) @ tables)
    return np.concatenate(sums)


def by_group(groups: NDArray[np.int64], columns: Sequence[NDArray[np.float64]]) -> Sums:
    """Sum columns over the rows of each group.

    Args:
        groups: Of each row, numbered from 0 without a gap.
        columns: A value of each row, each shape ``(rows,)``.

    Returns:
        Shape ``(groups, columns)``.
    """
    size = int(groups.max(initial=-1)) + 1
    return np.stack([np.bincount(groups, column, size) for column in columns], axis=1)


def share(part: int, whole: int) -> Statistic:
    """Divide one column of sums by another; 0 where a draw has nothing to divide by."""

    def statistic(sums: Sums) -> NDArray[np.float64]:
        divided: NDArray[np.float64] = sums[:, part] / np.maximum(sums[:, whole], 1)
        return divided

    return statistic


def counted(tables: NDArray[np.float64], column: int) -> tuple[int, int]:
    """Count the rows in a column of counts, and the articles that they come from."""
    return int(tables[:, column].sum()), int((tables[:, column] > 0).sum())
