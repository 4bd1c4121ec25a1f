"""Read and write the tables between stages: schema check, stable order, atomic replace.

Every table is a Parquet file with the columns of `TABLES`, which ``docs/tables.md`` explains; a
stage passes rows in final order. `read_table` and `write_table` hold a table in memory;
`iterate_table` and `table_writer` hold one row group of it. What handles many rows takes them by
the column: `iterate_columns`, and `TableWriter.extend`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
        self._tables: list[pa.Table] = []  # that wait, in front of those rows

    def write(self, row: Mapping[str, Any]) -> None:
        """Take the next row.

        Raises:
            DataError: It has an unknown or a missing column, or a value of another type.
        """
        if row.keys() != self._columns:
            odd = sorted(row.keys() ^ self._columns)
            taken = sum(table.num_rows for table in self._tables) + len(self._waiting)
            number = self.rows_written + taken
            raise DataError(
                f"{self._path} row {number}: table {self._name} has no or lacks column(s) {odd}"
            )
        self._waiting.append(row)
        if len(self._waiting) >= ROW_GROUP:
            self.flush()

    def extend(self, columns: Mapping[str, Any]) -> None:
        """Take the next rows, by column.

        Args:
            columns: Arrow arrays, or what Arrow makes them of, all of one length.

        Raises:
            DataError: A column is unknown or missing, too short, or of another type.
        """
        self._take_rows()
        if columns.keys() != self._columns:
            odd = sorted(columns.keys() ^ self._columns)
            raise DataError(f"{self._path}: table {self._name} has no or lacks column(s) {odd}")
        try:
            self._tables.append(pa.table(dict(columns), schema=self._schema))
        except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError, OverflowError) as error:
            raise DataError(f"{self._path}: table {self._name}: {error}") from error
        if sum(table.num_rows for table in self._tables) >= ROW_GROUP:
            self._write_tables(ROW_GROUP)

    def flush(self) -> None:
        """Write the rows that wait as a row group."""
        self._take_rows()
        self._write_tables(1)

    def _take_rows(self) -> None:
        """Put the rows that wait behind the tables that wait."""
        if not self._waiting:
            return
        try:
            table = pa.Table.from_pylist(self._waiting, schema=self._schema)
        except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError, OverflowError) as error:
            raise DataError(f"{self._path}: table {self._name}: {error}") from error
        self._tables.append(table)
        self._waiting = []

    def _write_tables(self, least: int) -> None:
        """Write row groups while so many rows wait."""
        whole = pa.concat_tables(self._tables).combine_chunks() if self._tables else None
        self._tables = []
        while whole is not None and whole.num_rows >= least:
            self._writer.write_table(whole[:ROW_GROUP])
            self.rows_written += min(ROW_GROUP, whole.num_rows)
            whole = whole[ROW_GROUP:]
        if whole is not None and whole.num_rows:
            self._tables = [whole]


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


def iterate_columns(path: Path, name: str, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Read some columns of table ``name``, a row group in memory at a time.

    Raises:
        DataError: As `iterate_table` does.
    """
    whole = TABLES[name].arrow_schema
    schema = pa.schema([whole.field(column) for column in columns])
    with _open(path, name) as file:
        for batch in file.iter_batches(ROW_GROUP, columns=list(columns)):
            try:
                yield pa.Table.from_batches([batch]).select(list(columns)).cast(schema)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                raise DataError(f"{path}: expected the types of table {name}: {error}") from error


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
