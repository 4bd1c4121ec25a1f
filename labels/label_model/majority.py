"""Majority vote: the fraction of the votes that each class got."""

import numpy as np
from numpy.typing import NDArray

from labels.label_model.votes import VoteMatrix


def majority(matrix: VoteMatrix) -> NDArray[np.float64]:
    """Give each item the fractions of its votes; an item without a vote gets equal ones.

    Returns:
        Probabilities, shape ``(items, classes)``; each row sums to 1.
    """
    counts = np.zeros((len(matrix.votes), matrix.n_classes))
    for label in range(matrix.n_classes):
        counts[:, label] = (matrix.votes == label).sum(axis=1)
    counts[counts.sum(axis=1) == 0] = 1.0
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))
