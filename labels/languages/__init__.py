"""What the program knows of each language, as data: a folder a language, a YAML file a matter."""

from functools import cache
from pathlib import Path
from typing import Any

from labels.pipeline.data_file import read_data
from labels.pipeline.errors import ConfigError

_ROOT = Path(__file__).parent

LANGUAGES: tuple[str, ...] = tuple(
    sorted(entry.name for entry in _ROOT.iterdir() if entry.is_dir() and len(entry.name) <= 3)
)


@cache
def load(lang: str, name: str) -> dict[str, Any]:
    """Read ``labels/languages/<lang>/<name>.yaml``; the same object is returned to every caller.

    Raises:
        ConfigError: The file is missing, is no YAML, or does not hold a mapping.
    """
    try:
        value = read_data(_ROOT / lang, name)
    except FileNotFoundError as error:
        raise ConfigError(f"labels/languages/{lang}/{name}.yaml: no such file") from error
    except ValueError as error:
        raise ConfigError(f"labels/languages/{lang}/{name}.yaml: {error}") from error
    if not isinstance(value, dict):
        found = type(value).__name__
        raise ConfigError(f"labels/languages/{lang}/{name}.yaml: expected a mapping, found {found}")
    return value


def has(lang: str, name: str) -> bool:
    """Tell whether there is a ``labels/languages/<lang>/<name>.yaml`` or its copy in an export."""
    return any((_ROOT / lang / f"{name}{ending}").is_file() for ending in (".yaml", ".json"))
