"""The model folder: everything needed to rebuild a trained classifier without its backbone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from transformers import AutoConfig, AutoModel

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import write_json
from labels.pipeline.schema import Task, tasks_for
from training.model.backbone import Backbone
from training.model.base import Classifier
from training.model.classifier import CLASSIFIERS
from training.model.hub import without_pooler
from training.model.records import (
    WEIGHTS,
    BackboneRecord,
    ClassifierRecord,
    ModelManifest,
    TargetDefinition,
    TrainingFacts,
)
from training.model.settings import BackboneSettings, ClassifierSettings

MODEL_VERSION = 4  # raised when a folder of the older layout can no longer be read
MANIFEST, TOKENIZER = "model.json", "tokenizer.json"
ENCODER = "encoder"  # folder of the encoder's config.json


@dataclass
class TrainedModel:
    """A classifier with what it takes to feed it."""

    classifier: Classifier
    tokenizer: Tokenizer
    manifest: ModelManifest

    @property
    def targets(self) -> list[TargetDefinition]:
        """The targets' definitions, in the order of the stance logits."""
        return self.manifest["targets"]

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks, in the order of the logits."""
        return tasks_of(self.manifest)

    @property
    def pad_id(self) -> int:
        """The token that fills up short sentences of a batch."""
        return self.manifest["pad_id"]

    @property
    def prefix(self) -> str:
        """What stands before every sentence."""
        return self.manifest["backbone"]["prefix"]

    @property
    def max_tokens(self) -> int:
        """The length to which longer sentences are cut."""
        return self.manifest["backbone"]["max_tokens"]


def save_model(
    folder: Path,
    weights: Mapping[str, Tensor],
    backbone: Backbone,
    backbone_settings: BackboneSettings,
    classifier_settings: ClassifierSettings,
    targets: Sequence[TargetDefinition],
    training: TrainingFacts,
) -> None:
    """Write the files of a model folder; ``targets`` are in the order of the stance logits."""
    backbone.model.config.save_pretrained(folder / ENCODER)
    backbone.tokenizer.save(str(folder / TOKENIZER))
    save_file({k: v.contiguous() for k, v in weights.items()}, folder / WEIGHTS)
    manifest = ModelManifest(
        version=MODEL_VERSION,
        classifier=cast(ClassifierRecord, classifier_settings.to_json()),
        backbone=cast(BackboneRecord, backbone_settings.to_json()),
        pad_id=backbone.pad_id,
        targets=list(targets),
        training=training,
    )
    write_json(folder / MANIFEST, manifest)


def read_manifest(folder: Path) -> ModelManifest:
    """Read what a model folder says about itself.

    Raises:
        DataError: The folder holds no finished model of this version.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise DataError(f"{folder}: expected a model folder with {MANIFEST}; run train_model first")
    manifest: ModelManifest = json.loads(path.read_text(encoding="utf-8"))
    found = manifest.get("version")
    if found != MODEL_VERSION:
        raise DataError(
            f"{path}: expected a model of version {MODEL_VERSION}, found {found}; train it again"
        )
    return manifest


def load_model(folder: Path) -> TrainedModel:
    """Rebuild a trained classifier on the processor, in evaluation mode, float32.

    Raises:
        DataError: The folder holds no finished model of this version, or its weights are damaged.
    """
    manifest = read_manifest(folder)
    encoder_config = AutoConfig.from_pretrained(folder / ENCODER)
    encoder = AutoModel.from_config(  # type: ignore[no-untyped-call]
        encoder_config, **without_pooler(encoder_config.model_type)
    )
    encoder.set_attn_implementation("eager")
    weights = _read_weights(folder)
    kind = CLASSIFIERS[manifest["classifier"]["kind"]]
    settings = kind.SETTINGS.from_json(manifest["classifier"])
    schemes = [task.scheme for task in tasks_of(manifest)]
    classifier = kind.empty(settings, encoder, schemes, folder / WEIGHTS)
    _load(classifier, weights, folder)
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    return TrainedModel(classifier.eval(), tokenizer, manifest)


def start_from(
    folder: Path,
    classifier: Classifier,
    backbone: Backbone,
    backbone_settings: BackboneSettings,
    classifier_settings: ClassifierSettings,
) -> None:
    """Begin with the weights of a trained model, whatever its targets are.

    What stands for a target (its query, or the prefix of its question) is made of its description
    and does not learn, so it stays that of the new classifier.

    Args:
        folder: A model folder.
        classifier: Takes the weights.
        backbone: Of the classifier; its tokenizer must be the model's.
        backbone_settings: They must be the model's.
        classifier_settings: The same.

    Raises:
        ConfigError: The folder holds no model, or one of another backbone, classifier or tokenizer.
        DataError: It holds a model of another version, or its weights are damaged.
    """
    if not (folder / MANIFEST).is_file():
        raise ConfigError(f"start: expected a model folder with {MANIFEST}, got {folder}")
    manifest = read_manifest(folder)
    for name, own, theirs in (
        ("backbone", backbone_settings.to_json(), dict(manifest["backbone"])),
        ("classifier", classifier_settings.to_json(), dict(manifest["classifier"])),
    ):
        for key in sorted(own.keys() | theirs.keys()):
            if own.get(key) != theirs.get(key):
                raise ConfigError(
                    f"start: expected a model with {name}.{key} {own.get(key)!r}, as is set; "
                    f"{folder} has {theirs.get(key)!r}"
                )
    if Tokenizer.from_file(str(folder / TOKENIZER)).to_str() != backbone.tokenizer.to_str():
        raise ConfigError(f"start: expected a model of the same tokenizer, {folder} has another")
    fixed: dict[str, Tensor] = dict(classifier.named_buffers())
    learned = _read_weights(folder)
    _load(classifier, {name: fixed.get(name, learned[name]) for name in learned}, folder)


def _read_weights(folder: Path) -> dict[str, Tensor]:
    try:
        return load_file(folder / WEIGHTS)
    except (OSError, SafetensorError) as error:
        raise DataError(
            f"{folder / WEIGHTS}: expected the weights of a model, found none or a damaged file "
            f"({error}); train it again"
        ) from error


def _load(classifier: Classifier, weights: Mapping[str, Tensor], folder: Path) -> None:
    try:
        classifier.load_state_dict(weights)
    except RuntimeError as error:  # names or shapes differ
        raise DataError(
            f"{folder / WEIGHTS}: expected the weights of the classifier that {MANIFEST} "
            f"describes, found others: {str(error).splitlines()[-1].strip()}; train it again"
        ) from error


def tasks_of(manifest: ModelManifest) -> tuple[Task, ...]:
    """List the tasks of a model, in the order of its logits."""
    return tasks_for([target["key"] for target in manifest["targets"]])
