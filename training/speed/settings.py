"""Settings of ``benchmark_training``."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import StageSettings, literal, ranged


@dataclass(kw_only=True)
class TrainingSpeedSettings(StageSettings):
    """Settings of ``benchmark_training``."""

    SECTION: ClassVar[str] = "benchmark_training"
    splits: Path = MISSING
    targets: Path = MISSING
    train_share: float = ranged(above=0, at_most=1)
    dev_sentences: int = ranged(at_least=1)
    train_overrides: list[str] = literal()
    seed: int = ranged(at_least=0)
    work: Path = MISSING
    page: Path = MISSING
