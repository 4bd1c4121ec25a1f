"""Inputs that have been read and wait on disk to be cleaned: a part of the input a file."""

import json
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labels.ingest.dates import SlashOrder
from labels.ingest.piece_counts import Pieces
from labels.ingest.prepare import Draft
from labels.ingest.read.record import Note, RawRecord
from labels.pipeline.schema import Field, Reject

_ENCODING = {"encoding": "utf-8", "errors": "surrogatepass"}  # half a pair is a record's own
_SETS = ("captions", "times")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record comes from, and the order of day and month that its date shows."""

    file: str
    order: SlashOrder | None


@dataclass(frozen=True, slots=True)
class Begun:
    """An input that has been read: a draft to clean, or a reject."""

    result: Draft | Reject
    origin: Origin | None  # of a record
    notes: tuple[Note, ...] = ()
    pieces: Pieces | None = None  # of a draft, where boilerplate is learned


def write_part(path: Path, part: Iterable[Begun]) -> None:
    """Write what `read_part` reads."""
    rows = [_to_json(begun) for begun in part]
    path.write_bytes(json.dumps(rows, ensure_ascii=False).encode(**_ENCODING))


def read_part(path: Path) -> list[Begun]:
    """Read what `write_part` wrote in this run."""
    return [_from_json(row) for row in json.loads(path.read_bytes().decode(**_ENCODING))]


def _to_json(begun: Begun) -> dict[str, Any]:
    result, origin, pieces = begun.result, begun.origin, begun.pieces
    row: dict[str, Any] = {
        "notes": [(note.kind, note.detail) for note in begun.notes],
        "origin": origin and (origin.file, origin.order),
    }
    if isinstance(result, Reject):
        return row | {"reject": vars(result)}
    record = vars(result.record) | {"notes": []}
    record |= {name: sorted(record[name]) for name in _SETS}
    row["draft"] = vars(result) | {"record": record}
    if pieces:
        arrays = (pieces.hashes, pieces.starts, pieces.ends, pieces.lines)
        row["pieces"] = (pieces.source, pieces.lang, [list(values) for values in arrays])
    return row


def _from_json(row: dict[str, Any]) -> Begun:
    notes = tuple(Note(*note) for note in row["notes"])
    origin = None
    if row["origin"]:
        file, order = row["origin"]
        origin = Origin(file, order and SlashOrder(order))
    if "reject" in row:
        return Begun(Reject(**row["reject"]), origin, notes)
    draft = row["draft"]
    record = draft["record"] | {name: frozenset(draft["record"][name]) for name in _SETS}
    record = RawRecord(**record | {"notes": notes})
    result = Draft(**draft | {"record": record, "field": Field(draft["field"])})
    pieces = None
    if "pieces" in row:
        source, lang, (hashes, *places) = row["pieces"]
        pieces = Pieces(source, lang, array("Q", hashes), *(array("I", own) for own in places))
    return Begun(result, origin, notes, pieces)
