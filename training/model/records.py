"""What stands in the JSON files of a model folder."""

from typing import NotRequired, Required, TypedDict

WEIGHTS = "model.safetensors"  # file of a model folder
Phrases = dict[str, list[str]]  # language -> names or words


class ContextDefinition(TypedDict):
    """Words that decide whether an ambiguous name means the target."""

    near: Phrases
    weak: Phrases
    elsewhere: Phrases
    weak_elsewhere: Phrases
    default: bool


class TargetDefinition(TypedDict, total=False):
    """A target as ``targets.json`` defines it; a model needs its key and its description."""

    key: Required[str]
    name: str
    description: Required[str]
    kind: str
    aliases: Phrases
    ambiguous: Phrases
    doubtful: Phrases
    exclusions: Phrases
    context: ContextDefinition | None


class AuxiliaryFacts(TypedDict):
    """A set that a model learned from besides."""

    suite: str
    share: float  # of the steps
    weight: float  # of its loss
    sentences: int


class TrainingFacts(TypedDict):
    """How a model was trained."""

    seed: int
    start: NotRequired[str]  # the model whose weights it began with, by their SHA-256
    epochs: int
    best_epoch: int
    precision: NotRequired[str]
    processes: NotRequired[int]
    train_sentences: int
    dev_sentences: NotRequired[int]
    train_sentences_cut: NotRequired[int]  # to the length that the model reads
    auxiliary: NotRequired[list[AuxiliaryFacts]]


class ClassifierRecord(TypedDict):
    """The settings of a classifier; those of its kind alone stand beside these."""

    kind: str
    sentiment_question: str
    head_width: int
    dropout: float


class BackboneRecord(TypedDict):
    """The settings of a backbone; those of its kind alone stand beside these."""

    kind: str
    name: str
    max_tokens: int
    prefix: str


class ModelManifest(TypedDict):
    """The content of ``model.json``."""

    version: int  # of the folder's layout
    classifier: ClassifierRecord
    backbone: BackboneRecord
    pad_id: int
    targets: list[TargetDefinition]  # in the order of the stance logits
    training: TrainingFacts
