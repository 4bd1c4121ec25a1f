"""The scores of the project, as pure functions and as `evaluate.Metric` classes.

A score that cannot be computed is None and comes with its n and a reason, never 0.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labels.errors import DataError
from labels.schema import POLAR_STANCES, SENTIMENTS, STANCES

Ids = NDArray[np.int64]
POLAR_IDS = tuple(STANCES.index(stance) for stance in POLAR_STANCES)


def confusion(gold: Ids, predicted: Ids, n_classes: int) -> NDArray[np.int64]:
    """Count (gold, predicted) pairs.

    Args:
        gold: Class ids, shape ``(n,)``.
        predicted: Class ids, same shape and order.
        n_classes: Number of classes; every id is below it.

    Returns:
        Shape ``(n_classes, n_classes)``; rows are gold, columns predicted.

    Raises:
        DataError: Shapes differ.
    """
    if gold.shape != predicted.shape:
        raise DataError(f"gold has shape {gold.shape}, predicted has {predicted.shape}")
    pairs = np.bincount(gold * n_classes + predicted, minlength=n_classes**2)
    return pairs.reshape(n_classes, n_classes).astype(np.int64)


def class_f1(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Compute the F1 of each class from a confusion matrix; 0 where nothing is right.

    Returns:
        Shape ``(classes,)``, fractions in [0, 1]; NaN where a class has no gold.
    """
    right = np.diag(counts).astype(float)
    total = counts.sum(0) + counts.sum(1)
    scores = 2 * right / np.maximum(total, 1)
    return np.where(counts.sum(1) > 0, scores, np.nan)


def mean_f1(
    counts: NDArray[np.int64], ids: Sequence[int], names: Sequence[str]
) -> tuple[float | None, str | None]:
    """Average the F1 of some classes.

    Returns:
        A fraction in [0, 1] and None, or None and the reason where a class has no gold.
    """
    lacking = [names[i] for i in ids if counts[i].sum() == 0]
    if lacking:
        return None, f"no gold example of {', '.join(lacking)}"
    return float(class_f1(counts)[list(ids)].mean()), None


def score_stance(gold: Ids, predicted: Ids) -> dict[str, Any]:
    """Score stance rows, unrelated ones included.

    Args:
        gold: Stance ids, shape ``(n,)``.
        predicted: Stance ids, same shape and order.

    Returns:
        ``n``, ``f_polar`` and ``macro_f1`` (with ``..._reason`` where null), and ``f1``, ``n_gold``
        by class.

    Source:
        f_polar: Mohammad et al. 2016, SemEval-2016 Task 6.
    """
    counts = confusion(gold, predicted, len(STANCES))
    result: dict[str, Any] = {"n": len(gold)}
    for name, ids in (("f_polar", POLAR_IDS), ("macro_f1", range(len(STANCES)))):
        _put(result, name, *mean_f1(counts, list(ids), STANCES))
    return result | _by_class(counts, STANCES)


def score_sentiment(gold: Ids, predicted: Ids) -> dict[str, Any]:
    """Score sentiments; result as in `score_stance`, with ``sentiment_macro_f1``."""
    counts = confusion(gold, predicted, len(SENTIMENTS))
    result: dict[str, Any] = {"n": len(gold)}
    _put(result, "sentiment_macro_f1", *mean_f1(counts, range(len(SENTIMENTS)), SENTIMENTS))
    return result | _by_class(counts, SENTIMENTS)


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


def _put(result: dict[str, Any], name: str, value: float | None, reason: str | None) -> None:
    result[name] = value
    if reason is not None:
        result[f"{name}_reason"] = reason


def _by_class(counts: NDArray[np.int64], names: Sequence[str]) -> dict[str, Any]:
    f1 = class_f1(counts)
    return {
        "f1": {n: None if np.isnan(f1[i]) else float(f1[i]) for i, n in enumerate(names)},
        "n_gold": {n: int(counts[i].sum()) for i, n in enumerate(names)},
    }
