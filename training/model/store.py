"""The model folder: everything needed to rebuild a trained classifier without its backbone."""

import json
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel

from labels.errors import DataError
from labels.files import write_json
from labels.schema import SCHEMA_VERSION
from training.config import BackboneConfig, ClassifierConfig, ClassifierKind
from training.model.backbone import Backbone, without_pooler
from training.model.classifier import CrossEncoder, EncodeOnceClassifier

WEIGHTS, MANIFEST, TOKENIZER = "model.safetensors", "model.json", "tokenizer.json"
ENCODER = "encoder"  # folder of the encoder's config.json


@dataclass
class TrainedModel:
    """A classifier with what it takes to feed it."""

    classifier: nn.Module
    tokenizer: Tokenizer
    pad_id: int
    prefix: str
    max_tokens: int
    targets: dict[str, Any]  # key -> definition, in the order of the stance logits
    manifest: dict[str, Any]


def save_model(
    folder: Path,
    weights: dict[str, Tensor],
    backbone: Backbone,
    settings: BackboneConfig,
    classifier: ClassifierConfig,
    targets: dict[str, Any],
    training: dict[str, Any],
) -> None:
    """Write the files of a model folder."""
    backbone.model.config.save_pretrained(folder / ENCODER)
    backbone.tokenizer.save(str(folder / TOKENIZER))
    save_file({k: v.contiguous() for k, v in weights.items()}, folder / WEIGHTS)
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "classifier": plain(classifier),
        "backbone": plain(settings),
        "pad_id": backbone.pad_id,
        "targets": [[key, definition] for key, definition in targets.items()],  # order matters
        "training": training,
    }
    write_json(folder / MANIFEST, manifest)


def load_model(folder: Path) -> TrainedModel:
    """Rebuild a trained classifier, in evaluation mode, float32.

    Raises:
        DataError: The folder holds no finished model of this version.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise DataError(f"{folder}: expected a model folder with {MANIFEST}; run train_model first")
    manifest = json.loads(path.read_text(encoding="utf-8"))
    if manifest["schema_version"] != SCHEMA_VERSION:
        raise DataError(
            f"{path}: expected schema version {SCHEMA_VERSION}, found {manifest['schema_version']}"
        )
    settings = manifest["classifier"] | {"kind": ClassifierKind(manifest["classifier"]["kind"])}
    config = ClassifierConfig(**settings)
    encoder_config = AutoConfig.from_pretrained(folder / ENCODER)
    encoder = AutoModel.from_config(  # type: ignore[no-untyped-call]
        encoder_config, **without_pooler(encoder_config.model_type)
    )
    encoder.set_attn_implementation("eager")
    with safe_open(folder / WEIGHTS, "pt") as file:
        if config.kind is ClassifierKind.cross_encoder:
            mask = file.get_tensor("prefix_mask").bool()
            prefixes = [
                row[kept].tolist()
                for row, kept in zip(file.get_tensor("prefixes"), mask, strict=True)
            ]
            classifier: nn.Module = CrossEncoder(encoder, prefixes, config)
        else:
            queries = torch.zeros(file.get_slice("queries").get_shape())
            classifier = EncodeOnceClassifier(encoder, queries, config)
    classifier.load_state_dict(load_file(folder / WEIGHTS))
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    return TrainedModel(
        classifier=classifier.eval(),
        tokenizer=tokenizer,
        pad_id=manifest["pad_id"],
        prefix=manifest["backbone"]["prefix"],
        max_tokens=manifest["backbone"]["max_tokens"],
        targets=dict(manifest["targets"]),
        manifest=manifest,
    )


def plain(config: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    """Turn a settings dataclass into JSON values."""
    return {k: v.value if isinstance(v, Enum) else v for k, v in asdict(config).items()}
