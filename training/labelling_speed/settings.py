"""Settings of ``benchmark_labelling``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import StageSettings, filled, ranged


@dataclass(kw_only=True)
class LabellingSpeedSettings(StageSettings):
    """Settings of ``benchmark_labelling``."""

    SECTION: ClassVar[str] = "benchmark_labelling"
    sentences: Path = MISSING
    counts: list[int] = filled()
    processes: int = ranged(at_least=0, at_most=1024)
    work: Path = MISSING
    page: Path = MISSING

    def problems(self) -> Iterator[str]:
        """Check that there is something to count."""
        yield from (f"counts: expected at least 1, got {n}" for n in self.counts if n < 1)
