"""What the program knows as data: files of plain values beside the code that reads them."""

import json
from pathlib import Path
from typing import Any


def read_data(folder: Path, name: str) -> Any:  # noqa: ANN401 - whatever the document holds
    """Read ``NAME.yaml``; or ``NAME.json``, which lies there instead in a copy without PyYAML.

    Raises:
        FileNotFoundError: There is neither.
        ValueError: It is no YAML.
    """
    copied = folder / f"{name}.json"
    if copied.is_file():
        return json.loads(copied.read_text(encoding="utf-8"))
    text = (folder / f"{name}.yaml").read_text(encoding="utf-8")
    import yaml  # only here: what scores with an export alone has the copies

    from labels.pipeline.safe_yaml import load_yaml

    try:
        return load_yaml(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
