"""How sure a difference between two models is: rows of one article count together."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.compare.measures import Counts, Value

_AT_ONCE = 1_000  # resamples held in memory
LEVEL = 0.95


def paired_interval(
    a: Counts, b: Counts, value: Value, rng: np.random.Generator, n_draws: int
) -> tuple[float, float]:
    """Give a 95% interval of the score of b minus that of a, drawing groups with both answers.

    Args:
        a: Counts by group, shape ``(groups, k)``.
        b: The same of the other model, the same groups in the same order.
        value: Computes a score from summed counts.
        rng: Source of the draws.
        n_draws: Number of bootstrap samples.

    Source:
        Efron and Tibshirani 1993, the percentile bootstrap, over clusters.
    """
    from scipy.stats import bootstrap  # half a second, which no one waits for who asks for help

    n = len(a)

    def difference(drawn: NDArray[np.int64], axis: int = -1) -> NDArray[np.float64]:
        del axis  # the groups always stand in the last one
        rows = drawn.reshape(-1, n)
        cells = rows + n * np.arange(len(rows))[:, None]
        times = np.bincount(cells.ravel(), minlength=n * len(rows)).reshape(len(rows), n)
        return (value(times @ b) - value(times @ a)).reshape(drawn.shape[:-1])

    found = bootstrap(
        (np.arange(n),),
        difference,
        n_resamples=n_draws,
        batch=_AT_ONCE,
        vectorized=True,
        confidence_level=LEVEL,
        method="percentile",
        rng=rng,
    ).confidence_interval
    return float(found.low), float(found.high)


def permutation_p(
    a: Counts, b: Counts, value: Value, rng: np.random.Generator, n_draws: int
) -> float:
    """Test that two models are alike: in each group their answers are swapped, or not.

    If the two are alike, swapping all answers of an article changes nothing, however its rows hang
    together; the p-value is then exact. Groups with equal answers play no part. Where there are
    fewer ways to swap than draws, all are tried.

    Args:
        a: Counts by group, shape ``(groups, k)``.
        b: The same of the other model.
        value: Computes a score from summed counts.
        rng: Source of the draws.
        n_draws: Number of permutations.

    Returns:
        The two-sided p-value, in (0, 1].
    """
    from scipy.stats import permutation_test

    differ = (a != b).any(1)
    n = int(differ.sum())
    if n < 2:  # scipy takes no single group; swapped or not, its difference is as large
        return 1.0
    gain = b[differ] - a[differ]
    sum_a, sum_b = a.sum(0), b.sum(0)

    def difference(
        first: NDArray[np.int64], second: NDArray[np.int64], axis: int = -1
    ) -> NDArray[np.float64]:
        del second, axis  # what is not with a is with b
        moved = (first >= n).astype(float) @ gain
        return value(sum_b - moved) - value(sum_a + moved)

    found = permutation_test(
        (np.arange(n), np.arange(n) + n),
        difference,
        permutation_type="samples",
        vectorized=True,
        n_resamples=n_draws,
        batch=_AT_ONCE,
        alternative="two-sided",
        rng=rng,
    )
    return float(found.pvalue)


def mcnemar_p(a_only: int, b_only: int) -> float:
    """Compute McNemar's exact two-sided p-value from the rows that one model alone has right.

    Source:
        McNemar 1947; exact as a binomial test.
    """
    from scipy.stats import binomtest

    n = a_only + b_only
    return float(binomtest(a_only, n).pvalue) if n else 1.0


def corrected(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values so that those below alpha hold at most that share of false findings.

    Source:
        Benjamini and Hochberg 1995.
    """
    from scipy.stats import false_discovery_control

    adjusted: list[float] = false_discovery_control(p_values).tolist() if len(p_values) else []
    return adjusted
