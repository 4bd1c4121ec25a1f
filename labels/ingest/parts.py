"""Input cut into parts that processes work on."""

from collections.abc import Iterable, Iterator

from labels.ingest.read.readers import Item
from labels.ingest.read.record import PageFile, RawRecord

_PART_ITEMS = 32
_PART_WORK = 150_000  # characters of text; beyond it a part is full
_PAGE_WORK = 4  # a byte of a page takes as long as so many characters


def in_parts(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Cut the input into parts that take about as long as one another."""
    part: list[Item] = []
    work = 0
    for item in items:
        part.append(item)
        if isinstance(item, PageFile):
            work += len(item.data) * _PAGE_WORK
        elif isinstance(item, RawRecord):
            work += len(item.text)
        if len(part) >= _PART_ITEMS or work >= _PART_WORK:
            yield part
            part, work = [], 0
    if part:
        yield part
