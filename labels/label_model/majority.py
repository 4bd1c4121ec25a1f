"""Majority vote: the fraction of the votes that each class got."""

import numpy as np
from numpy.typing import NDArray

from labels.label_model.votes import VoteMatrix


def majority(matrix: VoteMatrix) -> NDArray[np.float64]:
    """Give each item the fractions of its votes; an item without a vote gets equal ones.

    Returns:
        Probabilities, shape ``(items, classes)``; each row sums to 1.
    """
    found = shares(matrix.votes, matrix.n_classes)
    found[found.sum(axis=1) == 0] = 1 / matrix.n_classes
    return found


def shares(votes: NDArray[np.int8], n_classes: int) -> NDArray[np.float64]:
    """Give the fraction of each item's votes that each class got, 0 where there is none.

    Args:
        votes: As in `VoteMatrix`.
        n_classes: Number of classes.

    Returns:
        Shape ``(items, classes)``.
    """
    counts = np.stack([(votes == label).sum(axis=1) for label in range(n_classes)], axis=1)
    return np.asarray(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))
