"""Settings of ``transfer_curve`` and of ``target_curve``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import StageSettings, filled, literal, ranged
from training.benchmark.settings import SuiteSettings, TargetIs
from training.model.settings import RuntimeSettings


@dataclass(kw_only=True)
class TransferSettings(StageSettings):
    """Settings of ``transfer_curve``."""

    SECTION: ClassVar[str] = "transfer_curve"
    data_dir: Path = MISSING
    splits: Path = MISSING
    shares: list[float] = ranged(above=0, at_most=1)
    work: Path = MISSING
    page: Path = MISSING


@dataclass(kw_only=True)
class TargetCurveSettings(StageSettings):
    """Settings of ``target_curve``."""

    SECTION: ClassVar[str] = "target_curve"
    suite: SuiteSettings = MISSING
    target_key: str = filled()
    data_dir: Path = MISSING
    counts: list[int] = ranged(at_least=1)
    draws: int = ranged(at_least=1)
    start: Path = MISSING
    train_overrides: list[str] = literal()
    runtime: RuntimeSettings = MISSING
    bootstrap_draws: int = ranged(at_least=1)
    seed: int = ranged(at_least=0)
    work: Path = MISSING
    page: Path = MISSING

    def problems(self) -> Iterator[str]:
        """Check that the set has such a target, and that there are numbers of sentences."""
        known = list(self.suite.targets) if self.suite.target_is == TargetIs.name else []
        if self.target_key not in known:
            yield (
                f"target_key: expected a target that {self.suite.key} names, one of "
                f"{', '.join(known) or 'none'}; got {self.target_key!r}"
            )
        if not self.counts or sorted(set(self.counts)) != self.counts:
            yield f"counts: expected different numbers, the least first, got {self.counts}"
