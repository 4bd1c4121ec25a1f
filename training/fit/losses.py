"""The training loss: soft labels, per-example weights, rare classes weighed up."""

import torch
from torch import Tensor
from torch.nn.functional import log_softmax


def class_weights(labels: Tensor, weights: Tensor, power: float) -> Tensor:
    """Weigh classes by their inverse frequency to a power.

    Args:
        labels: Label distributions, shape ``(rows, classes)``.
        weights: Weight of each row, shape ``(rows,)``; 0 masks it.
        power: 0 weighs all classes alike, 1 gives each class the same total.

    Returns:
        Shape ``(classes,)``; the mean over the labelled rows is 1. A class that never occurs gets
        the weight of the rarest one that does.
    """
    counts = (labels * weights[:, None]).sum(0)
    floor = counts[counts > 0].min() if (counts > 0).any() else counts.new_tensor(1.0)
    raw = counts.clamp(min=float(floor)) ** -power
    total = (raw * counts).sum()
    return raw * counts.sum() / total if total > 0 else torch.ones_like(raw)


def total_weight(labels: Tensor, weights: Tensor, by_class: Tensor) -> Tensor:
    """Sum what the rows count for in `soft_cross_entropy`; arguments as there."""
    return (weights * (labels * by_class).sum(-1)).sum()


def soft_cross_entropy(
    logits: Tensor, labels: Tensor, weights: Tensor, by_class: Tensor, total: Tensor
) -> Tensor:
    """Cross entropy against label distributions.

    Args:
        logits: Shape ``(..., classes)``.
        labels: Label distributions, same shape.
        weights: Shape ``(...)``; 0 masks a row.
        by_class: Weight of each class, shape ``(classes,)``.
        total: The `total_weight` of the batch that these rows are, or that they are a slice of.

    Returns:
        The mean over rows, weighted by ``weights`` and the class weights; 0 when all are masked.
        Of a slice, its part of the batch's mean.
    """
    rows = -(labels * by_class * log_softmax(logits, dim=-1)).sum(-1) * weights
    return rows.sum() / total.clamp(min=1e-6)
