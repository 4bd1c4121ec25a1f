"""The training loss: soft labels, per-example weights, rare classes weighed up."""

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, log_softmax

from training.data.attribution import BY_AUTHOR, UNKNOWN, span_number
from training.data.batches import Batch


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


def author_shift(holders: Tensor, expected: float | None) -> float:
    """Tell how much likelier training makes the author the holder than it is in use.

    Args:
        holders: Of all examples, see `Examples`.
        expected: Share of the positions whose holder is the author where the model is used, in
            (0, 1); None where it is not known.

    Returns:
        The difference of log odds; 0 where nothing is expected, or training has but one kind of
        holder. As in `prior_shifts`, it is added to the logit of the author in the loss.
    """
    known = holders[holders != UNKNOWN]
    n_author = int((known == span_number(*BY_AUTHOR)).sum())
    if expected is None or not 0 < n_author < len(known):
        return 0.0
    return math.log(n_author / (len(known) - n_author)) - math.log(expected / (1 - expected))


def attribution_loss(
    holder: Tensor,
    voice: Tensor,
    batch: Batch,
    n_holders: Tensor,
    n_voices: Tensor,
    shift: float,
) -> Tensor:
    """Compute the cross entropy of holders and voices.

    Args:
        holder: Logits of each span, shape ``(n, targets, length, LONGEST)``.
        voice: Logits, shape ``(n, targets, voices)``.
        batch: What is right, and which tokens are padding.
        n_holders: How many holders gold gives in the batch that this one is, or that it is a slice
            of.
        n_voices: The same of voices.
        shift: What `author_shift` gives.

    Returns:
        The sum of both means; of a slice, its part of the batch's.
    """
    first, steps = (torch.arange(n, device=holder.device) for n in holder.shape[2:])
    lengths = batch.attention_mask.sum(1)[:, None, None]
    into_padding = first[:, None] + steps >= lengths  # (n, length, LONGEST)
    spans = holder.masked_fill(into_padding[:, None], torch.finfo(holder.dtype).min).flatten(2)
    is_author = torch.arange(spans.shape[2], device=spans.device) == span_number(*BY_AUTHOR)
    of_holders = cross_entropy(
        (spans + shift * is_author).flatten(0, 1),
        batch.holders.flatten(),
        ignore_index=UNKNOWN,
        reduction="sum",
    )
    of_voices = cross_entropy(
        voice.flatten(0, 1), batch.voices.flatten(), ignore_index=UNKNOWN, reduction="sum"
    )
    return of_holders / n_holders.clamp(min=1) + of_voices / n_voices.clamp(min=1)


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
