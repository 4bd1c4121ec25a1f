"""Settings of ``predict_shards``."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

from omegaconf import MISSING

from labels.pipeline.schema import Unit
from labels.pipeline.settings import Settings, literal, ranged, wrong_names
from training.inference.processor import AskedVariant
from training.inference.settings import PredictSettings
from training.inference.shards.bucket import address_problem, is_address

_IN_BUCKET = 3  # slashes of s3://bucket/folder, at least


class Form(StrEnum):
    """The form of the records: the ending of their file."""

    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"


@dataclass(kw_only=True)
class PredictShardsSettings(Settings):
    """Settings of ``predict_shards``."""

    SECTION: ClassVar[str] = "predict_shards"
    input: str = literal()  # a folder, or its address in a bucket; so is output
    output: str = literal()
    form: Form = MISSING
    address: str | None = literal()
    workers: int = ranged(at_least=0, at_most=100_000)
    threads: int = ranged(at_least=1, at_most=1024)
    model: Path = MISSING
    unit: Unit = MISSING
    source: str | None = literal()
    fields: Any = MISSING  # a mapping of names: see `wrong_names`
    boilerplate: Path | None = MISSING
    abstain_risk: float | None = ranged(above=0, below=1)
    batch_tokens: int = ranged(at_least=1)
    remember: int = ranged(at_least=0, at_most=10_000_000)
    max_megabytes: float = ranged(above=0, at_most=1_000_000)  # more is a mistake
    variant: AskedVariant = MISSING

    def problems(self) -> Iterable[str]:
        """Refuse odd fields, and folders that a second run would take for its input."""
        yield from wrong_names(self.fields)
        for name, place in (("input", self.input), ("output", self.output)):
            problem = address_problem(place) if is_address(place) else None
            if problem:
                yield f"{name}: {problem}"
        if not is_address(self.input) and not Path(self.input).is_dir():
            yield f"input: expected a folder, whose files are the shards, got {self.input}"
        if not is_address(self.output) and Path(self.output).is_file():
            yield f"output: expected a folder, got the file {self.output}"
        if is_address(self.output) and self.output.rstrip("/").count("/") < _IN_BUCKET:
            yield f"output: expected a folder in the bucket, got all of it, {self.output}"
        if _comparable(self.output).is_relative_to(_comparable(self.input)):
            yield f"output: expected a folder outside the input, got {self.output}"

    def for_workers(self, variant: str) -> "PredictShardsSettings":
        """Give what means the same in every process of every machine.

        Args:
            variant: The one that all take, whatever their processors.
        """
        return replace(
            self,
            output=self.output if is_address(self.output) else str(Path(self.output).absolute()),
            model=self.model.absolute(),
            boilerplate=self.boilerplate and self.boilerplate.absolute(),
            variant=AskedVariant(variant),
        )

    def of_one(self, path: Path, output: Path) -> PredictSettings:
        """Give the settings with which ``predict_stance`` does the same to one file."""
        return PredictSettings(
            input=path,
            output=output,
            model=self.model,
            unit=self.unit,
            source=self.source,
            fields=self.fields,
            boilerplate=self.boilerplate,
            abstain_risk=self.abstain_risk,
            batch_tokens=self.batch_tokens,
            remember=self.remember,
            resume=True,
            processes=1,
            max_megabytes=self.max_megabytes,
            threads=self.threads,
            variant=self.variant,
        )


def _comparable(place: str) -> Path:
    return Path("/", place) if is_address(place) else Path(place).resolve()
