"""Read YAML: safely, and by the reader in C where PyYAML has it, which is ten times as fast."""

from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(text: str) -> Any:  # noqa: ANN401 - whatever the document holds
    """Read one document of plain values.

    Raises:
        yaml.YAMLError: It is no YAML, or asks for anything but plain values.
    """
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - both loaders are safe ones
