"""The training loss: soft labels, per-example weights, rare classes weighed up."""

from collections.abc import Mapping, Sequence

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


def prior_shifts(
    labels: Tensor,
    weights: Tensor,
    langs: Sequence[str],
    by_class: Tensor,
    expected: Mapping[tuple[str, int], Mapping[int, float]],
) -> Tensor:
    """Tell how much likelier training makes each class than it is where the model is used.

    Added to the logits in the loss, the shifts take it off the logits themselves: these learn the
    probabilities that hold under the expected shares (Menon et al. 2021, Long-tail learning via
    logit adjustment, equation 10; https://arxiv.org/abs/2007.07314).

    Args:
        labels: Label distributions, shape ``(n, tasks, classes)``.
        weights: Weight of each label, shape ``(n, tasks)``; 0 masks it.
        langs: Language of each sentence.
        by_class: What `class_weights` gives.
        expected: By language and number of the task, the share, above 0, of each class that is
            named among those that are named. Together they are expected as often as in training,
            and so is a class that is not named.

    Returns:
        Log ratios, shape ``(n, tasks, classes)``; 0 for a language and task without expected
        shares, and for a class that its training labels lack.
    """
    found = torch.zeros_like(labels)
    for (lang, task), shares in expected.items():
        chosen = torch.tensor([own == lang for own in langs], dtype=torch.bool)
        counts = (labels[chosen, task] * weights[chosen, task, None]).sum(0)
        named = list(shares)
        wanted = counts.clone()
        wanted[named] = counts[named].sum() * counts.new_tensor(list(shares.values()))
        seen = counts * by_class.to(counts.device)
        ratios = torch.log(seen / wanted) - torch.log(seen.sum() / counts.sum())
        found[chosen, task] = torch.where(counts > 0, ratios, torch.zeros_like(ratios))
    return found


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
