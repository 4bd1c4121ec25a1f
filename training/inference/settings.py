"""Settings of ``predict_stance``."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from omegaconf import MISSING

from labels.pipeline.schema import Unit
from labels.pipeline.settings import Settings, literal, ranged, wrong_names
from training.inference.outputs import OTHER_FORMS
from training.inference.processor import AskedVariant

STANDARD_INPUT = Path("-")


@dataclass(kw_only=True)
class PredictSettings(Settings):
    """Settings of ``predict_stance``."""

    SECTION: ClassVar[str] = "predict_stance"
    input: Path = MISSING
    output: Path = MISSING
    model: Path = MISSING
    unit: Unit = MISSING
    source: str | None = literal()
    fields: Any = MISSING  # a mapping of names: see `wrong_names`
    boilerplate: Path | None = MISSING
    abstain_risk: float | None = ranged(above=0, below=1)
    batch_tokens: int = ranged(at_least=1)
    remember: int = ranged(at_least=0, at_most=10_000_000)
    resume: bool = MISSING
    processes: int = ranged(at_least=0, at_most=1024)
    max_megabytes: float = ranged(above=0, at_most=1_000_000)  # more is a mistake
    threads: int = ranged(at_least=0, at_most=1024)
    variant: AskedVariant = MISSING

    def problems(self) -> Iterable[str]:
        """Refuse an output that is a folder before the work, not after it; and odd fields."""
        yield from wrong_names(self.fields)
        if self.output.is_dir():
            yield f"output: expected a file, got the folder {self.output}"
        if self.output.suffix.lower() in OTHER_FORMS:
            yield f"output: expected a name in .jsonl, .csv or .parquet, got {self.output.name}"
        if self.resume and self.input == STANDARD_INPUT:
            yield "resume: expected an input that can be read again, got standard input"
