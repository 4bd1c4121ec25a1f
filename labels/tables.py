"""Read and write the tables between stages: schema check, stable order, atomic replace.

Every table is a Parquet file with the columns of `TABLES`; a stage passes rows in final order.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from datasets import Features, List, Value

from labels.errors import DataError
from labels.files import atomic_path

Row = dict[str, Any]

_TEXT = Value("string")
_POSITION = Value("int32")
_SHARE = Value("float32")

_BLOCK = {"start": _POSITION, "end": _POSITION, "kind": _TEXT}
_STANCE = {
    "target": _TEXT,
    "p_favor": _SHARE,
    "p_against": _SHARE,
    "p_neutral": _SHARE,
    "p_unrelated": _SHARE,
    "label": _TEXT,
    "origin": _TEXT,
    "weight": _SHARE,
}
_SENTIMENT = {
    "p_negative": _SHARE,
    "p_neutral": _SHARE,
    "p_positive": _SHARE,
    "label": _TEXT,
    "origin": _TEXT,
    "weight": _SHARE,
}

TABLES: dict[str, Features] = {
    "articles": Features(
        article_id=_TEXT,
        title=_TEXT,
        text=_TEXT,
        lang=_TEXT,
        published=_TEXT,
        url=_TEXT,
        source=_TEXT,
        group_id=_TEXT,
        blocks=List(_BLOCK),
    ),
    "sentences": Features(
        sentence_id=_TEXT,
        article_id=_TEXT,
        index=_POSITION,
        kind=_TEXT,
        field=_TEXT,
        start=_POSITION,
        end=_POSITION,
        text=_TEXT,
        lang=_TEXT,
    ),
    "votes": Features(sentence_id=_TEXT, target=_TEXT, labeller=_TEXT, label=_TEXT),
    "labels": Features(
        sentence_id=_TEXT,
        target=_TEXT,
        p_favor=_SHARE,
        p_against=_SHARE,
        p_neutral=_SHARE,
        p_unrelated=_SHARE,
        label=_TEXT,
        origin=_TEXT,
        annotator=_TEXT,
        holder=_TEXT,
        voice=_TEXT,
    ),
    "sentiments": Features(
        sentence_id=_TEXT,
        p_negative=_SHARE,
        p_neutral=_SHARE,
        p_positive=_SHARE,
        label=_TEXT,
        origin=_TEXT,
        annotator=_TEXT,
    ),
    "splits": Features(
        sentence_id=_TEXT,
        article_id=_TEXT,
        group_id=_TEXT,
        text=_TEXT,
        lang=_TEXT,
        source=_TEXT,
        published=_TEXT,
        split=_TEXT,
        stances=List(_STANCE),  # a target that is not in the list is masked
        sentiment=_SENTIMENT,  # null is masked
    ),
    "predictions": Features(
        sentence_id=_TEXT,
        article_id=_TEXT,
        group_id=_TEXT,
        lang=_TEXT,
        split=_TEXT,
        task=_TEXT,  # a target, or `sentiment`
        gold=_TEXT,
        label=_TEXT,
        probabilities=List(_SHARE),
    ),
    "rejects": Features(source=_TEXT, reason=_TEXT, message=_TEXT),
}


def write_table(path: Path, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows as table ``name``; their order is kept.

    Raises:
        DataError: A row has an unknown or a missing column, or a value of another type.
    """
    schema = TABLES[name].arrow_schema
    for number, row in enumerate(rows):
        if row.keys() != set(schema.names):
            odd = sorted(set(row) ^ set(schema.names))
            raise DataError(f"{path} row {number}: table {name} has no or lacks column(s) {odd}")
    try:
        table = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError) as error:
        raise DataError(f"{path}: table {name}: {error}") from error
    with atomic_path(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def read_table(path: Path, name: str) -> list[Row]:
    """Read table ``name`` as rows.

    Raises:
        DataError: The file is missing, is no Parquet file, or has other columns.
    """
    schema = TABLES[name].arrow_schema
    if not path.exists():
        raise DataError(f"{path}: table {name} is missing; run the stage that writes it")
    try:
        table = pq.read_table(path)
    except pa.ArrowInvalid as error:
        raise DataError(f"{path}: expected a Parquet file with table {name}: {error}") from error
    if table.schema.names != schema.names:
        raise DataError(f"{path}: expected columns {schema.names}, found {table.schema.names}")
    try:
        rows: list[Row] = table.cast(schema).to_pylist()
    except pa.ArrowInvalid as error:
        raise DataError(f"{path}: expected the types of table {name}: {error}") from error
    return rows
