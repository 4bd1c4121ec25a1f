"""What an export folder holds, for those who write one and those who read one; no torch here."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NotRequired, TypedDict

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from training.model.records import BackboneRecord, ClassifierRecord, TargetDefinition, TrainingFacts

EXPORT_VERSION = 2  # raised when a folder of the older layout can no longer be read
EXPORT_FILE = "export.json"
TOKENIZER_FILE = "tokenizer.json"
ONNX_FILE = "model.onnx"  # the graph; its inputs are `input_ids` and `attention_mask`
# The weights lie beside the graph, where they are mapped into memory: opening an export then takes
# a sixth of the time and a third of the memory that one large file takes.
ONNX_WEIGHTS_FILE = f"{ONNX_FILE}.data"
INFERENCE_FILES = (ONNX_WEIGHTS_FILE, ONNX_FILE, TOKENIZER_FILE)  # the largest first

Ids = NDArray[np.int64]


class Parity(TypedDict):
    """How closely the ONNX graph gives the logits of the model that it was made from."""

    sentences: int
    below: float  # largest difference of a logit that was allowed


class ExportDescription(TypedDict):
    """The content of ``export.json``."""

    version: int  # of the folder's layout
    sikap_version: str
    schemes: dict[str, list[str]]  # name -> classes; an output of the graph each, of that name
    targets: list[TargetDefinition]  # in the order of the stance logits
    prefix: str  # stands before every sentence
    max_tokens: int  # longer sentences are cut
    pad_id: int
    backbone: BackboneRecord
    classifier: ClassifierRecord
    training: TrainingFacts
    parity: Parity
    sha256: NotRequired[dict[str, str]]  # of every other file of the folder


def open_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    """Open an ONNX file on the processor; 0 threads are as many as there are cores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or os.cpu_count() or 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def pad(rows: Sequence[Sequence[int]], pad_id: int) -> tuple[Ids, Ids]:
    """Make the two inputs of the graph from tokenised sentences, at least one.

    Returns:
        Token ids and attention mask, both of shape ``(n, longest)``.
    """
    ids = np.full((len(rows), max(map(len, rows))), pad_id, np.int64)
    mask = np.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row)], mask[i, : len(row)] = row, 1
    return ids, mask
