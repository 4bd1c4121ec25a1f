"""Write a classifier as ONNX, and measure how closely it gives the logits of torch."""

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch

from labels.pipeline.tables import Row
from training.data.examples import tokenize_examples
from training.export.artifact import INPUTS, inputs_of, open_session, outputs_of
from training.model.store import TrainedModel


def write_onnx(model: TrainedModel, path: Path, opset: int) -> None:
    """Write the classifier in float32, batch size and length free; `outputs_of` names outputs.

    The weights lie in ``path`` + ``.data``.
    """
    ids = torch.ones(2, 9, dtype=torch.long)
    mentions = torch.zeros(2, 9, len(model.targets), dtype=torch.bool)
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length", min=3, max=512)
    free = {0: batch, 1: length}
    # The exporter warns of packages it does not need and of its own deprecated calls.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.classifier.eval(),
            (ids, torch.ones_like(ids), mentions),
            path,
            input_names=list(INPUTS),
            output_names=list(outputs_of([task.scheme.name for task in model.tasks])),
            dynamic_shapes=(free, free, free),
            opset_version=opset,
            dynamo=True,
            external_data=True,
            verbose=False,
        )
    _strip_metadata(path)


def _strip_metadata(path: Path) -> None:
    """Drop the exporter's notes: they hold paths of this machine, so no two files were alike."""
    model = onnx.load(path, load_external_data=False)
    graph = model.graph
    named = (*graph.node, *graph.input, *graph.output, *graph.value_info, *graph.initializer)
    for element in (model, graph, *named):
        del element.metadata_props[:]
        element.doc_string = ""
    onnx.save(model, path)


def measure_parity(model: TrainedModel, path: Path, examples: Sequence[Row]) -> float:
    """Return the largest absolute difference of a logit between ONNX and torch.

    Sentences go in padded batches of several sizes, as they do in use.
    """
    session = open_session(path, threads=0)
    names = [output.name for output in session.get_outputs()]
    largest = 0.0
    data = tokenize_examples(examples, model.tasks, model.tokenizer, model.prefix)
    start, size = 0, 1
    while start < len(data):
        end = start + size
        inputs = inputs_of(
            data.input_ids[start:end], data.mentions[start:end], model.pad_id, data.n_targets
        )
        with torch.inference_mode():
            expected = model.classifier(*(torch.from_numpy(inputs[name]) for name in INPUTS))
        found = session.run(names, inputs)
        for name, logits in zip(names, found, strict=True):
            largest = max(largest, float(np.abs(expected[name].numpy() - logits).max()))
        start, size = end, size % 16 + 5
    return largest
