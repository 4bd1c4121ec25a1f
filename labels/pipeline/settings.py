"""Typed settings: each range described once, checked when a composed config becomes an object.

The dataclasses hold names, types and ranges; values and their meaning stand in ``configs/``, whose
comments ``--help`` prints. Hydra checks names and types; `resolve` checks the rest.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from omegaconf import MISSING, DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from labels.pipeline.errors import ConfigError

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Range:
    """The finite numbers that a setting may have; None leaves a side open."""

    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None

    def __contains__(self, value: float) -> bool:
        """Tell whether a number lies inside; infinity and NaN never do."""
        return (
            math.isfinite(value)
            and (self.at_least is None or value >= self.at_least)
            and (self.above is None or value > self.above)
            and (self.at_most is None or value <= self.at_most)
            and (self.below is None or value < self.below)
        )

    def __str__(self) -> str:
        """Return the range in words or brackets, as error messages name it."""
        if self.at_most is None and self.below is None:
            low = self.at_least if self.above is None else self.above
            return f"{'at least' if self.above is None else 'more than'} {low:,}"
        left = f"({self.above:,}" if self.above is not None else f"[{self.at_least:,}"
        right = f"{self.below:,})" if self.below is not None else f"{self.at_most:,}]"
        return f"{left}, {right}"


def ranged(
    *,
    at_least: float | None = None,
    above: float | None = None,
    at_most: float | None = None,
    below: float | None = None,
) -> Any:  # noqa: ANN401 - stands for a value of the field's type
    """Declare a setting whose number, or each number of a list or mapping, lies in a range."""
    limits = Range(at_least=at_least, above=above, at_most=at_most, below=below)
    return field(default=MISSING, metadata={"range": limits})


def filled() -> Any:  # noqa: ANN401 - stands for a value of the field's type
    """Declare a setting that is a list or mapping with at least one entry, or a text."""
    return field(default=MISSING, metadata={"filled": True})


def literal() -> Any:  # noqa: ANN401 - stands for a value of the field's type
    """Declare a text that may hold any character, as a path may; see `command.literal_keys`."""
    return field(default=MISSING, metadata={"literal": True})


def wrong_names(value: Any) -> Iterator[str]:  # noqa: ANN401 - what a user wrote
    """Yield what is wrong with the setting ``fields``, which maps names to names or is null.

    Its type is `Any`: Hydra takes no new key for a typed mapping.
    """
    if isinstance(value, dict) and all(isinstance(name, str) for name in value.values()):
        return
    if value is not None:
        yield f"fields: expected a mapping such as {{text: isi}}, got {value!r}"


class Settings:
    """Base of every dataclass of settings; ``SECTION`` begins the messages about it."""

    SECTION: ClassVar[str]

    def __post_init__(self) -> None:
        """Check all ranges and `problems`.

        Raises:
            ConfigError: It lists every problem of the section.
        """
        check(self.SECTION, [*_out_of_range(self), *self.problems()])

    def problems(self) -> Iterable[str]:
        """Yield what is wrong beyond single ranges, each as ``setting: expected ..., got ...``."""
        return ()


def _out_of_range(settings: Settings) -> Iterator[str]:
    for setting in fields(settings):  # type: ignore[arg-type]  # every subclass is a dataclass
        value = getattr(settings, setting.name)
        limits: Range | None = setting.metadata.get("range")
        for number in _numbers(value):
            if limits is not None and number not in limits:
                yield f"{setting.name}: expected {limits}, got {number}"
        if setting.metadata.get("filled") and not value:
            yield f"{setting.name}: expected at least one, got none"


def _numbers(value: Any) -> Iterable[float]:  # noqa: ANN401 - the value of any setting
    if value == MISSING or value is None:
        return ()
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else (value,)


@dataclass(kw_only=True)
class PathsSettings(Settings):
    """Folders of one experiment."""

    SECTION: ClassVar[str] = "paths"
    data_dir: Path = MISSING
    work: Path = MISSING
    model: Path = MISSING
    report: Path = MISSING
    export: Path = MISSING
    checkpoints: Path = MISSING


@dataclass(kw_only=True)
class StageSettings(Settings):
    """What the settings of every stage have."""

    paths: PathsSettings = field(default_factory=PathsSettings)


def resolve(raw: DictConfig, schema: type[T]) -> T:
    """Turn a composed Hydra config into its dataclass, with every check run.

    Raises:
        ConfigError: A value is missing, of the wrong type or out of range.
    """
    missing = sorted(OmegaConf.missing_keys(raw))
    if missing:
        raise ConfigError(f"no value for: {', '.join(missing)}")
    try:
        value: Any = OmegaConf.to_object(raw)
    except OmegaConfBaseException as error:
        cause = error.__cause__ if isinstance(error.__cause__, ConfigError) else error
        raise ConfigError(str(cause)) from error
    if not isinstance(value, schema):
        raise ConfigError(f"expected a {schema.__name__}, got {type(value).__name__}")
    return value


def check(section: str, problems: list[str]) -> None:
    """Raise one ConfigError that lists every problem of a section, if there is one."""
    if problems:
        raise ConfigError("\n".join(f"{section}.{problem}" for problem in problems))


def to_json(settings: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    """Turn a dataclass into JSON values: enums by their value, paths as text."""
    values: dict[str, Any] = _plain(asdict(settings))
    return values


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a setting
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, Path) else value
