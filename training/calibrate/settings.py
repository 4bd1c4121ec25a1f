"""Settings of ``calibrate_model``."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.schema import Split
from labels.pipeline.settings import StageSettings, ranged


@dataclass(kw_only=True)
class CalibrateSettings(StageSettings):
    """Settings of ``calibrate_model``."""

    SECTION: ClassVar[str] = "calibrate_model"
    predictions: Path = MISSING
    output: Path = MISSING
    split: Split = MISSING
    least_rows: int = ranged(at_least=2)
    folds: int = ranged(at_least=2)
    delta: float = ranged(above=0, below=1)
