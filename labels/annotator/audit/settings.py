"""Settings of ``audit_annotator``."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.annotator.settings import EndpointSettings, PromptSettings
from labels.pipeline.settings import StageSettings, filled, literal, ranged


class Variant(Enum):
    """A way to ask the same otherwise."""

    again = "again"  # the same prompt, the sentences in other company: what chance changes
    option_order = "option_order"  # the labels named in the other order
    wording = "wording"  # the other wording of the instructions
    language = "language"  # instructions in the language of the sentence, or in English


@dataclass(kw_only=True)
class AuditSettings(StageSettings):
    """Settings of ``audit_annotator``."""

    SECTION: ClassVar[str] = "audit_annotator"
    endpoint: EndpointSettings = MISSING
    prompt: PromptSettings = MISSING
    gold: list[Path] = filled()
    most_per_language: int | None = ranged(at_least=2)
    variants: list[Variant] = MISSING
    variant_sentences: int | None = ranged(at_least=2)
    output: Path = MISSING
    labeller: str = literal()
    cache: Path = MISSING
    attempts: int = ranged(at_least=1)
    budget_tokens: int | None = ranged(at_least=1)
    dry_run: bool = MISSING
    bootstrap_draws: int = ranged(at_least=2)
    seed: int = ranged(at_least=0)

    def problems(self) -> Iterator[str]:
        """Check that gold is there, and no variant twice."""
        yield from (f"gold: no file {path}" for path in self.gold if not path.is_file())
        if len(set(self.variants)) < len(self.variants):
            names = ", ".join(variant.value for variant in self.variants)
            yield f"variants: expected each once, got {names}"
