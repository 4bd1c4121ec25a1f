"""Settings of ``score_model``."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.schema import Split
from labels.pipeline.settings import StageSettings, filled, ranged
from training.model.settings import RuntimeSettings


@dataclass(kw_only=True)
class ScoreSettings(StageSettings):
    """Settings of ``score_model``."""

    SECTION: ClassVar[str] = "score_model"
    model: Path = MISSING
    splits: Path = MISSING
    output: Path = MISSING
    scored: list[Split] = filled()
    batch_size: int = ranged(at_least=1)
    target_gate: bool = MISSING
    bootstrap_draws: int = ranged(at_least=1)
    seed: int = ranged(at_least=0)
    runtime: RuntimeSettings = MISSING
