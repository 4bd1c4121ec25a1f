"""Reading what the pipeline wrote beside its tables."""

import base64
import csv
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from labels.pipeline.errors import DataError

_IMAGES = {".svg": "image/svg+xml", ".png": "image/png"}


@dataclass(frozen=True)
class Picture:
    """A chart of another stage: embedded as an image, in which no script runs, or linked."""

    name: str
    data: str = ""  # a data address
    link: str = ""  # from the folder of the card


def read_json(path: Path, *needed: str) -> Any:  # noqa: ANN401 - any JSON value
    """Read a JSON document that is a mapping.

    Args:
        path: The file.
        needed: Fields that it must have.

    Raises:
        DataError: It is missing or broken, or lacks a field.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError(f"{path}: missing; run the stage that writes it") from error
    except ValueError as error:
        raise DataError(f"{path}: expected one JSON document: {error}") from error
    found = set(content) if isinstance(content, dict) else set()
    if lacking := [name for name in needed if name not in found]:
        raise DataError(
            f"{path}: expected a mapping with {', '.join(needed)}, found no {lacking[0]}"
        )
    return content


def read_history(path: Path) -> list[dict[str, float | None]]:
    """Read ``history.csv``; what is empty there is null.

    Raises:
        DataError: It is missing, or holds what is no number.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [
                {name: float(value) if value else None for name, value in row.items()}
                for row in csv.DictReader(file)
            ]
    except FileNotFoundError as error:
        raise DataError(f"{path}: missing; run the stage that writes it") from error
    except (ValueError, TypeError) as error:
        raise DataError(f"{path}: expected numbers: {error}") from error


def read_pictures(paths: Sequence[Path], folder: Path) -> list[Picture]:
    """Embed charts that are images, and link the others.

    Args:
        paths: Files, or folders: of one its ``.svg`` files, and its ``index.html``.
        folder: Of the card, that links begin at.

    Raises:
        DataError: One is missing, or a folder has no chart.
    """
    found = []
    for path in (file for given in paths for file in _files_of(given)):
        if not path.is_file():
            raise DataError(f"{path}: expected a chart, found no file")
        kind = _IMAGES.get(path.suffix.lower())
        if kind is None:
            found.append(Picture(path.name, link=_address(path, folder)))
        else:
            data = base64.b64encode(path.read_bytes()).decode("ascii")
            found.append(Picture(path.name, data=f"data:{kind};base64,{data}"))
    return found


def _files_of(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = [*sorted(path.glob("*.svg")), *path.glob("index.html")]
    if not found:
        raise DataError(f"{path}: expected charts (.svg) or an index.html, found none")
    return found


def _address(path: Path, folder: Path) -> str:
    return quote(Path(os.path.relpath(path, folder)).as_posix())
