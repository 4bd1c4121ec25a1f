"""Settings of ``serve_annotation``."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import Settings, filled, literal, ranged


@dataclass(kw_only=True)
class AnnotationSettings(Settings):
    """Settings of ``serve_annotation``."""

    SECTION: ClassVar[str] = "serve_annotation"
    tasks: Path = MISSING
    answers: Path = MISSING
    targets: list[str] = filled()
    target_folder: Path = MISSING
    guidelines: Path = MISSING
    host: str = literal()
    port: int = ranged(at_least=0, at_most=65_535)
    allowed_hosts: list[str] = MISSING
    token_file: Path | None = MISSING

    def problems(self) -> Iterable[str]:
        """Refuse guidelines that are not there, and a folder of answers that is a file."""
        if not self.guidelines.is_file():
            yield f"guidelines: no file {self.guidelines}"
        if self.answers.is_file():
            yield f"answers: expected a folder, got the file {self.answers}"
