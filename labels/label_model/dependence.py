"""Labellers that err together: how much of what each says has been said by others.

Dawid-Skene takes labellers to err independently, given the class. Functions that read the same
words do not, and counted in full they make the label model too sure of what they say. So each
labeller's evidence is multiplied by a weight in [0, 1]: copies share the weight of one, and
labellers that are alike in part share in part.

How alike two labellers are is told by what their answers hold beyond what the class explains: the
RV coefficient of their residuals, a squared correlation, 0 where they err independently and 1
where the one tells the answer of the other. The weights solve ``similarity @ weights = 1``, as
those of the best linear combination of correlated measurements do; two labellers of similarity s
get 1 / (1 + s).

Source:
    Robert and Escoufier 1976, Applied Statistics 25(3), for the coefficient; Leinster and Cobbold
    2012, Ecology 93(3), for the weights.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from labels.label_model.votes import ABSTAIN, NOT_ASKED, Ints

Floats = NDArray[np.float64]
_TINY = 1e-12
_FEWEST = 20  # answers: that fewer are alike tells nothing of those who gave them


def copies(votes: NDArray[np.int8]) -> tuple[Ints, Ints]:
    """Find labellers that give the same answers throughout, and not only to a few questions.

    Args:
        votes: Shape ``(items, labellers)``.

    Returns:
        The number of the first labeller of each kind, and for each labeller the place of its kind
        among them.
    """
    first: list[int] = []
    kind = np.zeros(votes.shape[1], dtype=np.int64)
    answers = (votes != NOT_ASKED).sum(axis=0)
    for number in range(votes.shape[1]):
        same = (
            place
            for place, other in enumerate(first)
            if answers[number] >= _FEWEST and np.array_equal(votes[:, other], votes[:, number])
        )
        kind[number] = next(same, len(first))
        if kind[number] == len(first):
            first.append(number)
    return np.array(first, dtype=np.int64), kind


def weigh(votes: Ints, groups: Ints, counts: Floats, posterior: Floats, outcomes: Floats) -> Floats:
    """Weigh labellers by how little of what each says is said by the others.

    Args:
        votes: Shape ``(items, labellers)``, without copies.
        groups: The language of each item, by number.
        counts: How many items each of these stands for, shape ``(items,)``.
        posterior: Of each item, shape ``(items, classes)``.
        outcomes: As in `labels.label_model.fitted.LabelModel`.

    Returns:
        Shape ``(labellers,)``, in [0, 1].
    """
    residuals = [
        _residual(votes[:, number], groups, posterior, outcomes[number])
        for number in range(votes.shape[1])
    ]
    solution, _ = nnls(_similarity(votes, residuals, counts), np.ones(votes.shape[1]))
    return np.asarray(np.minimum(solution, 1.0))


def correlations(votes: NDArray[np.int8], n_classes: int) -> Floats:
    """Tell how alike the answers of labellers are, whatever the classes are.

    Args:
        votes: Shape ``(items, labellers)``.
        n_classes: Number of classes.

    Returns:
        Shape ``(labellers, labellers)``: the root of the RV coefficient, which for two labellers
        of one class each is the size of their correlation; 0 where few were asked the same.
    """
    answers = votes.astype(np.int64)
    items = len(answers)
    even = np.full((items, n_classes), 1 / n_classes)
    residuals = []
    for own in answers.T:
        outcome = np.where(own == ABSTAIN, n_classes, own)[own != NOT_ASKED]
        shares = np.bincount(outcome, minlength=n_classes + 1) / max(1, len(outcome))
        table = np.tile(shares, (1, n_classes, 1))
        residuals.append(_residual(own, np.zeros(items, np.int64), even, table))
    return np.asarray(np.sqrt(_similarity(answers, residuals, np.ones(items))))


def _similarity(votes: Ints, residuals: Sequence[Floats], counts: Floats) -> Floats:
    asked = votes != NOT_ASKED
    similarity = np.eye(votes.shape[1])
    for one in range(votes.shape[1]):
        for other in range(one):
            both = counts * (asked[:, one] & asked[:, other])
            if both.sum() >= _FEWEST:
                alike = _rv(residuals[one], residuals[other], both)
                similarity[one, other] = similarity[other, one] = alike
    return similarity


def _residual(votes: Ints, groups: Ints, posterior: Floats, table: Floats) -> Floats:
    """Give what the outcomes of a labeller are beyond what the class explains.

    Returns:
        Shape ``(items, classes + 1)``.
    """
    n_outcomes = table.shape[2]
    outcome = np.where(votes == ABSTAIN, n_outcomes - 1, votes)
    found = np.zeros((len(votes), n_outcomes))
    asked = np.flatnonzero(votes != NOT_ASKED)
    found[asked, outcome[asked]] = 1.0
    found[asked] -= np.einsum("iy,iyo->io", posterior[asked], table[groups[asked]])
    return found


def _rv(one: Floats, other: Floats, counts: Floats) -> float:
    """Compute the RV coefficient, in [0, 1]; 0 where one of the two does not vary."""
    first, second = one.T * counts, other.T * counts
    scale = float(np.sqrt(((first @ one) ** 2).sum() * ((second @ other) ** 2).sum()))
    return min(1.0, float(((first @ other) ** 2).sum()) / scale) if scale > _TINY else 0.0
