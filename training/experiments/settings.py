"""Settings of ``transfer_curve``."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import StageSettings, ranged


@dataclass(kw_only=True)
class TransferSettings(StageSettings):
    """Settings of ``transfer_curve``."""

    SECTION: ClassVar[str] = "transfer_curve"
    data_dir: Path = MISSING
    splits: Path = MISSING
    shares: list[float] = ranged(above=0, at_most=1)
    work: Path = MISSING
    page: Path = MISSING
