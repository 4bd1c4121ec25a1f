"""Settings of ``predict_stance``."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.schema import Unit
from labels.pipeline.settings import Settings, ranged


@dataclass(kw_only=True)
class PredictSettings(Settings):
    """Settings of ``predict_stance``."""

    SECTION: ClassVar[str] = "predict_stance"
    input: Path = MISSING
    output: Path = MISSING
    model: Path = MISSING
    unit: Unit = MISSING
    batch_size: int = ranged(at_least=1)
    max_megabytes: float = ranged(above=0, at_most=1_000_000)  # more is a mistake
    threads: int = ranged(at_least=0, at_most=1024)
