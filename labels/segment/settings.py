"""Settings of ``segment_sentences``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.schema import Unit
from labels.pipeline.settings import StageSettings


@dataclass(kw_only=True)
class SegmentSettings(StageSettings):
    """Settings of ``segment_sentences``."""

    SECTION: ClassVar[str] = "segment_sentences"
    articles: Path = MISSING
    output: Path = MISSING
    unit: Unit = MISSING

    def problems(self) -> Iterator[str]:
        """Check that the articles are not overwritten."""
        if self.output == self.articles:
            yield f"output: expected another file than articles, got {self.output}"
