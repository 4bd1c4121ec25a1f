"""Settings of ``compare_models``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.schema import Split
from labels.pipeline.settings import Settings, ranged


@dataclass(kw_only=True)
class CompareSettings(Settings):
    """Settings of ``compare_models``."""

    SECTION: ClassVar[str] = "compare_models"
    a: Path = MISSING
    b: Path = MISSING
    gold: Path | None = MISSING
    output: Path = MISSING
    split: Split | None = MISSING
    articles: Path | None = MISSING
    splits: Path | None = MISSING
    alpha: float = ranged(above=0, below=1)
    bootstrap_draws: int = ranged(at_least=100)
    permutations: int = ranged(at_least=100)
    least_rows: int = ranged(at_least=1)
    least_groups: int = ranged(at_least=2)
    least_gold: int = ranged(at_least=1)
    shown: int = ranged(at_least=0)
    seed: int = ranged(at_least=0)

    def problems(self) -> Iterator[str]:
        """Refuse an output that is a file before the work, not after it."""
        if self.output.exists() and not self.output.is_dir():
            yield f"output: expected a folder, got the file {self.output}"
