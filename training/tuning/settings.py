"""Settings of ``tune_model``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import StageSettings, filled, literal, ranged

_DIMENSION = re.compile(r"(?P<name>[\w.]+)=(?P<values>.+)")
_RANGE = re.compile(r"(?P<low>[-+.\de]+?)\.\.(?P<high>[-+.\de]+)(?P<log> log)?")


@dataclass(frozen=True)
class Dimension:
    """A setting that is tried: a range of numbers, or choices."""

    name: str
    choices: tuple[str, ...] = ()  # as the command line takes them; empty: a range
    low: float = 0.0
    high: float = 0.0
    log: bool = False  # drawn by factors, not by differences

    @property
    def is_whole(self) -> bool:
        """Whether the numbers are whole."""
        return isinstance(self.low, int) and isinstance(self.high, int)


def read_dimension(text: str) -> Dimension:
    """Read a setting to try.

    >>> read_dimension("learning_rate=5e-5..2e-4 log")
    Dimension(name='learning_rate', choices=(), low=5e-05, high=0.0002, log=True)
    >>> read_dimension("batch_size=8|16").choices
    ('8', '16')

    Raises:
        ValueError: It is none.
    """
    match = _DIMENSION.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    name, values = match["name"], match["values"].strip()
    if ".." not in values:
        return Dimension(name, choices=tuple(choice.strip() for choice in values.split("|")))
    found = _RANGE.fullmatch(values)
    if found is None:
        raise ValueError(text)
    low, high = (_number(found[end]) for end in ("low", "high"))
    log = found["log"] is not None
    if not low < high or (log and low <= 0):
        raise ValueError(text)
    return Dimension(name, low=low, high=high, log=log)


def _number(text: str) -> float:
    return int(text) if text.lstrip("+-").isdigit() else float(text)


@dataclass(kw_only=True)
class TuneSettings(StageSettings):
    """Settings of ``tune_model``."""

    SECTION: ClassVar[str] = "tune_model"
    study: str = filled()
    trials: int = ranged(at_least=1)
    space: list[str] = literal()
    fixed: list[str] = literal()
    seed: int = ranged(at_least=0)
    random_trials: int = ranged(at_least=1)
    storage: str | None = literal()
    work: Path = MISSING

    def problems(self) -> Iterator[str]:
        """Check the space, and that no setting is both fixed and tried."""
        if not self.space:
            yield "space: expected at least one setting to try, got none"
        for text in self.space:
            try:
                read_dimension(text)
            except ValueError:
                yield (
                    "space: expected NAME=LOW..HIGH, with ` log` behind it where factors count, or "
                    f"NAME=A|B, got {text!r}"
                )
                return
        fixed = {override.lstrip("+").partition("=")[0] for override in self.fixed}
        if both := sorted(fixed & {dimension.name for dimension in self.dimensions}):
            yield f"fixed: expected none of space, got {', '.join(both)}"

    @property
    def dimensions(self) -> list[Dimension]:
        """The settings that are tried."""
        return [read_dimension(text) for text in self.space]
