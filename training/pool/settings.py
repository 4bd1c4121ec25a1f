"""Settings of ``export_pool``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import StageSettings, filled, ranged


@dataclass(kw_only=True)
class ExportPoolSettings(StageSettings):
    """Settings of ``export_pool``."""

    SECTION: ClassVar[str] = "export_pool"
    model: Path = MISSING
    rules: Path = MISSING
    output: Path = MISSING
    gold: list[Path] = filled()
    folds: int = ranged(at_least=2)
    weight_step: float = ranged(above=0, at_most=0.5)
    polar_bias: list[float] = ranged(at_least=-5, at_most=5)
    seed: int = ranged(at_least=0)
    threads: int = ranged(at_least=0, at_most=1024)

    def problems(self) -> Iterator[str]:
        """Check that gold exists and that the parts are not overwritten."""
        yield from (f"gold: no file {path}" for path in self.gold if not path.is_file())
        if self.output in (self.model, self.rules):
            yield f"output: expected another folder than those of the parts, got {self.output}"
