"""Settings of ``train_model``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar

from omegaconf import MISSING

from labels.pipeline.schema import STANCES, Stance
from labels.pipeline.settings import PathsSettings, StageSettings, ranged, to_json
from training.fit.auxiliary.records import files_of
from training.fit.auxiliary.settings import AuxiliarySettings
from training.model.records import WEIGHTS
from training.model.settings import BackboneSettings, ClassifierSettings, RuntimeSettings

_ABOUT = [name for name in STANCES if name != Stance.unrelated]  # of sentences about a target
_ROUNDING = 0.01  # that a sum of shares may be off


class ChosenBy(Enum):
    """The score on dev that chooses the epoch whose weights are kept."""

    f_polar_pooled = "f_polar_pooled"
    macro_f1_pooled = "macro_f1_pooled"
    sentiment_macro_f1 = "sentiment_macro_f1"  # for sentences that have no stances


@dataclass(kw_only=True)
class TrainSettings(StageSettings):
    """Settings of ``train_model``."""

    SECTION: ClassVar[str] = "train_model"
    splits: Path = MISSING
    targets: Path = MISSING
    output: Path = MISSING
    history: Path = MISSING
    checkpoints: Path = MISSING
    start: Path | None = MISSING
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
    token_dropout: float = ranged(at_least=0, below=1)
    train_word_embeddings: bool = MISSING
    frozen_layers: int = ranged(at_least=0)
    average_decay: float = ranged(at_least=0, below=1)
    start_share: float = ranged(at_least=0, at_most=1)
    class_weight_power: float = ranged(at_least=0)
    sentiment_weight: float = ranged(at_least=0)
    attribution_weight: float = ranged(at_least=0)
    author_share: float | None = ranged(above=0, below=1)
    chosen_by: ChosenBy = MISSING
    stance_shares: Any = MISSING  # Hydra takes no new key for a typed mapping
    auxiliary: list[AuxiliarySettings] = MISSING
    auxiliary_data: Path = MISSING

    def problems(self) -> Iterator[str]:
        """Check what is frozen, that shares are shares, and that sets differ."""
        yield from _wrong_shares(self.stance_shares)
        suites = [one.suite for one in self.auxiliary]
        if twice := sorted({suite for suite in suites if suites.count(suite) > 1}):
            yield f"auxiliary: expected each set once, got {', '.join(twice)} more often"
        if self.frozen_layers and self.train_word_embeddings:
            yield "train_word_embeddings: expected false below frozen layers, got true"

    def expected_stances(self, targets: Sequence[str]) -> dict[tuple[str, int], dict[int, float]]:
        """Give `stance_shares` by language and place of the target, and by place of the stance.

        Args:
            targets: Keys, in the order of the logits; shares of other targets are left out.
        """
        return {
            (lang, targets.index(target)): {STANCES.index(name): shares[name] for name in _ABOUT}
            for lang, by_target in (self.stance_shares or {}).items()
            for target, shares in by_target.items()
            if target in targets
        }

    def unused_shares(self, targets: Sequence[str]) -> Iterator[str]:
        """Say which of `stance_shares` no target asks for."""
        for lang, by_target in (self.stance_shares or {}).items():
            if odd := sorted(set(by_target) - set(targets)):
                yield (
                    f"stance_shares.{lang}: left out {', '.join(odd)}, "
                    f"as the targets are {', '.join(targets)}"
                )

    def inputs(self) -> dict[str, Path]:
        """Return the files whose content changes the model, by the name of the setting."""
        files = {"splits": self.splits, "targets": self.targets}
        for one in self.auxiliary:
            of_set = files_of(self.auxiliary_data, one.suite)
            files |= {f"auxiliary.{one.suite}.{name}": path for name, path in of_set.items()}
        return files if self.start is None else files | {"start": self.start / WEIGHTS}

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


def _wrong_shares(found: Any) -> Iterator[str]:  # noqa: ANN401 - what a user wrote
    if found is None:
        return
    if not isinstance(found, dict):
        yield f"stance_shares: expected a mapping by language or null, got {found!r}"
        return
    for lang, by_target in found.items():
        if not isinstance(by_target, dict):
            yield f"stance_shares.{lang}: expected a mapping by target, got {by_target!r}"
            continue
        for target, shares in by_target.items():
            values = list(shares.values()) if isinstance(shares, dict) else []
            if set(shares if values else ()) != set(_ABOUT) or not _are_shares(values):
                yield (
                    f"stance_shares.{lang}.{target}: expected a share above 0 of each of "
                    f"{', '.join(_ABOUT)}, got {shares!r}"
                )
            elif abs(sum(values) - 1) > _ROUNDING:
                yield (f"stance_shares.{lang}.{target}: expected a sum of 1, got {sum(values):.3f}")


def _are_shares(values: list[Any]) -> bool:
    return all(isinstance(value, int | float) and 0 < value < 1 for value in values)
