"""What all readers of files share: how to read, and what they yield."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from labels.ingest.read.fields import Mapped
from labels.ingest.read.record import Note, PageFile, RawRecord, record_from
from labels.pipeline.schema import Reject, Unit, rejected

BLANK = " \t\r\n\x0b\x0c\x00\xa0\u200b\u200e\u200f\u2028\u2029\ufeff"
MEGABYTE = 1_000_000

Item = RawRecord | PageFile | Reject


@dataclass(frozen=True)
class Reading:
    """How to read, the same for all files."""

    unit: Unit
    limit: int  # bytes
    mapped: Mapped

    def record(
        self, values: Mapping[str, Any], where: str, fallback_id: str, code_page: str | None = None
    ) -> Item:
        """Make a record of a row."""
        item = record_from(values, where, fallback_id, self.unit, self.mapped)
        return noted(item, *code_page_notes(code_page))


def noted(item: Item, *notes: Note) -> Item:
    """Add notes to a record."""
    if not notes or isinstance(item, Reject):
        return item
    if isinstance(item, PageFile):
        known = item.record
        return replace(item, record=replace(known, notes=known.notes + notes)) if known else item
    return replace(item, notes=item.notes + notes)


def code_page_notes(code_page: str | None) -> tuple[Note, ...]:
    """Note that a text was in an old code page."""
    return (Note("old_encoding", code_page),) if code_page else ()


def too_large(where: str, limit: int) -> Reject:
    """Reject a file above the limit."""
    return rejected(where, "too_large", f"expected at most {limit / MEGABYTE:g} MB")
