"""F1 of classes and its means, the same for every label scheme.

A score that cannot be computed is None and comes with its n and a reason, never 0.
"""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import numpy as np
from numpy.typing import NDArray

from labels.pipeline.errors import DataError
from labels.pipeline.schema import Scheme, Stance
from labels.pipeline.tables import Row

Ids = NDArray[np.int64]


class Scores(TypedDict):
    """Scores of the rows of one scheme; fractions in [0, 1], null where they cannot be computed."""

    n: int
    macro_f1: float | None
    macro_f1_reason: NotRequired[str]
    f_polar: NotRequired[float | None]  # where the scheme has polar classes
    f_polar_reason: NotRequired[str]
    false_polar: NotRequired[float | None]  # of the neutral rows, how many are called polar
    f1: dict[str, float | None]  # by class
    n_gold: dict[str, int]  # by class


def ids_of(rows: Sequence[Row], scheme: Scheme) -> tuple[Ids, Ids]:
    """Return the class ids of gold and of the predicted labels of rows, each shape ``(n,)``.

    Args:
        rows: Of the table ``predictions``, of tasks of the scheme.
        scheme: Its classes.
    """
    gold = np.array([scheme.classes.index(row["gold"]) for row in rows], np.int64)
    return gold, np.array([scheme.classes.index(row["label"]) for row in rows], np.int64)


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


def polar_ids(scheme: Scheme) -> tuple[int, ...]:
    """Return the ids of the polar classes of a scheme."""
    return tuple(scheme.classes.index(name) for name in scheme.polar)


def score(scheme: Scheme, gold: Ids, predicted: Ids) -> Scores:
    """Score rows of one scheme; of a stance, unrelated rows included.

    Args:
        scheme: Says which classes there are, and which of them are polar.
        gold: Class ids, shape ``(n,)``.
        predicted: Class ids, same shape and order.

    Source:
        f_polar: Mohammad et al. 2016, SemEval-2016 Task 6.
    """
    counts = confusion(gold, predicted, len(scheme.classes))
    f1 = class_f1(counts)
    result = Scores(
        n=len(gold),
        macro_f1=None,
        f1={name: _known(value) for name, value in zip(scheme.classes, f1, strict=True)},
        n_gold={name: int(counts[i].sum()) for i, name in enumerate(scheme.classes)},
    )
    result["macro_f1"], reason = mean_f1(counts, range(len(scheme.classes)), scheme.classes)
    if reason is not None:
        result["macro_f1_reason"] = reason
    if scheme.polar:
        result["f_polar"], reason = mean_f1(counts, polar_ids(scheme), scheme.classes)
        if reason is not None:
            result["f_polar_reason"] = reason
    if scheme.polar and Stance.neutral in scheme.classes:
        neutral = counts[scheme.classes.index(Stance.neutral)]
        called_polar = float(neutral[list(polar_ids(scheme))].sum())
        result["false_polar"] = called_polar / float(neutral.sum()) if neutral.any() else None
    return result


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
