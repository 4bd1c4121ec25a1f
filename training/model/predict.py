"""The one way to score sentences with a model, in training and after it."""

from collections.abc import Callable, Iterable

import numpy as np
import torch
import torch.distributed as dist
from numpy.typing import NDArray

from training.data.batches import batches, sorted_order
from training.data.examples import Examples
from training.model.base import Classifier
from training.model.settings import Precision

Logits = dict[str, NDArray[np.float32]]
Order = list[list[int]]


def predict_logits(
    classifier: Classifier,
    examples: Examples,
    pad_id: int,
    batch_size: int,
    precision: Precision,
    progress: Callable[[Order], Iterable[list[int]]] = iter,
) -> Logits:
    """Give the logits of every example, computed on the device where the classifier is.

    In a run of several processes, each scores a part of the batches, every example is scored once,
    and all processes get all logits. The classifier is in evaluation mode afterwards.

    Args:
        classifier: Not wrapped for training.
        examples: Their labels are not looked at.
        pad_id: The token that fills up short sentences of a batch.
        batch_size: Sentences in a batch; they are sorted by length.
        precision: Number format of matrix products, bf16 or fp32.
        progress: Wraps the batches of this process to show how far it is, as `rich.progress.track`.

    Returns:
        By the name of the scheme, shape ``(n, tasks of the scheme, classes)``, in the order of the
        examples.
    """
    process, n_processes = _place_among_processes()
    device = next(classifier.parameters()).device
    order = sorted_order(examples.lengths, batch_size)[process::n_processes]
    found = {name: torch.zeros(labels.shape) for name, labels in examples.labels.items()}
    classifier.eval()
    fast = torch.autocast(device.type, torch.bfloat16, enabled=precision is Precision.bf16)
    with torch.no_grad(), fast:
        for indices in progress(order):
            (batch,) = batches(examples, [indices], pad_id)
            batch = batch.to(device)
            logits = classifier(batch.input_ids, batch.attention_mask, batch.mentions)
            for name, values in logits.items():
                found[name][indices] = values.cpu()
    if n_processes > 1:
        for name, values in found.items():
            found[name] = _sum_over_processes(values, device)
    return {name: values.numpy() for name, values in found.items()}


def _place_among_processes() -> tuple[int, int]:
    if dist.is_available() and dist.is_initialized():
        return dist.get_rank(), dist.get_world_size()
    return 0, 1


def _sum_over_processes(values: torch.Tensor, device: torch.device) -> torch.Tensor:
    """Join rows of which each process has some, and zeros for the others: sums that are exact."""
    joined = values.to(device)
    dist.all_reduce(joined)
    return joined.cpu()
