"""Settings of ``find_label_errors``."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import Settings, filled, ranged
from training.model.settings import BackboneSettings, RuntimeSettings


class FilterBy(Enum):
    """How cleanlab tells which labels are wrong."""

    prune_by_noise_rate = "prune_by_noise_rate"
    prune_by_class = "prune_by_class"
    both = "both"
    confident_learning = "confident_learning"


@dataclass(kw_only=True)
class FindErrorsSettings(Settings):
    """Settings of ``find_label_errors``."""

    SECTION: ClassVar[str] = "find_label_errors"
    gold: list[Path] = filled()
    predictions: list[Path] = MISSING
    output: Path = MISSING
    targets: list[str] = filled()
    target_folder: Path = MISSING
    backbone: BackboneSettings = MISSING
    runtime: RuntimeSettings = MISSING
    cache: Path = MISSING
    batch_size: int = ranged(at_least=1)
    folds: int = ranged(at_least=2)
    regularisation: float = ranged(above=0)
    filter_by: FilterBy = MISSING
    most: int = ranged(at_least=1)
    seed: int = ranged(at_least=0)

    def problems(self) -> Iterator[str]:
        """Check that the files exist, and that the output is no file."""
        yield from (f"gold: no file {path}" for path in self.gold if not path.is_file())
        yield from (f"predictions: no file {one}" for one in self.predictions if not one.is_file())
        if self.output.is_file():
            yield f"output: expected a folder, got the file {self.output}"
