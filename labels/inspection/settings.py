"""Settings of ``inspect_functions``."""

from dataclasses import dataclass
from typing import ClassVar

from labels.label_model.settings import VotedSettings
from labels.pipeline.settings import ranged


@dataclass(kw_only=True)
class InspectSettings(VotedSettings):
    """Settings of ``inspect_functions``."""

    SECTION: ClassVar[str] = "inspect_functions"
    examples: int = ranged(at_least=0, at_most=1000)
    least_accuracy: float = ranged(at_least=0, at_most=1)
    least_judged: int = ranged(at_least=1)
