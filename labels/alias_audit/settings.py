"""Settings of ``audit_aliases``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import StageSettings, filled, ranged


@dataclass(kw_only=True)
class AuditSettings(StageSettings):
    """Settings of ``audit_aliases``."""

    SECTION: ClassVar[str] = "audit_aliases"
    sentences: Path = MISSING
    articles: Path | None = None
    mentions: Path = MISSING
    targets: list[str] = filled()
    target_folder: Path = MISSING
    judged: list[Path] = MISSING
    draw: int = ranged(at_least=0)
    leave_out: list[Path] = MISSING
    seed: int = ranged(at_least=0)
    output: Path = MISSING

    def problems(self) -> Iterator[str]:
        """Check that there is something to do, and that files exist."""
        if not self.draw and not self.judged:
            yield "judged: expected a file of judged sentences, or draw=N to draw some, got none"
        for setting in ("judged", "leave_out"):
            paths: list[Path] = getattr(self, setting)
            if len(set(paths)) < len(paths):
                yield f"{setting}: expected each file once, got {', '.join(map(str, paths))}"
            yield from (f"{setting}: no file {path}" for path in paths if not path.is_file())
