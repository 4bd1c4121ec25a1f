"""The lines of a gold file: JSON lines, or a table with a header (``.csv``, ``.tsv``)."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from labels.pipeline.errors import DataError
from labels.pipeline.json_lines import JsonLine, read_json_lines
from labels.pipeline.schema import Reject, rejected

_TABLES = (".csv", ".tsv")
_DELIMITERS = ",;\t|"
_SURPLUS = "surplus cells"


def read_gold_lines(path: Path) -> Iterator[JsonLine | Reject]:
    """Read the lines of a gold file; blank ones are skipped.

    Column names are taken without case, and white space in them is an underscore.

    Yields:
        The lines in order; for one that cannot be read, a reject.

    Raises:
        DataError: The file cannot be read at all.
    """
    is_table = path.suffix.lower() in _TABLES
    for line in _rows(path) if is_table else read_json_lines(path):
        yield line if isinstance(line, Reject) else JsonLine(line.where, _named(line.values))


def _named(values: dict[str, object]) -> dict[str, object]:
    named: dict[str, object] = {}
    for key, value in values.items():
        name = "_".join(key.strip("\ufeff \t").lower().split())
        if named.get(name) in (None, ""):
            named[name] = value
    return named


def _rows(path: Path) -> Iterator[JsonLine | Reject]:
    try:
        content = path.read_bytes()
        is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except OSError as error:
        raise DataError(f"{path}: expected a table of gold labels: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: expected UTF-8: {error.reason}") from error
    lines = text.splitlines(keepends=True)
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    header = lines[first] if lines else ""
    delimiter = max(_DELIMITERS, key=header.count)
    if header.lower().startswith("sep=") and len(header.strip()) == 5:
        delimiter, first = header[4], first + 1
    reader = csv.DictReader(
        lines[first:], delimiter=delimiter, restkey=_SURPLUS, strict=True, skipinitialspace=True
    )
    try:
        for row in reader:
            where = f"{path}:{first + reader.line_num}"
            if row.pop(_SURPLUS, None):
                expected = len(reader.fieldnames or ())
                message = f"expected {expected} cells, as in the header, found more"
                yield rejected(where, "surplus_cells", message)
            elif any(row.values()):
                yield JsonLine(where, dict(row))
    except csv.Error as error:
        message = f"expected rows of a table: {error}"
        yield rejected(f"{path}:{first + reader.line_num}", "broken_csv", message)
