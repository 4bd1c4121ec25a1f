"""Settings of ``add_targets``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import Settings, filled
from training.model.settings import BackboneSettings, ClassifierSettings


@dataclass(kw_only=True)
class AddTargetsSettings(Settings):
    """Settings of ``add_targets``."""

    SECTION: ClassVar[str] = "add_targets"
    model: Path = MISSING
    targets: list[str] = filled()
    target_folder: Path = MISSING
    output: Path = MISSING
    backbone: BackboneSettings = MISSING
    classifier: ClassifierSettings = MISSING

    def problems(self) -> Iterator[str]:
        """Check that the model is not written over."""
        if self.output.resolve() == self.model.resolve():
            yield f"output: expected another folder than that of the model, got {self.output}"
