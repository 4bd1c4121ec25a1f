"""Settings of ``benchmark_speed``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.schema import Unit
from labels.pipeline.settings import Settings, filled, ranged

STANDARD_INPUT = Path("-")


@dataclass(kw_only=True)
class SpeedSettings(Settings):
    """Settings of ``benchmark_speed``."""

    SECTION: ClassVar[str] = "benchmark_speed"
    model: Path = MISSING
    model_folder: Path | None = MISSING
    input: Path = MISSING
    unit: Unit = MISSING
    articles: int = ranged(at_least=1, at_most=20_000)
    sentences: int = ranged(at_least=1, at_most=20_000)
    rounds: int = ranged(at_least=1, at_most=1_000)
    seconds: float = ranged(above=0, at_most=3_600)
    stock_batches: list[int] = filled()
    threads: int = ranged(at_least=0, at_most=1024)
    seed: int = ranged(at_least=0)
    output: Path = MISSING
    page: Path = MISSING

    def problems(self) -> Iterator[str]:
        """Refuse what would fail only after minutes of measuring."""
        if self.input == STANDARD_INPUT:
            yield "input: expected a file or folder, which can be read more than once, got -"
        if odd := [size for size in self.stock_batches if size < 1]:
            yield f"stock_batches: expected at least 1, got {odd[0]}"
        for name in ("output", "page"):
            path: Path = getattr(self, name)
            if path.is_dir():
                yield f"{name}: expected a file, got the folder {path}"
        if self.output.resolve() == self.page.resolve():
            yield f"page: expected another file than output, got {self.page}"
