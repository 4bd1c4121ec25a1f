"""Read JSON lines: each is an object, or a problem with its place and reason."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labels.pipeline.errors import DataError
from labels.pipeline.schema import Reject, rejected


@dataclass(frozen=True)
class JsonLine:
    """One object and where it stands, ``file:line``."""

    where: str
    values: dict[str, Any]


def read_json_lines(path: Path) -> Iterator[JsonLine | Reject]:
    """Read a file of JSON objects, one a line; blank lines are skipped.

    Yields:
        The objects in order; for a line that is none, a reject with the reason ``broken_json``.

    Raises:
        DataError: The file cannot be read at all.
    """
    try:
        with path.open("rb") as file:
            yield from parse_json_lines(file, str(path))
    except OSError as error:
        raise DataError(f"{path}: expected a JSON-lines file: {error.strerror}") from error


def parse_json_lines(lines: Iterable[bytes], where: str) -> Iterator[JsonLine | Reject]:
    """Parse lines as `read_json_lines` does; ``where`` names the file."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield parse_json_line(line, f"{where}:{number}")


def parse_json_line(line: bytes | str, where: str) -> JsonLine | Reject:
    """Parse one line; control characters inside strings are let through."""
    try:
        values = json.loads(line, strict=False)
    except json.JSONDecodeError as error:
        found = f"expected one JSON object: {error.msg} at column {error.colno}"
        return rejected(where, "broken_json", found)
    except UnicodeDecodeError as error:
        return rejected(where, "broken_json", f"expected UTF-8: {error.reason}")
    except ValueError as error:  # a number of thousands of digits
        return rejected(where, "broken_json", f"expected one JSON object: {error}")
    except RecursionError:
        return rejected(where, "broken_json", "expected one JSON object, found endless nesting")
    if not isinstance(values, dict):
        return rejected(where, "broken_json", f"expected an object, found {type(values).__name__}")
    return JsonLine(where, values)


def objects_of(path: Path) -> Iterator[JsonLine]:
    """Read the objects of a file that must have no broken line.

    Raises:
        DataError: The file cannot be read, or a line is no JSON object.
    """
    for line in read_json_lines(path):
        if isinstance(line, Reject):
            raise DataError(line.message)
        yield line
