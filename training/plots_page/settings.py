"""Settings of ``embed_vega``."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import StageSettings, filled


@dataclass(kw_only=True)
class PlotsPageSettings(StageSettings):
    """Settings of ``embed_vega``."""

    SECTION: ClassVar[str] = "embed_vega"
    output: Path = MISSING
    vega_lite: str = filled()
    configure: bool = MISSING
