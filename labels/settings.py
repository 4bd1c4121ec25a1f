"""From a composed Hydra config to checked settings."""

from typing import Any, TypeVar

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from labels.errors import ConfigError

T = TypeVar("T")


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
