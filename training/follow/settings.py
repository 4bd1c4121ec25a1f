"""Settings of ``follow_training``."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import StageSettings, ranged


@dataclass(kw_only=True)
class FollowSettings(StageSettings):
    """Settings of ``follow_training``."""

    SECTION: ClassVar[str] = "follow_training"
    checkpoints: Path = MISSING
    history: Path = MISSING
    output: Path = MISSING
    every: float = ranged(above=0)
    patience: float = ranged(above=0)
