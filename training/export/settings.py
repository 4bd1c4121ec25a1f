"""Settings of ``export_model``."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import StageSettings, ranged
from training.model.settings import RuntimeSettings


@dataclass(kw_only=True)
class ExportSettings(StageSettings):
    """Settings of ``export_model``."""

    SECTION: ClassVar[str] = "export_model"
    model: Path = MISSING
    splits: Path = MISSING
    scores: Path = MISSING
    calibration: Path = MISSING
    output: Path = MISSING
    opset: int = ranged(at_least=18)
    parity_sentences: int = ranged(at_least=1)
    parity_tolerance: float = ranged(above=0)
    runtime: RuntimeSettings = MISSING
