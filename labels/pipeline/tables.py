"""Read and write the tables between stages: schema check, stable order, atomic replace.

Every table is a Parquet file with the columns of `TABLES`, which ``docs/tables.md`` explains; a
stage passes rows in final order. `read_table` and `write_table` hold a table in memory;
`iterate_table` and `table_writer` hold one row group of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from datasets import Features, List, Value

from labels.pipeline.errors import DataError
from labels.pipeline.files import atomic_path

Row = dict[str, Any]

_TEXT = Value("string")
_POSITION = Value("int32")
_NUMBER = Value("float32")

ROW_GROUP = 8_192  # rows in memory at a time

_BLOCK = {"start": _POSITION, "end": _POSITION, "kind": _TEXT}
_MENTION = {"target": _TEXT, "start": _POSITION, "end": _POSITION}
_STANCE = {
    "target": _TEXT,
    "p_favor": _NUMBER,
    "p_against": _NUMBER,
    "p_neutral": _NUMBER,
    "p_unrelated": _NUMBER,
    "label": _TEXT,
    "origin": _TEXT,
    "weight": _NUMBER,
    "holder": _TEXT,  # of a polar stance; null where gold does not say
    "voice": _TEXT,
}
_SENTIMENT = {
    "p_negative": _NUMBER,
    "p_neutral": _NUMBER,
    "p_positive": _NUMBER,
    "label": _TEXT,
    "origin": _TEXT,
    "weight": _NUMBER,
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
    "removed": Features(
        article_id=_TEXT,
        field=_TEXT,
        start=_POSITION,
        end=_POSITION,
        kind=_TEXT,
        rule=_TEXT,
        text=_TEXT,
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
    "mentions": Features(sentence_id=_TEXT, **_MENTION),
    "votes": Features(
        sentence_id=_TEXT,
        task=_TEXT,
        labeller=_TEXT,
        label=_TEXT,  # null where the labeller abstained
        abstained=Value("bool"),
    ),
    "labels": Features(
        sentence_id=_TEXT,
        target=_TEXT,
        p_favor=_NUMBER,
        p_against=_NUMBER,
        p_neutral=_NUMBER,
        p_unrelated=_NUMBER,
        label=_TEXT,
        origin=_TEXT,
        annotator=_TEXT,
        holder=_TEXT,
        voice=_TEXT,
    ),
    "sentiments": Features(
        sentence_id=_TEXT,
        p_negative=_NUMBER,
        p_neutral=_NUMBER,
        p_positive=_NUMBER,
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
        mentions=List(_MENTION),  # where the text names a target
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
        probabilities=List(_NUMBER),
        gold_holder=_TEXT,  # this and the next four are null where gold has none
        holder=_TEXT,
        holder_right=Value("bool"),
        gold_voice=_TEXT,
        voice=_TEXT,
    ),
    "rejects": Features(source=_TEXT, reason=_TEXT, message=_TEXT),
}


class TableWriter:
    """Writes the rows of one table, a row group at a time; see `table_writer`."""

    def __init__(self, path: Path, name: str, writer: pq.ParquetWriter) -> None:
        """Begin with no rows; ``path`` and ``name`` are for messages."""
        self.rows_written = 0
        self._path = path
        self._name = name
        self._writer = writer
        self._schema = TABLES[name].arrow_schema
        self._columns = frozenset(self._schema.names)
        self._waiting: list[Mapping[str, Any]] = []

    def write(self, row: Mapping[str, Any]) -> None:
        """Take the next row.

        Raises:
            DataError: It has an unknown or a missing column, or a value of another type.
        """
        if row.keys() != self._columns:
            odd = sorted(row.keys() ^ self._columns)
            number = self.rows_written + len(self._waiting)
            raise DataError(
                f"{self._path} row {number}: table {self._name} has no or lacks column(s) {odd}"
            )
        self._waiting.append(row)
        if len(self._waiting) >= ROW_GROUP:
            self.flush()

    def flush(self) -> None:
        """Write the rows that wait as a row group."""
        if not self._waiting:
            return
        try:
            table = pa.Table.from_pylist(self._waiting, schema=self._schema)
        except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError, OverflowError) as error:
            raise DataError(f"{self._path}: table {self._name}: {error}") from error
        self._writer.write_table(table)
        self.rows_written += len(self._waiting)
        self._waiting = []


@contextmanager
def table_writer(path: Path, name: str) -> Iterator[TableWriter]:
    """Open table ``name`` for writing row by row; the file is replaced when the block succeeds."""
    with (
        atomic_path(path) as temporary,
        pq.ParquetWriter(temporary, TABLES[name].arrow_schema, compression="zstd") as parquet,
    ):
        writer = TableWriter(path, name, parquet)
        yield writer
        writer.flush()


def write_table(path: Path, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as table ``name``; their order is kept.

    Raises:
        DataError: A row has an unknown or a missing column, or a value of another type.
    """
    with table_writer(path, name) as writer:
        for row in rows:
            writer.write(row)


def iterate_table(path: Path, name: str) -> Iterator[Row]:
    """Read table ``name`` row by row, holding one row group in memory.

    Raises:
        DataError: The file is missing, is no Parquet file, or has other columns or types.
    """
    schema = TABLES[name].arrow_schema
    with _open(path, name) as file:
        for batch in file.iter_batches(ROW_GROUP):
            try:
                rows = pa.Table.from_batches([batch]).cast(schema).to_pylist()
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                raise DataError(f"{path}: expected the types of table {name}: {error}") from error
            yield from rows


def iterate_groups(path: Path, name: str, column: str) -> Iterator[list[Row]]:
    """Read table ``name`` in runs of rows that have the same value in a column."""
    for _, rows in groupby(iterate_table(path, name), key=lambda row: row[column]):
        yield list(rows)


def read_table(path: Path, name: str) -> list[Row]:
    """Read table ``name`` as rows; raises as `iterate_table` does."""
    return list(iterate_table(path, name))


def count_rows(path: Path, name: str) -> int:
    """Count the rows of table ``name`` without reading them.

    Raises:
        DataError: The file is missing, is no Parquet file, or has other columns.
    """
    with _open(path, name) as file:
        return int(file.metadata.num_rows)


@contextmanager
def _open(path: Path, name: str) -> Iterator[pq.ParquetFile]:
    if not path.exists():
        raise DataError(f"{path}: table {name} is missing; run the stage that writes it")
    try:
        file = pq.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise DataError(f"{path}: expected a Parquet file with table {name}: {error}") from error
    with file:
        expected, found = TABLES[name].arrow_schema.names, file.schema_arrow.names
        if found != expected:
            raise DataError(f"{path}: expected columns {expected}, found {found}")
        yield file
