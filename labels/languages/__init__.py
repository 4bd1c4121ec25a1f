"""What the program knows of each language, as data: a folder a language, a YAML file a matter."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from labels.pipeline.errors import ConfigError
from labels.pipeline.safe_yaml import load_yaml

_ROOT = files("labels.languages")

LANGUAGES: tuple[str, ...] = tuple(
    sorted(entry.name for entry in _ROOT.iterdir() if entry.is_dir() and len(entry.name) <= 3)
)


@cache
def load(lang: str, name: str) -> dict[str, Any]:
    """Read ``labels/languages/<lang>/<name>.yaml``; the same object is returned to every caller.

    Raises:
        ConfigError: The file is missing, is no YAML, or does not hold a mapping.
    """
    file = _ROOT / lang / f"{name}.yaml"
    if not file.is_file():
        raise ConfigError(f"labels/languages/{lang}/{name}.yaml: no such file")
    try:
        value = load_yaml(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ConfigError(f"labels/languages/{lang}/{name}.yaml: {error}") from error
    if not isinstance(value, dict):
        found = type(value).__name__
        raise ConfigError(f"labels/languages/{lang}/{name}.yaml: expected a mapping, found {found}")
    return value
