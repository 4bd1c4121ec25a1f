"""Settings of ``check_behaviour``."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import Settings, filled, ranged
from training.behaviour.pairs import CAPABILITIES
from training.inference.processor import AskedVariant


@dataclass(kw_only=True)
class BehaviourSettings(Settings):
    """Settings of ``check_behaviour``."""

    SECTION: ClassVar[str] = "check_behaviour"
    models: list[Path] = filled()
    pairs: Path = MISSING
    output: Path = MISSING
    minimum: Any = MISSING  # a number, a mapping of numbers or null: see `problems`
    variant: AskedVariant = MISSING
    threads: int = ranged(at_least=0, at_most=1024)

    def problems(self) -> Iterable[str]:
        """Refuse a model that is named twice, an odd minimum and an output of another kind."""
        names = [str(model) for model in self.models]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            yield f"models: expected each once, got {', '.join(twice)} twice"
        if self.output.suffix != ".json":
            yield f"output: expected a name in .json, got {self.output.name}"
        yield from _wrong_minimum(self.minimum)


def _wrong_minimum(value: Any) -> Iterable[str]:  # noqa: ANN401 - what a user wrote
    if value is None:
        return
    named = value if isinstance(value, dict) else {"": value}
    if odd := [str(key) for key in named if key and key not in CAPABILITIES]:
        known = ", ".join(CAPABILITIES)
        yield f"minimum: expected capabilities among {known}, got {', '.join(odd)}"
    for key, least in named.items():
        where = f"minimum.{key}" if key else "minimum"
        is_number = isinstance(least, int | float) and not isinstance(least, bool)
        if not is_number or not 0 <= least <= 1:
            yield f"{where}: expected a pass rate in [0, 1], got {least!r}"
