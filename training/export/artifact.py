"""What an export folder holds, for those who write one and those who read one; no torch here."""

import json
import os
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple, NotRequired, TypedDict

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from labels.metrics.calibration_file import Fitted
from training.data.attribution import HOLDER, VOICE
from training.data.marks import Mark, mark_matrix
from training.model.records import BackboneRecord, ClassifierRecord, TargetDefinition, TrainingFacts

EXPORT_VERSION = 7  # raised when a folder of the older layout can no longer be read
EXPORT_FILE = "export.json"
TOKENIZER_FILE = "tokenizer.json"
ONNX_FILE = "model.onnx"  # the graph
# A rewriting of the graph that ONNX Runtime does when it opens one, and that costs more than it
# saves: its norm with a sum takes five times as long on a processor as the two by themselves.
_SLOWER = ["SkipLayerNormFusion"]
INPUTS = ("input_ids", "attention_mask", "mentions")  # of the graph; `inputs_of` makes them
# The weights lie beside the graph, where they are mapped into memory: opening an export then takes
# a sixth of the time and a third of the memory that one large file takes.
ONNX_WEIGHTS_FILE = f"{ONNX_FILE}.data"


class Variant(StrEnum):
    """A form of the graph that an export may hold."""

    fp32 = "fp32"  # exact, as torch answers
    int8 = "int8"  # weights in 8 bits: smaller, and faster where the processor multiplies these
    small = "small"  # the same, and a vocabulary of its own: the pieces of frequent words


class VariantFiles(NamedTuple):
    """The files that a variant is made of."""

    graph: str
    tokenizer: str = TOKENIZER_FILE
    weights: tuple[str, ...] = ()  # that do not lie in the graph

    @property
    def all(self) -> tuple[str, ...]:
        """Their names."""
        return (*self.weights, self.graph, self.tokenizer)


VARIANT_FILES = {
    Variant.fp32: VariantFiles(ONNX_FILE, weights=(ONNX_WEIGHTS_FILE,)),
    Variant.int8: VariantFiles("model.int8.onnx"),
    Variant.small: VariantFiles("model.small.onnx", "tokenizer.small.json"),
}


class Parity(TypedDict):
    """How closely the ONNX graph gives the logits of the model that it was made from."""

    sentences: int
    below: float  # largest difference of a logit that was allowed


class VariantParity(TypedDict):
    """How closely a variant answers as the exact graph does."""

    sentences: int  # that were compared
    megabytes: float  # of all its files
    agreement: dict[str, float]  # language -> share of the answers that are the same
    f_polar_loss: dict[str, float]  # by language and target, and of all: what f_polar falls on dev
    positions: dict[str, int]  # of gold, that this is measured on


class ExportKind(StrEnum):
    """What answers in an export."""

    network = "network"
    rules = "rules"  # labelling functions and a label model
    pool = "pool"  # a network and rules together


class AnyDescription(TypedDict):
    """What ``export.json`` says, whatever answers."""

    version: int  # of the folder's layout
    kind: NotRequired[str]  # an `ExportKind`; left out by a network
    sikap_version: str
    schemes: dict[str, list[str]]  # name -> classes; see `outputs_of`
    voices: list[str]  # in the order of the voice logits; none: no holder and voice is told
    targets: list[TargetDefinition]  # in the order of the stance logits
    russian_forms: dict[str, str]  # of words in their names: dictionary form -> forms and spaces
    variants: dict[str, VariantParity]  # besides the exact one
    refused: dict[str, str]  # variant -> why it is not here
    calibration: Fitted
    sha256: NotRequired[dict[str, str]]  # of every other file of the folder


class ExportDescription(AnyDescription):
    """The content of ``export.json`` of a network."""

    prefix: str  # stands before every sentence
    max_tokens: int  # longer sentences are cut
    pad_id: int
    backbone: BackboneRecord
    classifier: ClassifierRecord
    training: TrainingFacts
    parity: Parity


class LearnedFrom(TypedDict):
    """What the label model of an export was fitted on."""

    sentences: int
    articles: int
    anchors: int  # of the sentences, those whose gold taught it
    votes: dict[str, int]  # by scheme


class RulesDescription(AnyDescription):
    """The content of ``export.json`` of labelling functions with a label model."""

    functions: dict[str, list[str]]  # by scheme, as the label model names them
    fingerprint: str  # of their edition
    learned_from: LearnedFrom


class PoolChoice(TypedDict):
    """How the two parts of a pool are put together; see `training.inference.pool`."""

    weight: float  # of the network, in [0, 1]
    bias: dict[str, float]  # by class; none: 0


class PoolScores(TypedDict):
    """What the parts and the pool score on the gold that chose the weights."""

    answers: int
    model: float  # f_polar of stances, macro F1 of sentiment
    rules: float
    pool: float  # of answers to articles that did not choose


class ChosenOn(TypedDict):
    """What the weights of a pool were chosen on."""

    sentences: int
    articles: int
    folds: int
    seed: int
    scores: dict[str, PoolScores]  # by scheme


class PoolDescription(AnyDescription):
    """The content of ``export.json`` of a network and rules that answer together."""

    pooled: dict[str, PoolChoice]  # by scheme
    chosen_on: ChosenOn


MODEL_PART, RULES_PART = "model", "rules"  # the folders of a pool's parts, each an export


def kind_of(description: AnyDescription) -> ExportKind:
    """Tell what answers in an export."""
    return ExportKind(description.get("kind", ExportKind.network))


def names_of(description: AnyDescription) -> str:
    """Give what the targets are called as JSON: what `finder_of` makes a finder of."""
    return json.dumps([description["targets"], description["russian_forms"]], ensure_ascii=False)


def outputs_of(schemes: Iterable[str]) -> tuple[str, ...]:
    """Name the outputs of the graph, in the order of the classifier's: schemes, holder, voice."""
    return (*dict.fromkeys(schemes), HOLDER, VOICE)


def open_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    """Open an ONNX file on the processor; 0 threads are as many as there are cores."""
    return open_model(str(path), threads)


def open_model(graph: str | bytes, threads: int = 0) -> onnxruntime.InferenceSession:
    """Open a graph, by its path or its content, as `open_session`."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or os.cpu_count() or 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        graph, options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER
    )


def inputs_of(
    rows: Sequence[Sequence[int]], marks: Sequence[Sequence[Mark]], pad_id: int, n_targets: int
) -> dict[str, NDArray[Any]]:
    """Make the inputs of the graph from tokenised sentences, at least one.

    Args:
        rows: Token ids of each sentence.
        marks: The tokens of each that name a target.
        pad_id: The token that fills up short sentences.
        n_targets: Number of stance questions.

    Returns:
        ``input_ids`` and ``attention_mask``, shape ``(n, longest)``, and ``mentions``, shape
        ``(n, longest, targets)``.
    """
    ids = np.full((len(rows), max(map(len, rows))), pad_id, np.int64)
    mask = np.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row)], mask[i, : len(row)] = row, 1
    mentions = mark_matrix(marks, ids.shape[1], n_targets)
    return dict(zip(INPUTS, (ids, mask, mentions), strict=True))
