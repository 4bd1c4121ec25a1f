"""From votes to probabilities, by the label model that the settings name."""

import numpy as np
from numpy.typing import NDArray

from labels.label_model.dawid_skene import fit, frequencies
from labels.label_model.fitted import LabelModel, stratum_of
from labels.label_model.items import SchemeItems
from labels.label_model.kind import LabelModelKind
from labels.label_model.majority import majority
from labels.label_model.read import GROUPS
from labels.label_model.settings import LabelModelSettings
from labels.label_model.votes import Ints

Floats = NDArray[np.float64]


def estimate(
    items: SchemeItems, settings: LabelModelSettings, anchors: Ints | None = None
) -> Floats:
    """Give every item its probabilities.

    Args:
        items: The votes.
        settings: Which label model, and how.
        anchors: What may teach it; the anchors of ``items`` if None.

    Returns:
        Shape ``(items, classes)``.
    """
    if settings.kind is LabelModelKind.majority:
        return majority(items.matrix)
    return fit(items.matrix, items.anchors if anchors is None else anchors, settings).probabilities


def estimate_held_out(items: SchemeItems, settings: LabelModelSettings, n_folds: int) -> Floats:
    """Give every item the probabilities of a label model that its article's anchors did not teach.

    Returns:
        Shape ``(items, classes)``.
    """
    probabilities = np.zeros((len(items.anchors), items.matrix.n_classes))
    for number in range(n_folds):
        held_out = items.articles % n_folds == number
        anchors = np.where(held_out, -1, items.anchors)
        probabilities[held_out] = estimate(items, settings, anchors)[held_out]
    return probabilities


def learn(items: SchemeItems, settings: LabelModelSettings) -> LabelModel:
    """Learn a label model that other sentences are asked with."""
    matrix = items.matrix
    n_strata = 2 * len(items.tasks)
    if settings.kind is LabelModelKind.majority:
        voted = matrix.has_vote()[:, None]
        shape = (n_strata, len(GROUPS), matrix.n_classes)
        weights, outcomes = np.ones(len(matrix.labellers)), np.zeros((len(matrix.labellers), 0))
        prior = frequencies(
            majority(matrix) * voted, matrix.strata, matrix.groups, shape, settings.pooling
        )
    else:
        found = fit(matrix, items.anchors, settings, len(GROUPS), n_strata)
        weights, outcomes, prior = found.weights, found.outcomes, found.prior
    return LabelModel(
        kind=settings.kind,
        classes=items.scheme.classes,
        labellers=matrix.labellers,
        groups=GROUPS,
        strata=tuple(
            stratum_of(task.key, named) for task in items.tasks for named in (False, True)
        ),
        weights=weights,
        outcomes=outcomes,
        prior=prior,
    )
