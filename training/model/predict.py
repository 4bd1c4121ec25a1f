"""The one way to score sentences with a model, in training and after it."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import torch
import torch.distributed as dist
from numpy.typing import NDArray

from labels.pipeline.schema import VOICES
from training.data.attribution import HOLDER, VOICE, Spans, best_spans, pad_offsets
from training.data.batches import batches, sorted_order
from training.data.examples import Examples
from training.model.base import Classifier
from training.model.settings import Precision

Logits = dict[str, NDArray[np.float32]]
Order = list[list[int]]


class Predictions(NamedTuple):
    """What a classifier says of some examples, in their order."""

    logits: Logits  # by the name of the scheme, shape ``(n, tasks of the scheme, classes)``
    holders: Spans  # first and last token, shape ``(n, targets, 2)``, see `best_spans`
    voices: NDArray[np.float32]  # logits, shape ``(n, targets, voices)``


def predict(
    classifier: Classifier,
    examples: Examples,
    pad_id: int,
    batch_size: int,
    precision: Precision,
    progress: Callable[[Order], Iterable[list[int]]] = iter,
) -> Predictions:
    """Predict every example on the device where the classifier is.

    In a run of several processes, each scores a part of the batches, every example is scored once,
    and all processes get all answers. The classifier is in evaluation mode afterwards.

    Args:
        classifier: Not wrapped for training.
        examples: Their labels are not looked at.
        pad_id: The token that fills up short sentences of a batch.
        batch_size: Sentences in a batch; they are sorted by length.
        precision: Number format of matrix products, bf16 or fp32.
        progress: Wraps the batches of this process to show how far it is, as `rich.progress.track`.
    """
    process, n_processes = _place_among_processes()
    device = next(classifier.parameters()).device
    order = sorted_order(examples.lengths, batch_size)[process::n_processes]
    found = {name: torch.zeros(labels.shape) for name, labels in examples.labels.items()}
    found[VOICE] = torch.zeros(*examples.voices.shape, len(VOICES))
    found[HOLDER] = torch.zeros(*examples.holders.shape, 2, dtype=torch.long)
    classifier.eval()
    fast = torch.autocast(device.type, torch.bfloat16, enabled=precision is Precision.bf16)
    with torch.no_grad(), fast:
        for indices in progress(order):
            (batch,) = batches(examples, [indices], pad_id)
            batch = batch.to(device)
            logits = classifier(batch.input_ids, batch.attention_mask, batch.mentions)
            inside = pad_offsets([examples.offsets[i] for i in indices], batch.input_ids.shape[1])
            spans = best_spans(logits.pop(HOLDER).cpu().numpy(), inside)
            found[HOLDER][indices] = torch.from_numpy(spans)
            for name, values in logits.items():
                found[name][indices] = values.cpu()
    if n_processes > 1:
        for name, values in found.items():
            found[name] = _sum_over_processes(values, device)
    arrays = {name: values.numpy() for name, values in found.items()}
    return Predictions(holders=arrays.pop(HOLDER), voices=arrays.pop(VOICE), logits=arrays)


def _place_among_processes() -> tuple[int, int]:
    if dist.is_available() and dist.is_initialized():
        return dist.get_rank(), dist.get_world_size()
    return 0, 1


def _sum_over_processes(values: torch.Tensor, device: torch.device) -> torch.Tensor:
    """Join rows of which each process has some, and zeros for the others: sums that are exact."""
    joined = values.to(device)
    dist.all_reduce(joined)
    return joined.cpu()
