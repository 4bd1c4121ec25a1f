"""Intervals that resample articles, not rows."""

from collections.abc import Sequence

import numpy as np

from labels.metrics.f1 import Ids, class_f1


def group_interval(
    gold: Ids,
    predicted: Ids,
    groups: Sequence[str],
    ids: Sequence[int],
    n_classes: int,
    rng: np.random.Generator,
    n_draws: int,
) -> tuple[float, float] | None:
    """Give a 95% interval of the mean F1 of some classes, resampling whole groups.

    Rows of one article are not independent, so articles (groups) are drawn, not rows.

    Args:
        gold: Class ids, shape ``(n,)``.
        predicted: Class ids, same shape and order.
        groups: Group of each row, length n.
        ids: Classes whose F1 is averaged.
        n_classes: Number of classes.
        rng: Source of the draws.
        n_draws: Number of bootstrap samples.

    Returns:
        The 2.5% and 97.5% quantiles, or None with fewer than two groups or where a class has no
        gold, as the score itself is then null.

    Source:
        Efron and Tibshirani 1993, the percentile bootstrap, over clusters.
    """
    names, index = np.unique(np.asarray(groups), return_inverse=True)
    if len(names) < 2 or not np.isin(list(ids), gold).all():
        return None
    tables = np.zeros((len(names), n_classes, n_classes), np.int64)
    np.add.at(tables, (index, gold, predicted), 1)
    draws = []
    for _ in range(n_draws):
        counts = tables[rng.integers(len(names), size=len(names))].sum(0)
        draws.append(float(np.nan_to_num(class_f1(counts)[list(ids)]).mean()))
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(low), float(high)
