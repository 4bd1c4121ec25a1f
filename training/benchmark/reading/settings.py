"""Settings of ``read_suite``."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import StageSettings
from training.benchmark.settings import SuiteSettings


@dataclass(kw_only=True)
class ReadSuiteSettings(StageSettings):
    """Settings of ``read_suite``."""

    SECTION: ClassVar[str] = "read_suite"
    suite: SuiteSettings = MISSING
    data_dir: Path = MISSING
    output: Path = MISSING
