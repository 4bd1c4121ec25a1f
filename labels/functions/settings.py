"""Settings of ``vote_sentences``."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import StageSettings, filled, literal, ranged


@dataclass(kw_only=True)
class VoteSettings(StageSettings):
    """Settings of ``vote_sentences``."""

    SECTION: ClassVar[str] = "vote_sentences"
    sentences: Path = MISSING
    articles: Path | None = None
    output: Path = MISSING
    targets: list[str] = filled()
    target_folder: Path = MISSING
    functions: dict[str, list[str]] = MISSING  # scheme -> names
    processes: int = ranged(at_least=0, at_most=1024)
    address: str | None = literal()
