"""Settings of ``label_sentences``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.label_model.kind import LabelModelKind
from labels.pipeline.settings import Settings, StageSettings, filled, ranged


@dataclass(kw_only=True)
class LabelModelSettings(Settings):
    """From votes to probabilities."""

    SECTION: ClassVar[str] = "label_model"
    kind: LabelModelKind = MISSING
    accuracy: float = ranged(at_least=0.34, below=1)
    strength: float = ranged(above=0)
    pooling: float = ranged(above=0)
    unlabelled_weight: float = ranged(above=0, at_most=1)
    discount_dependent: bool = MISSING
    learn_frequencies: bool = MISSING
    max_iterations: int = ranged(at_least=1)
    tolerance: float = ranged(above=0)


@dataclass(kw_only=True)
class VotedSettings(StageSettings):
    """What stages have that read votes."""

    sentences: Path = MISSING
    targets: Path = MISSING
    target_folder: Path = MISSING
    mentions: Path = MISSING
    votes: list[Path] = filled()
    output: Path = MISSING
    gold: list[Path] = MISSING

    def problems(self) -> Iterator[str]:
        """Check that no table counts twice and files exist."""
        if len(set(self.votes)) < len(self.votes):
            yield f"votes: expected each table once, got {', '.join(map(str, self.votes))}"
        yield from (f"gold: no file {path}" for path in self.gold if not path.is_file())


@dataclass(kw_only=True)
class LearningSettings(VotedSettings):
    """What stages have that fit a label model."""

    anchors: list[Path] = MISSING
    label_model: LabelModelSettings = MISSING

    def problems(self) -> Iterator[str]:
        """Check, too, that anchors are gold."""
        yield from super().problems()
        odd = [path for path in self.anchors if path not in self.gold]
        yield from (f"anchors: {path} is not in gold" for path in odd)


@dataclass(kw_only=True)
class LabelSettings(LearningSettings):
    """Settings of ``label_sentences``."""

    SECTION: ClassVar[str] = "label_sentences"
    silver_for_gold_sentences: bool = MISSING
    quality_folds: int = ranged(at_least=2)
