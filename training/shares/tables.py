"""Write the rows of a record as Parquet and CSV, with the columns and types of the record."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

_TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64()}


def write_rows(folder: Path, name: str, record: type, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write ``name.parquet`` and ``name.csv``; null is an empty cell in CSV.

    Args:
        folder: Where to.
        name: Of the files.
        record: A TypedDict, whose fields are text, integers, numbers or null.
        rows: Their order is kept.
    """
    schema = pa.schema([(key, _type(hint)) for key, hint in get_type_hints(record).items()])
    table = pa.Table.from_pylist(list(rows), schema=schema)
    pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
    # With a byte-order mark, by which spreadsheets know UTF-8.
    with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, schema.names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _type(hint: Any) -> pa.DataType:  # noqa: ANN401 - a type, or one or null
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not NoneType]
    return _TYPES[kinds[0]]
