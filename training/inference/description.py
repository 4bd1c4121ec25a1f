"""What an export folder says about itself."""

import hashlib
import json
from pathlib import Path
from typing import Any, cast

from labels.pipeline.errors import ConfigError, DataError
from training.export.artifact import (
    EXPORT_FILE,
    EXPORT_VERSION,
    AnyDescription,
    ExportDescription,
    ExportKind,
    kind_of,
)

MODEL_FILE = "model.json"  # marks a model folder, which is no export


def read_description(folder: Path) -> tuple[ExportDescription, str]:
    """Read what the export of a network says about itself; see `read_export`.

    Raises:
        ConfigError: The folder is no export, or rules answer in it.
        DataError: It is of another version.
    """
    description, export_hash = read_export(folder)
    if kind_of(description) is not ExportKind.network:
        raise ConfigError(
            f"model: {folder}: expected the export of a network, found one of "
            f"{kind_of(description)}, which predict_stance, serve_model and `open_model` take"
        )
    return cast(ExportDescription, description), export_hash


def read_export(folder: Path) -> tuple[AnyDescription, str]:
    """Read what an export says about itself, without a look at its other files.

    Returns:
        The content of ``export.json``, and its SHA-256, which names the export.

    Raises:
        ConfigError: The folder is no export.
        DataError: It is of another version, or something that is unknown answers in it.
    """
    path = folder / EXPORT_FILE
    if not path.is_file():
        raise ConfigError(f"model: {folder}: {_why_no_export(folder)}")
    content = path.read_bytes()
    try:
        description: AnyDescription = json.loads(content)
    except ValueError as error:  # no UTF-8 or no JSON
        raise DataError(f"{path}: expected the JSON of an export: {error}") from error
    found = description.get("version") if isinstance(description, dict) else None
    if found != EXPORT_VERSION:
        raise DataError(f"{path}: {_why_other(description, found)}")
    kind = description.get("kind", ExportKind.network)
    if kind not in list(ExportKind):
        expected = " or ".join(ExportKind)
        raise DataError(f"{path}: kind: expected {expected}, found {kind!r}; update this program")
    return description, hashlib.sha256(content).hexdigest()


def _why_other(description: Any, found: Any) -> str:  # noqa: ANN401 - any JSON value
    """Say what is wrong with the version of an export, who wrote it, and what to do."""
    is_newer = isinstance(found, int) and found > EXPORT_VERSION
    writer = description.get("sikap_version") if isinstance(description, dict) else None
    by = f" (written by sikap {writer})" if writer else ""
    what_next = "update this program" if is_newer else "export the model again"
    return f"expected an export of version {EXPORT_VERSION}, found {found}{by}; {what_next}"


def _why_no_export(folder: Path) -> str:
    if not folder.is_dir():
        return "expected an export folder, found none; run `make run`, or export_model, first"
    if (folder / MODEL_FILE).is_file():
        return (
            "expected an export folder, found a model folder; export it first: "
            f"python scripts/export_model.py model='{folder}' output=EXPORT_DIR"
        )
    return f"expected an export folder with {EXPORT_FILE}; export_model writes one"
