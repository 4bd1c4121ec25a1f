"""Read JSON: lines as they come, or a document whose records are found first."""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any, BinaryIO

from labels.ingest.read.code_pages import PROBE_BYTES, Decoded, decode, is_binary, wide_encoding
from labels.ingest.read.json_records import Found, parse_json, records_of
from labels.ingest.read.reading import BLANK, Item, Reading, too_large
from labels.ingest.read.record import RawRecord
from labels.pipeline.json_lines import parse_json_line
from labels.pipeline.schema import Reject, rejected

_OBJECT = re.compile(r"[\s\ufeff]*(?:\[\s*)?\{\s*\"")
_BLANK_BYTES = b" \t\r\n\xef\xbb\xbf"


def is_json(text: str) -> bool:
    """Tell whether a text is JSON, whole or broken: lines, an array, or an object."""
    if _OBJECT.match(text):
        return True
    values = parse_json(text, "") if text.lstrip(BLANK).startswith(("{", "[")) else None
    return isinstance(values, list) and any(map(records_of, values))


def read_json(
    stream: BinaryIO, where: str, name: str, reading: Reading, is_lines: bool
) -> Iterator[Item]:
    """Read JSON lines as they come; a document, or lines that are one together, at once."""
    lines = _utf8_lines(stream)
    begun: list[bytes] = []
    for line in lines:
        begun.append(line)
        if line.strip(_BLANK_BYTES):
            break
    else:
        yield rejected(where, "empty_file", "expected JSON, found none")
        return
    if is_binary(begun[-1][:PROBE_BYTES]):
        yield rejected(where, "binary_file", "expected text, found binary data")
        return
    is_object = not isinstance(parse_json_line(begun[-1].strip(_BLANK_BYTES), where), Reject)
    if is_object and not is_lines:
        second = next((line for line in lines if line.strip(_BLANK_BYTES)), b"")
        is_lines = bool(second)
        begun.append(second)
    if not (is_object and is_lines):
        whole = _rest(begun, lines, reading.limit)
        if whole is None:
            yield too_large(where, reading.limit)
            return
        yield from _read_document(whole, where, name, reading, is_lines)
        return
    yield from _read_lines(chain(begun, lines), where, name, reading)


def _rest(begun: list[bytes], lines: Iterator[bytes], limit: int) -> bytes | None:
    """Read the rest of a file; None if it is too large."""
    size = sum(map(len, begun))
    for line in lines:
        size += len(line)
        if size > limit:
            return None
        begun.append(line)
    return b"".join(begun) if size <= limit else None


def _utf8_lines(stream: BinaryIO) -> Iterator[bytes]:
    encoding = wide_encoding(stream.read(4_096))
    stream.seek(0)
    if encoding is None:
        yield from stream
        return
    with io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="\n") as text:
        for line in text:
            yield line.encode("utf-8", errors="replace")


def _read_lines(lines: Iterable[bytes], where: str, name: str, reading: Reading) -> Iterator[Item]:
    size = 0
    for number, line in enumerate(lines, 1):
        size += len(line)
        if size > reading.limit:
            yield too_large(where, reading.limit)
            return
        if line.strip(_BLANK_BYTES):
            yield from _read_line(line, f"{where}:{number}", f"{name}:{number}", reading)


def _read_line(line: bytes, where: str, fallback_id: str, reading: Reading) -> Iterator[Item]:
    decoded = decode(line, where)
    if isinstance(decoded, Reject):
        yield decoded
        return
    parsed = parse_json_line(decoded.text, where)
    if isinstance(parsed, Reject):
        yield parsed
        return
    item = reading.record(parsed.values, where, fallback_id, decoded.code_page)
    if _is_bare(item):  # perhaps a wrapper with records in it
        found = records_of(parsed.values, reading.mapped)
        if len(found) > 1 or (found and found[0].values is not parsed.values):
            yield from read_records(found, where, fallback_id, reading, decoded.code_page)
            return
    yield item


def _is_bare(item: Item) -> bool:
    if isinstance(item, Reject):
        return item.reason == "unread_body"
    return isinstance(item, RawRecord) and not item.text and not item.title


def _read_document(
    data: bytes, where: str, name: str, reading: Reading, is_lines: bool
) -> Iterator[Item]:
    decoded = decode(data, where)
    values = decoded if isinstance(decoded, Reject) else parse_json(decoded.text, where)
    if isinstance(values, Reject):
        if is_lines:  # one broken line is no reason to lose the others
            yield from _read_lines(io.BytesIO(data), where, name, reading)
        else:
            yield values
        return
    assert isinstance(decoded, Decoded)
    code_page = decoded.code_page
    del data, decoded  # the values alone are large enough
    found = [record for value in values for record in records_of(value, reading.mapped)]
    if not any(isinstance(record.values, dict) for record in found):
        expected = "expected an object with a text or a title, or an array of such"
        yield rejected(where, "broken_json", f"{expected}; found {_named(values)}")
    elif len(values) == len(found) == 1 and found[0].values is values[0]:
        yield reading.record(found[0].values, where, name, code_page)
    else:
        del values
        yield from read_records(found, where, name, reading, code_page)


def _named(values: list[Any]) -> str:
    return type(values[0]).__name__ if values else "none"


def read_records(
    found: Iterable[Found], where: str, name: str, reading: Reading, code_page: str | None
) -> Iterator[Item]:
    """Make records of what was found in a document, each with its number.

    An id is unique within its array: one of another chat has the place of its array before it.
    """
    groups: dict[str, str] = {}
    for number, record in enumerate(found, 1):
        place = f"{where}#{number}"
        if not isinstance(record.values, dict):
            kind = type(record.values).__name__
            yield rejected(place, "broken_json", f"expected an object, found {kind}")
            continue
        item = reading.record(record.values, place, f"{name}:{record.key or number}", code_page)
        if isinstance(item, RawRecord) and item.source is None and record.outlet:
            item = replace(item, source=record.outlet)
        if isinstance(item, RawRecord) and (
            groups.setdefault(item.article_id, record.group) != record.group
        ):
            item = replace(item, article_id=f"{record.group}/{item.article_id}")
        yield item
