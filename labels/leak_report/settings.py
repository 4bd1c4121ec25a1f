"""Settings of ``check_splits``."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.ingest.settings import NearDuplicateSettings
from labels.pipeline.settings import StageSettings, ranged


@dataclass(kw_only=True)
class LeakSettings(StageSettings):
    """Settings of ``check_splits``."""

    SECTION: ClassVar[str] = "check_splits"
    splits: Path = MISSING
    output: Path = MISSING
    ngram_words: int = ranged(at_least=1)
    max_shared: float = ranged(above=0, at_most=1)
    near_duplicates: NearDuplicateSettings = MISSING
    shown: int = ranged(at_least=0)
