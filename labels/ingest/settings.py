"""Settings of ``ingest_articles``."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from omegaconf import MISSING

from labels.pipeline.schema import Unit
from labels.pipeline.settings import Settings, StageSettings, filled, literal, ranged, wrong_names


@dataclass(kw_only=True)
class NearDuplicateSettings(Settings):
    """MinHash grouping of near-duplicates and wire copy."""

    SECTION: ClassVar[str] = "near_duplicates"
    shingle_words: int = ranged(at_least=1)
    permutations: int = ranged(at_least=16)
    threshold: float = ranged(above=0, at_most=1)
    seed: int = ranged(at_least=0)


@dataclass(kw_only=True)
class BoilerplateSettings(Settings):
    """Which recurring lines and sentences of a source are boilerplate."""

    SECTION: ClassVar[str] = "boilerplate"
    learn: bool = MISSING
    least_articles: int = ranged(at_least=2)
    least_share: float = ranged(above=0, at_most=1)


@dataclass(kw_only=True)
class IngestSettings(StageSettings):
    """Settings of ``ingest_articles``."""

    SECTION: ClassVar[str] = "ingest_articles"
    input: list[Path] = filled()
    output: Path = MISSING
    unit: Unit = MISSING
    source: str | None = literal()
    fields: Any = MISSING  # a mapping of names: see `wrong_names`
    max_megabytes: float = ranged(above=0, at_most=1_000_000)  # more is a mistake
    processes: int = ranged(at_least=0, at_most=1024)
    boilerplate: BoilerplateSettings = MISSING
    near_duplicates: NearDuplicateSettings = MISSING

    def problems(self) -> Iterable[str]:
        """Name a mapping that is none."""
        yield from wrong_names(self.fields)
