"""Settings of ``check_drift``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import Settings, filled, ranged


@dataclass(kw_only=True)
class DriftSettings(Settings):
    """Settings of ``check_drift``."""

    SECTION: ClassVar[str] = "check_drift"
    articles: Path = MISSING
    reference: Path = MISSING
    output: Path = MISSING
    targets: list[str] = filled()
    target_folder: Path = MISSING
    alpha: float = ranged(above=0, below=1)
    notable: float = ranged(above=0, below=1)
    permutations: int = ranged(at_least=100)
    most_articles: int = ranged(at_least=1)
    least_articles: int = ranged(at_least=2)
    words: int = ranged(at_least=0)
    tasks: int = ranged(at_least=0)
    named_only: bool = MISSING
    seed: int = ranged(at_least=0)

    def problems(self) -> Iterator[str]:
        """Refuse an output that is a file, and a comparison of a file with itself."""
        if self.output.exists() and not self.output.is_dir():
            yield f"output: expected a folder, got the file {self.output}"
        if self.articles == self.reference:
            yield f"reference: expected another file than articles, got {self.reference}"
