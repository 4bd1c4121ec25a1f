"""Settings of ``export_model``."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import StageSettings, ranged
from training.export.artifact import Variant
from training.model.settings import RuntimeSettings


@dataclass(kw_only=True)
class ExportSettings(StageSettings):
    """Settings of ``export_model``."""

    SECTION: ClassVar[str] = "export_model"
    model: Path = MISSING
    splits: Path = MISSING
    scores: Path = MISSING
    calibration: Path = MISSING
    output: Path = MISSING
    opset: int = ranged(at_least=20)
    parity_sentences: int = ranged(at_least=1)
    parity_tolerance: float = ranged(above=0)
    variants: list[Variant] = field(default_factory=list)
    exact: bool = MISSING
    languages: list[str] = field(default_factory=list)
    frequent_words: int = ranged(at_least=1)
    variant_sentences: int = ranged(at_least=1)
    variant_agreement: float = ranged(at_least=0, at_most=1)
    variant_f_polar_loss: float = ranged(at_least=0, at_most=1)
    calibration_sentences: int = ranged(at_least=1)
    runtime: RuntimeSettings = MISSING

    def problems(self) -> Iterable[str]:
        """Refuse a variant that every export has."""
        if Variant.fp32 in self.variants:
            yield "variants: expected those besides fp32, which exact=true keeps, got fp32"
