"""Read files and folders of every supported kind into records; what cannot be read is a reject."""

import csv
import gzip
import io
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from labels.ingest.read.record import FIELD_NAMES, KNOWN_COLUMNS, RawRecord, record_from
from labels.pipeline.errors import ConfigError
from labels.pipeline.json_lines import parse_json_line
from labels.pipeline.schema import Reject, Unit, rejected

STANDARD_INPUT = Path("-")

_KINDS = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".jsonl": "json_lines",
    ".ndjson": "json_lines",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
}
_PROBE_BYTES = 65_536
_CONTROL_RATIO = 0.02  # of bytes that no text file has; above it a file is binary
_CONTROL_BYTES = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27})
_BLANK = " \t\r\n\x0b\x0c\x00\xa0\u200b\u200e\u200f\u2028\u2029\ufeff"
_MEGABYTE = 1_000_000


@dataclass(frozen=True, kw_only=True)
class PageFile:
    """A page that has been read and waits for `read_page`, which is slow, in another process."""

    data: bytes
    where: str
    name: str


Item = RawRecord | PageFile | Reject


def read_inputs(
    paths: Iterable[Path],
    unit: Unit = Unit.article,
    max_megabytes: float | None = None,
) -> Iterator[Item]:
    """Read files and folders, in the order given; folders recursively, sorted by name.

    Args:
        paths: Files and folders; ``-`` is standard input, JSON lines or plain text.
        unit: What one record is; with `Unit.sentence` every line of a text file is one.
        max_megabytes: A larger file, unpacked, is a reject.

    Yields:
        A record, a page or a reject for every input: a line, a row, or a whole file.

    Raises:
        ConfigError: A path does not exist or the folder cannot be listed, with every such path.
    """
    given = list(paths)
    problems = [problem for path in given if (problem := _problem(path))]
    if problems:
        raise ConfigError("\n".join(f"input: {problem}" for problem in problems))
    limit = sys.maxsize if max_megabytes is None else int(max_megabytes * _MEGABYTE)
    return _read(given, unit, limit)


def _problem(path: Path) -> str | None:
    if path == STANDARD_INPUT:
        return None
    try:
        if not path.exists():
            return f"{path}: no such file or folder"
        if path.is_dir():
            next(path.iterdir(), None)
    except OSError as error:
        return f"{path}: cannot be read: {error.strerror}"
    return None


def _read(paths: list[Path], unit: Unit, limit: int) -> Iterator[Item]:
    for path in paths:
        if path == STANDARD_INPUT:
            yield from _read_standard_input(unit, limit)
        elif path.is_dir():
            yield from _read_folder(path, path, unit, limit)
        else:
            # whoever names one file without a suffix means it as text
            otherwise = None if path.suffix else "text"
            yield from _read_file(path, path.name, unit, limit, otherwise)


def _read_folder(root: Path, folder: Path, unit: Unit, limit: int) -> Iterator[Item]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield rejected(str(folder), "unreadable", f"cannot list the folder: {error.strerror}")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            if not entry.is_symlink():  # a link may lead back up
                yield from _read_folder(root, entry, unit, limit)
        else:
            yield from _read_file(entry, entry.relative_to(root).as_posix(), unit, limit)


def _read_file(
    path: Path, name: str, unit: Unit, limit: int, otherwise: str | None = None
) -> Iterator[Item]:
    packed = path.suffix.lower() == ".gz"
    kind = _KINDS.get((Path(path.stem) if packed else path).suffix.lower(), otherwise)
    where = str(path)
    if kind is None or not path.is_file():
        yield rejected(
            where, "unknown_format", f"expected a file with one of {' '.join(_KINDS)}, or that .gz"
        )
        return
    if kind == "html" and unit is Unit.sentence:
        yield rejected(where, "unknown_format", "expected sentences, one a line, not a page")
        return
    try:
        with _open(path, packed) as stream:
            if kind == "json_lines":
                yield from _read_lines(stream, where, name, unit, limit)
            else:
                data = stream.read(limit + 1) if limit < sys.maxsize else stream.read()
                if len(data) > limit:
                    yield _too_large(where, limit)
                else:
                    yield from _read_data(data, kind, where, name, unit)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield rejected(where, "broken_gzip", f"expected a whole gzip file: {error}")
    except PermissionError as error:
        yield rejected(where, "unreadable", f"cannot be read: {error.strerror}")


@contextmanager
def _open(path: Path, packed: bool) -> Iterator[BinaryIO]:
    with path.open("rb") as file:
        if packed:
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield cast(BinaryIO, unpacked)
        else:
            yield file


def _read_data(data: bytes, kind: str, where: str, name: str, unit: Unit) -> Iterator[Item]:
    if not data.strip():
        yield rejected(where, "empty_file", "expected text, found an empty file")
    elif kind == "parquet":
        yield from _read_parquet(data, where, name)
    elif kind == "html":
        yield PageFile(data=data, where=where, name=name)
    else:
        text = _decode(data, where)
        if isinstance(text, Reject):
            yield text
        elif not text.strip(_BLANK):
            yield rejected(where, "empty_file", "expected text, found only white space")
        elif kind == "csv":
            yield from _read_csv(text, where, name)
        elif unit is Unit.sentence:
            yield from _read_sentences(text, where, name)
        else:
            yield RawRecord(article_id=name, where=where, title=None, text=text, is_file=True)


def _read_standard_input(unit: Unit, limit: int) -> Iterator[Item]:
    data = sys.stdin.buffer.read()
    name = "stdin"
    if len(data) > limit:
        yield _too_large(name, limit)
    elif data.lstrip()[:1] == b"{":
        yield from _read_lines(io.BytesIO(data), name, name, unit, limit)
    else:
        yield from _read_data(data, "text", name, name, unit)


def _read_lines(stream: BinaryIO, where: str, name: str, unit: Unit, limit: int) -> Iterator[Item]:
    size = count = 0
    for number, line in enumerate(stream, 1):
        if number == 1 and _is_binary(line[:_PROBE_BYTES]):
            yield rejected(where, "binary_file", "expected text, found binary data")
            return
        size += len(line)
        if size > limit:
            yield _too_large(where, limit)
            return
        if line.strip(b" \t\r\n\xef\xbb\xbf"):
            count += 1
            yield _read_line(line, f"{where}:{number}", f"{name}:{number}")
    if count == 0:
        yield rejected(where, "empty_file", "expected JSON lines, found none")


def _read_line(line: bytes, where: str, fallback_id: str) -> Item:
    text = _decode(line, where)
    if isinstance(text, Reject):
        return text
    parsed = parse_json_line(text, where)
    if isinstance(parsed, Reject):
        return parsed
    return record_from(parsed.values, where, fallback_id)


def _read_sentences(text: str, where: str, name: str) -> Iterator[Item]:
    for number, line in enumerate(text.split("\n"), 1):
        line = line.removesuffix("\r")
        if line.strip(_BLANK):
            yield RawRecord(
                article_id=f"{name}:{number}", where=f"{where}:{number}", title=None, text=line
            )


def _read_csv(text: str, where: str, name: str) -> Iterator[Item]:
    csv.field_size_limit(sys.maxsize)  # one field may be a whole article
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=lambda mark: len(_known(header.split(mark))))
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = _known(reader.fieldnames or [])
    if not columns & {*FIELD_NAMES["text"], *FIELD_NAMES["title"]}:
        yield rejected(
            where, "no_columns", f"expected a column text or title, found {header[:80]!r}"
        )
        return
    try:
        for row in reader:
            line = f":{reader.line_num}"
            yield record_from(row, where + line, name + line)
    except csv.Error as error:
        yield rejected(f"{where}:{reader.line_num}", "broken_csv", f"expected CSV: {error}")


def _known(names: Iterable[str]) -> set[str]:
    return {name.strip(' "\r\ufeff').lower() for name in names} & KNOWN_COLUMNS


def _read_parquet(data: bytes, where: str, name: str) -> Iterator[Item]:
    import pyarrow as pa  # slow to import, and only Parquet files need it
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        columns = [column for column in file.schema_arrow.names if column.lower() in KNOWN_COLUMNS]
        if not {column.lower() for column in columns} & {
            *FIELD_NAMES["text"],
            *FIELD_NAMES["title"],
        }:
            found = ", ".join(file.schema_arrow.names)
            yield rejected(where, "no_columns", f"expected a column text or title, found {found}")
            return
        number = 0
        for batch in file.iter_batches(columns=columns):
            for row in batch.to_pylist():
                number += 1
                yield record_from(row, f"{where}#{number}", f"{name}:{number}")
    except (pa.ArrowInvalid, OSError) as error:
        yield rejected(where, "broken_parquet", f"expected a Parquet file: {error}")


def read_page(page: PageFile) -> RawRecord | Reject:
    """Extract the article of a page."""
    from labels.ingest.read.page import extract_page  # slow to import, and only pages need it

    if _is_binary(page.data[:_PROBE_BYTES]):
        return rejected(page.where, "binary_file", "expected a page, found binary data")
    found = extract_page(page.data, page.where)
    if isinstance(found, Reject):
        return found
    return RawRecord(
        article_id=page.name,
        where=page.where,
        title=found.title,
        text=found.text,
        lang=found.lang,
        published=found.published,
        url=found.url,
        source=found.source,
        captions=found.captions,
        times=found.times,
        notes=found.notes,
        is_page=True,
    )


def _decode(data: bytes, where: str) -> str | Reject:
    if _is_binary(data[:_PROBE_BYTES]):
        return rejected(where, "binary_file", "expected text, found binary data")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return rejected(
            where,
            "broken_utf8",
            f"expected UTF-8, found byte 0x{data[error.start]:02x} at {error.start};"
            " convert it first, for example with iconv",
        )


def _is_binary(probe: bytes) -> bool:
    controls = len(probe) - len(probe.translate(None, _CONTROL_BYTES))
    return controls > _CONTROL_RATIO * len(probe)


def _too_large(where: str, limit: int) -> Reject:
    return rejected(where, "too_large", f"expected at most {limit / _MEGABYTE:g} MB")
