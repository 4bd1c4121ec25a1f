"""How many more labels narrow an interval, and which sentences to label."""

import numpy as np

from training.shares.estimators import Floats, nearest_shares

_MOST = 1_000_000  # labels; more are as good as never


def labels_needed(
    counts: Floats, confusion: Floats, i: int, width: float, wanted: float
) -> int | None:
    """Say how many more labels of sentences of a cell make an interval as narrow as asked for.

    The variance has a part of the sentences of the cell, which labels do not change, and a part of
    each class's error rates, which falls with the gold sentences of that class. New labels are
    taken to fall on the classes as the cell's sentences do.

    Args:
        counts: Of predicted classes in the cell, as if independent, shape (classes,).
        confusion: Of the gold sample, ``[right, predicted]``, as if independent.
        i: The class.
        width: Of its interval now, high minus low.
        wanted: The width asked for, above 0.

    Returns:
        0 where it is narrow enough; None where no number of labels is enough.
    """
    if width <= wanted:
        return 0
    of_cell, of_gold, per_label = _parts(counts, confusion, i)
    now = of_cell + of_gold.sum()
    if not now > 0:
        return None

    def width_with(labels: float) -> float:
        """Scale the width now as the first-order variance falls."""
        rows = confusion.sum(1)
        left = of_cell + (of_gold * rows / (rows + labels * per_label)).sum()
        return width * float(np.sqrt(left / now))

    if width_with(_MOST) > wanted:
        return None
    low, high = 0, _MOST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if width_with(middle) <= wanted else (middle, high)
    return high


def narrowest_width(counts: Floats, confusion: Floats, i: int, width: float) -> float:
    """Return the width of the interval if the error rates were known exactly."""
    of_cell, of_gold, _ = _parts(counts, confusion, i)
    now = of_cell + of_gold.sum()
    return round(width * float(np.sqrt(of_cell / now)), 6) if now > 0 else width


def _parts(counts: Floats, confusion: Floats, i: int) -> tuple[float, Floats, Floats]:
    """Split the first-order variance of a share: of the cell, of each class's error rates; shares.

    Source:
        The delta method on ``shares = rates^-1 predicted``, rows of the confusion multinomial.
    """
    rates = (confusion / confusion.sum(1, keepdims=True)).T
    inverse = np.linalg.pinv(rates)[i]
    seen = counts / counts.sum()
    shares = nearest_shares(np.linalg.pinv(rates) @ seen)
    spread = float(np.square(inverse) @ seen - (inverse @ seen) ** 2) / counts.sum()
    of_rates = np.square(inverse) @ rates - np.square(inverse @ rates)
    return spread, np.square(shares) * of_rates / confusion.sum(1), shares
