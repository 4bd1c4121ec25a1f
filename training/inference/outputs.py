"""The output's form, by the ending of its name: JSON lines, CSV or Parquet."""

import csv
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from labels.pipeline.files import atomic_path
from labels.pipeline.schema import SENTIMENTS, STANCES

CSV, PARQUET = ".csv", ".parquet"
OTHER_FORMS = (".tsv", ".xls", ".xlsx", ".feather", ".arrow", ".gz", ".zip")  # not written
_ROWS = 10_000  # of a row group
_TEXT, _WHOLE, _SHARE, _FLAG = "text", "whole", "share", "flag"


def columns_of(targets: Sequence[str]) -> dict[str, str]:
    """Name the columns of a table of records, and say what each holds.

    Names are those of the record, joined by dots where it is nested; what a record leaves out is
    empty. An ``id`` is text.
    """
    columns = dict.fromkeys(("id", "sentence_id", "kind", "field"), _TEXT)
    columns |= {"start": _WHOLE, "end": _WHOLE, "text": _TEXT, "lang": _TEXT}
    columns |= dict.fromkeys(("title", "source", "url", "published", "posted"), _TEXT)
    for target in targets:
        columns |= _answer(f"stance.{target}", STANCES)
        holder = f"stance.{target}.holder"
        columns |= {f"{holder}.start": _WHOLE, f"{holder}.end": _WHOLE, f"{holder}.text": _TEXT}
        columns |= {f"{holder}.author": _FLAG, f"stance.{target}.voice": _TEXT}
    return columns | _answer("sentiment", SENTIMENTS) | {"parts": _WHOLE}


def _answer(name: str, classes: Iterable[str]) -> dict[str, str]:
    shares = dict.fromkeys((f"{name}.probabilities.{label}" for label in classes), _SHARE)
    return {f"{name}.label": _TEXT} | shares | {f"{name}.abstained": _FLAG}


def flatten(record: Mapping[str, Any]) -> dict[str, Any]:
    """Join the names of nested fields by dots."""
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}.{inner}": found for inner, found in flatten(value).items()}
        else:
            flat[name] = value
    return flat | {"id": str(flat["id"])} if "id" in flat else flat


def write_records(output: Path, parts: Sequence[Path], targets: Sequence[str]) -> None:
    """Write the records of some JSON-lines files as one file, in the form that its name asks for.

    Args:
        output: Replaced when everything went well.
        parts: In order.
        targets: Keys, in the order of the export.
    """
    write = {CSV: _write_csv, PARQUET: _write_parquet}.get(output.suffix.lower())
    if write is None:
        join_files(output, parts)
        return
    with atomic_path(output) as temporary:
        write(temporary, _read(parts), columns_of(targets))


def join_files(output: Path, parts: Sequence[Path]) -> None:
    """Write the content of some files as one file."""
    with atomic_path(output) as temporary, temporary.open("wb") as joined:
        for path in parts:
            with path.open("rb") as file:
                shutil.copyfileobj(file, joined)


def _read(parts: Sequence[Path]) -> Iterator[dict[str, Any]]:
    for path in parts:
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield flatten(json.loads(line))


def _write_csv(path: Path, rows: Iterator[dict[str, Any]], columns: Mapping[str, str]) -> None:
    # With a byte-order mark, by which spreadsheets know UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(columns), restval="")
        writer.writeheader()
        writer.writerows(rows)


def _write_parquet(path: Path, rows: Iterator[dict[str, Any]], columns: Mapping[str, str]) -> None:
    import pyarrow as pa  # only who asks for it waits for it
    import pyarrow.parquet as pq

    types = {_TEXT: pa.string(), _WHOLE: pa.int64(), _SHARE: pa.float64(), _FLAG: pa.bool_()}
    schema = pa.schema([(name, types[kind]) for name, kind in columns.items()])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while group := list(islice(rows, _ROWS)):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
