"""Rows of Parquet files."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from labels.ingest.read.fields import Mapped, layout_of
from labels.pipeline.schema import Reject, rejected


def read_parquet_rows(
    data: bytes, where: str, mapped: Mapped = ()
) -> Iterator[dict[str, Any] | Reject]:
    """Read the rows of a Parquet file: columns that are known, and others that may hold text.

    Raises:
        pyarrow.ArrowInvalid: The file is broken.
    """
    file = pq.ParquetFile(pa.BufferReader(data))
    schema = file.schema_arrow
    layout = layout_of(schema.names, mapped)
    known = {name for names in layout.names.values() for name in names}
    columns = [column.name for column in schema if column.name in known or _holds_text(column.type)]
    has_text = any(layout.names.get(kind) for kind in ("text", "title", "summary"))
    if not has_text and not any(pa.types.is_struct(column.type) for column in schema):
        found = ", ".join(schema.names)
        yield rejected(where, "no_columns", f"expected a column text or title, found {found}")
        return
    for batch in file.iter_batches(columns=columns):
        yield from batch.to_pylist()


def _holds_text(kind: pa.DataType) -> bool:
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _holds_text(kind.value_type)
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_struct(kind)
    )
