"""Settings of ``ingest_articles``."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.schema import Unit
from labels.pipeline.settings import Settings, StageSettings, filled, ranged


@dataclass(kw_only=True)
class NearDuplicateSettings(Settings):
    """MinHash grouping of near-duplicates and wire copy."""

    SECTION: ClassVar[str] = "near_duplicates"
    shingle_words: int = ranged(at_least=1)
    permutations: int = ranged(at_least=16)
    threshold: float = ranged(above=0, at_most=1)
    seed: int = ranged(at_least=0)


@dataclass(kw_only=True)
class IngestSettings(StageSettings):
    """Settings of ``ingest_articles``."""

    SECTION: ClassVar[str] = "ingest_articles"
    input: list[Path] = filled()
    output: Path = MISSING
    unit: Unit = MISSING
    max_megabytes: float = ranged(above=0, at_most=1_000_000)  # more is a mistake
    near_duplicates: NearDuplicateSettings = MISSING
