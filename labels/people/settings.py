"""Settings of ``read_annotations``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import Settings, filled, ranged


@dataclass(kw_only=True)
class ReadAnnotationsSettings(Settings):
    """Settings of ``read_annotations``."""

    SECTION: ClassVar[str] = "read_annotations"
    tasks: Path = MISSING
    input: list[Path] = filled()
    adjudicated: list[Path] = MISSING
    output: Path = MISSING
    targets: list[str] = filled()
    names: Any = MISSING
    least_annotators: int = ranged(at_least=1)
    bootstrap_draws: int = ranged(at_least=1)
    seed: int = ranged(at_least=0)

    def problems(self) -> Iterator[str]:
        """Refuse inputs that are not there, an output that is a file, and names that are none."""
        if not isinstance(self.names, dict | None):
            yield f"names: expected a mapping such as {{1: anna}}, got {self.names!r}"
        for key, paths in (("input", self.input), ("adjudicated", self.adjudicated)):
            yield from (f"{key}: no file or folder {path}" for path in paths if not path.exists())
        if self.output.is_file():
            yield f"output: expected a folder, got the file {self.output}"
