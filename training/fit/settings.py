"""Settings of ``train_model``."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import PathsSettings, StageSettings, ranged, to_json
from training.model.settings import BackboneSettings, ClassifierSettings, RuntimeSettings


@dataclass(kw_only=True)
class TrainSettings(StageSettings):
    """Settings of ``train_model``."""

    SECTION: ClassVar[str] = "train_model"
    splits: Path = MISSING
    targets: Path = MISSING
    output: Path = MISSING
    history: Path = MISSING
    checkpoints: Path = MISSING
    backbone: BackboneSettings = MISSING
    classifier: ClassifierSettings = MISSING
    runtime: RuntimeSettings = MISSING
    seed: int = ranged(at_least=0)
    train_share: float = ranged(above=0, at_most=1)
    epochs: int = ranged(at_least=1)
    batch_size: int = ranged(at_least=1)
    learning_rate: float = ranged(above=0)
    head_learning_rate: float = ranged(above=0)
    layer_decay: float = ranged(above=0, at_most=1)
    warmup_share: float = ranged(at_least=0, below=1)
    weight_decay: float = ranged(at_least=0)
    max_gradient_norm: float = ranged(above=0)
    encoder_dropout: float = ranged(at_least=0, below=1)
    train_word_embeddings: bool = MISSING
    frozen_layers: int = ranged(at_least=0)
    average_decay: float = ranged(at_least=0, below=1)
    class_weight_power: float = ranged(at_least=0)
    sentiment_weight: float = ranged(at_least=0)

    def problems(self) -> Iterator[str]:
        """Check that nothing learns below frozen layers."""
        if self.frozen_layers and self.train_word_embeddings:
            yield "train_word_embeddings: expected false below frozen layers, got true"

    def without_paths(self) -> dict[str, object]:
        """Return, as JSON values, all that can change the model but the content of the inputs."""
        places = {
            field.name
            for field in fields(self)
            if isinstance(getattr(self, field.name), Path | PathsSettings)
        }
        values = {name: value for name, value in to_json(self).items() if name not in places}
        return values | {
            "backbone": self.backbone.to_json(),
            "classifier": self.classifier.to_json(),
        }
