"""Read files and folders of every supported kind into records; what cannot be read is a reject."""

import gzip
import io
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, cast

from labels.ingest.read.code_pages import PROBE_BYTES, Decoded, decode, is_binary, wide_encoding
from labels.ingest.read.csv_rows import looks_like_csv, read_rows
from labels.ingest.read.feed import declared_encoding, looks_like_feed, read_feed
from labels.ingest.read.fields import check_mapping
from labels.ingest.read.folders import STANDARD_INPUT, InputFile, walk
from labels.ingest.read.json_files import is_json, read_json, read_records
from labels.ingest.read.markup import is_page, strip_markup
from labels.ingest.read.reading import (
    BLANK,
    MEGABYTE,
    Item,
    Reading,
    code_page_notes,
    noted,
    too_large,
)
from labels.ingest.read.record import Note, PageFile, RawRecord
from labels.ingest.read.values import cut_marker
from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import Reject, Unit, rejected

__all__ = ["STANDARD_INPUT", "Item", "PageFile", "RawRecord", "read_inputs", "read_page"]

_KINDS = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".json": "json",
    ".jsonl": "json_lines",
    ".ndjson": "json_lines",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".parquet": "parquet",
    ".xml": "feed",
    ".rss": "feed",
    ".atom": "feed",
}
_GZIP, _PARQUET = b"\x1f\x8b", b"PAR1"


def read_inputs(
    paths: Iterable[Path],
    unit: Unit = Unit.article,
    max_megabytes: float | None = None,
    fields: Mapping[str, str] | None = None,
) -> Iterator[Item]:
    """Read files and folders, in the order given; folders recursively, sorted by name.

    Args:
        paths: Files and folders; ``-`` is standard input: JSON lines, a JSON array, CSV, a page, a
            feed, or plain text, which its beginning tells.
        unit: What one record is; with `Unit.sentence` every line of a text file is one.
        max_megabytes: A larger file, unpacked, is a reject.
        fields: Names of the input's fields by what they are, such as ``{"text": "isi"}``, where
            they are not among those of ``fields.yaml``.

    Yields:
        A record, a page or a reject for every input: a line, a row, or a whole file. No two records
        of different files have the same id: the second one's has the file's name before it.

    Raises:
        ConfigError: A path does not exist or the folder cannot be listed, with every such path; or
            ``fields`` names what is no field.
    """
    given = list(paths)
    problems = [problem for path in given if (problem := _problem(path))]
    if problems:
        raise ConfigError("\n".join(f"input: {problem}" for problem in problems))
    limit = sys.maxsize if max_megabytes is None else int(max_megabytes * MEGABYTE)
    return _read(given, Reading(unit, limit, check_mapping(fields)))


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


def _read(paths: list[Path], reading: Reading) -> Iterator[Item]:
    ids = _Ids()
    for found in walk(paths):
        if isinstance(found, Reject):
            yield found
            continue
        items = (
            _read_standard_input(found.name, reading)
            if found.path == STANDARD_INPUT
            else _read_file(found, reading)
        )
        for item in items:
            yield item if isinstance(item, Reject) else ids.settle(item, found.name)


@dataclass
class _Ids:
    """Which file each id was seen in first: an id is unique within its file only."""

    files: dict[str, str] = field(default_factory=dict)

    def settle(self, item: RawRecord | PageFile, file: str) -> RawRecord | PageFile:
        """Put the name of the file before an id that stands in another file too."""
        own = item.name if isinstance(item, PageFile) else item.article_id
        if self.files.setdefault(own, file) == file:
            return item
        longer = f"{file}/{own}"
        self.files.setdefault(longer, file)
        if isinstance(item, PageFile):
            return replace(item, name=longer)
        return replace(item, article_id=longer)


def _read_file(file: InputFile, reading: Reading) -> Iterator[Item]:
    path, where = file.path, str(file.path)
    packed = path.suffix.lower() == ".gz"
    # whoever names one file without a suffix means what is in it
    otherwise = "text" if file.is_given and not path.suffix else None
    kind = _KINDS.get((Path(path.stem) if packed else path).suffix.lower(), otherwise)
    if kind is None or not path.is_file():
        expected = f"expected a file with one of {' '.join(_KINDS)}, or that .gz"
        yield rejected(where, "unknown_format", expected)
        return
    if kind == "html" and reading.unit is Unit.sentence:
        yield rejected(where, "unknown_format", "expected sentences, one a line, not a page")
        return
    try:
        with _open(path, packed) as stream:
            if kind in ("json", "json_lines"):
                yield from read_json(stream, where, file.name, reading, kind == "json_lines")
            else:
                data = _read_all(stream, where, reading.limit)
                if isinstance(data, Reject):
                    yield data
                else:
                    yield from _read_data(data, kind, where, file.name, reading)
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


def _read_all(stream: BinaryIO, where: str, limit: int) -> bytes | Reject:
    data = stream.read(limit + 1) if limit < sys.maxsize else stream.read()
    return too_large(where, limit) if len(data) > limit else data


def _read_standard_input(name: str, reading: Reading) -> Iterator[Item]:
    stream: BinaryIO = io.BytesIO(sys.stdin.buffer.read())
    if stream.read(2) == _GZIP:
        stream.seek(0)
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    stream.seek(0)
    try:
        data = _read_all(stream, name, reading.limit)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        data = rejected(name, "broken_gzip", f"expected a whole gzip file: {error}")
    if isinstance(data, Reject):
        yield data
    elif data.startswith(_PARQUET):
        yield from _read_data(data, "parquet", name, name, reading)
    else:
        yield from _read_data(data, "text", name, name, reading)


def _read_data(data: bytes, kind: str, where: str, name: str, reading: Reading) -> Iterator[Item]:
    if not data.strip():
        yield rejected(where, "empty_file", "expected text, found an empty file")
    elif kind == "parquet":
        yield from _read_parquet(data, where, name, reading)
    elif kind == "html":
        yield PageFile(data=data, where=where, name=name)
    else:
        decoded = _decode_feed(data, where) if kind == "feed" else decode(data, where)
        if isinstance(decoded, Reject):
            yield decoded
        elif not decoded.text.strip(BLANK):
            yield rejected(where, "empty_file", "expected text, found only white space")
        elif kind == "feed":
            yield from _read_feed(decoded.text, where, name, reading)
        elif kind == "csv":
            yield from _read_csv(decoded, where, name, reading)
        else:
            yield from _read_text(decoded, where, name, reading)


def _read_text(decoded: Decoded, where: str, name: str, reading: Reading) -> Iterator[Item]:
    """Read a text, which may be something else that its beginning tells."""
    text = decoded.text
    if is_json(text):
        stream = io.BytesIO(text.encode())
        yield from read_json(stream, where, name, reading, is_lines=True)
    elif looks_like_feed(text):
        yield from _read_feed(text, where, name, reading)
    elif looks_like_csv(text, reading.mapped):
        yield from _read_csv(decoded, where, name, reading)
    elif reading.unit is Unit.sentence:
        yield from _read_sentences(decoded, where, name)
    elif is_page(text):
        yield PageFile(data=text.encode(), where=where, name=name)
    else:
        yield _text_record(decoded, where, name)


def _text_record(decoded: Decoded, where: str, name: str) -> RawRecord:
    notes = list(code_page_notes(decoded.code_page))
    text = decoded.text
    plain = strip_markup(text)
    if plain:
        text = plain.text
        notes.append(Note("markup", "text file"))
    if cut := cut_marker(text):
        text = text[: cut[0]]
        notes.append(Note("cut_marker", cut[1]))
    return RawRecord(
        article_id=name,
        where=where,
        title=None,
        text=text,
        captions=plain.captions if plain else frozenset(),
        notes=tuple(notes),
        is_file=True,
        is_rewritten=plain is not None,
    )


def _read_sentences(decoded: Decoded, where: str, name: str) -> Iterator[Item]:
    notes = code_page_notes(decoded.code_page)
    for number, line in enumerate(decoded.text.split("\n"), 1):
        line = line.removesuffix("\r")
        if line.strip(BLANK):
            yield RawRecord(
                article_id=f"{name}:{number}",
                where=f"{where}:{number}",
                title=None,
                text=line,
                notes=notes,
            )


def _read_feed(text: str, where: str, name: str, reading: Reading) -> Iterator[Item]:
    found = read_feed(text)
    if found is None:
        if is_page(text):
            yield PageFile(data=text.encode(), where=where, name=name)
            return
        yield rejected(where, "unknown_format", "expected an RSS or Atom feed, found other XML")
    elif not found:
        yield rejected(where, "empty_file", "expected a feed with items, found none")
    else:
        yield from read_records(found, where, name, reading, None)


def _decode_feed(data: bytes, where: str) -> Decoded | Reject:
    declared = declared_encoding(data)
    try:
        if declared and declared.lower() not in ("utf-8", "utf-16"):
            return Decoded(data.decode(declared))
    except (LookupError, UnicodeDecodeError):
        pass
    return decode(data, where)


def _read_csv(decoded: Decoded, where: str, name: str, reading: Reading) -> Iterator[Item]:
    is_empty = True
    for row in read_rows(decoded.text, where, reading.mapped):
        is_empty = False
        if isinstance(row, Reject):
            yield row
            continue
        place = f":{row.line}"
        item = reading.record(row.values, where + place, name + place, decoded.code_page)
        yield noted(item, *row.notes)
    if is_empty:
        yield rejected(where, "empty_file", "expected rows below the header, found none")


def _read_parquet(data: bytes, where: str, name: str, reading: Reading) -> Iterator[Item]:
    import pyarrow as pa  # slow to import, and only Parquet files need it

    from labels.ingest.read.parquet import read_parquet_rows

    try:
        for number, row in enumerate(read_parquet_rows(data, where, reading.mapped), 1):
            if isinstance(row, Reject):
                yield row
            else:
                yield reading.record(row, f"{where}#{number}", f"{name}:{number}")
    except (pa.ArrowInvalid, OSError) as error:
        yield rejected(where, "broken_parquet", f"expected a Parquet file: {error}")


def read_page(page: PageFile) -> RawRecord | Reject:
    """Extract the article of a page."""
    from labels.ingest.read.page import extract_page  # slow to import, and only pages need it

    data = page.data
    if encoding := wide_encoding(data[:4_096]):
        data = data.decode(encoding, errors="replace").encode("utf-8", errors="replace")
    if is_binary(data[:PROBE_BYTES]):
        return rejected(page.where, "binary_file", "expected a page, found binary data")
    found = extract_page(data, page.where)
    if isinstance(found, Reject):
        return found
    known = page.record or RawRecord(article_id=page.name, where=page.where, title=None, text="")
    return replace(
        known,
        article_id=page.name,
        title=known.title or found.title,
        text=found.text,
        lang=known.lang or found.lang,
        published=known.published or found.published,
        url=known.url or found.url,
        source=known.source or found.source,
        captions=found.captions,
        times=found.times,
        notes=known.notes + found.notes,
        is_page=True,
        is_rewritten=True,
    )
