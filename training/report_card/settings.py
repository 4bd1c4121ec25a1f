"""Settings of ``write_report``."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.schema import Split
from labels.pipeline.settings import StageSettings, literal, ranged


@dataclass(kw_only=True)
class CardSettings(StageSettings):
    """Settings of ``write_report``."""

    SECTION: ClassVar[str] = "write_report"
    report: Path = MISSING
    articles: Path = MISSING
    labels: Path = MISSING
    splits: Path = MISSING
    export: Path = MISSING
    output: Path = MISSING
    split: Split = MISSING
    name: str = literal()
    texts: str = literal()
    behaviour: Path | None = MISSING
    charts: list[Path] = MISSING
    errors: int = ranged(at_least=0)
    least_rows: int = ranged(at_least=1)
    least_groups: int = ranged(at_least=2)
    scaled_rows: int = ranged(at_least=2)
    scaled_folds: int = ranged(at_least=2)
    bootstrap_draws: int = ranged(at_least=1)
    seed: int = ranged(at_least=0)
    threads: int = ranged(at_least=0)
