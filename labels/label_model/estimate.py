"""From votes to probabilities, by the label model that the settings name."""

import numpy as np
from numpy.typing import NDArray

from labels.label_model.dawid_skene import fit
from labels.label_model.items import SchemeItems
from labels.label_model.majority import majority
from labels.label_model.settings import LabelModelKind, LabelModelSettings
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
