"""The work of ``ingest_articles`` on a part of the input, which several processes share."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from labels.ingest.clean.boilerplate import source_key
from labels.ingest.dates import shown_order
from labels.ingest.drafts import Begun, Origin, read_part, write_part
from labels.ingest.duplicates import Sketch, sketch_of
from labels.ingest.piece_counts import pieces_of
from labels.ingest.prepare import Draft, Prepared, Source, begin, finish
from labels.ingest.read.readers import Item, PageFile, read_page
from labels.ingest.read.record import Note
from labels.ingest.recurrence import Seen
from labels.ingest.settings import IngestSettings, NearDuplicateSettings
from labels.pipeline.schema import Reject, Unit
from labels.pipeline.tables import Row

R = TypeVar("R")

_GROUPING_CHARACTERS = 20_000  # of an article, enough to know a copy of it


@dataclass(frozen=True, slots=True)
class Done:
    """An input that became a row of the draft of the table, or a reject."""

    result: Row | Reject
    where: str
    origin: Origin | None
    notes: tuple[Note, ...] = ()
    removed: tuple[Row, ...] = ()
    is_repaired: bool = False
    sketch: Sketch | None = None  # of an article whose group is not known yet


def begin_part(
    settings: IngestSettings, part: tuple[Path, Sequence[Item]]
) -> "tuple[int, list[tuple[str, array[int]]]]":
    """Read pages, mend encodings, tell languages, and cut texts into pieces.

    Args:
        settings: Of the stage.
        part: The file that keeps the drafts, and the inputs.

    Returns:
        How many inputs they were; the source of each draft that pieces were counted in, and the
        counted pieces.
    """
    path, items = part
    drafts = [_begin(item, settings) for item in items]
    write_part(path, drafts)
    return len(items), [begun.pieces.counted() for begun in drafts if begun.pieces is not None]


def finish_part(settings: IngestSettings, source: Source, path: Path) -> list[Done]:
    """Clean drafts; ``published`` is still as written, ``group_id`` empty if not known yet."""
    return [_finish(begun, settings, source) for begun in read_part(path)]


def see_part(function: Callable[[int, Seen], R], part: tuple[int, Path, frozenset[int]]) -> list[R]:
    """Apply a function to drafts again that pieces were counted in.

    Args:
        function: Takes the number of a draft among all such, and the draft.
        part: The number of its first draft, the file of the part, and the numbers to take.
    """
    first, path, only = part
    drafts = (begun for begun in read_part(path) if begun.pieces is not None)
    return [
        function(number, _seen(begun))
        for number, begun in enumerate(drafts, first)
        if number in only
    ]


def _seen(begun: Begun) -> Seen:
    draft, pieces = begun.result, begun.pieces
    assert isinstance(draft, Draft)  # only a draft has pieces
    assert pieces is not None
    record = draft.record
    return Seen(record.text, record.title, pieces, record.is_file and record.title is None)


def do_part(settings: IngestSettings, source: Source, items: Iterable[Item]) -> list[Done]:
    """Begin and finish a part at once, where nothing is learned from the whole input."""
    return [_finish(_begin(item, settings), settings, source) for item in items]


def _begin(found: Item, settings: IngestSettings) -> Begun:
    item = read_page(found) if isinstance(found, PageFile) else found
    if isinstance(item, Reject):
        return Begun(item, None)
    draft = begin(item, settings.unit)
    file = item.where.rpartition("#")[0] or item.where.rpartition(":")[0] or item.where
    origin = Origin(file, shown_order(item.published))
    if isinstance(draft, Reject):
        return Begun(draft, origin, item.notes)
    pieces = None
    if settings.boilerplate.learn and settings.unit is Unit.article:
        record = draft.record
        source = source_key(record, settings.source)
        pieces = pieces_of(record.text, draft.lang, source, record.title)
    return Begun(draft, origin, draft.record.notes, pieces)


def _finish(begun: Begun, settings: IngestSettings, source: Source) -> Done:
    draft = begun.result
    if isinstance(draft, Reject):
        return Done(draft, draft.source, begun.origin, begun.notes)
    prepared = finish(draft, settings.unit, source)
    if isinstance(prepared, Reject):
        return Done(prepared, prepared.source, begun.origin, begun.notes)
    row = _row(prepared, settings.unit)
    return Done(
        row,
        draft.record.where,
        begun.origin,
        prepared.record.notes,
        tuple(_removed(prepared, draft)),
        draft.is_repaired,
        None if row["group_id"] else _sketch(row, settings.near_duplicates),
    )


def _row(prepared: Prepared, unit: Unit) -> Row:
    record = prepared.record
    is_part = unit is Unit.sentence and record.parent_id is not None
    group = f"article:{record.parent_id}" if is_part else ""
    article = prepared.article
    blocks = [{**vars(block), "kind": block.kind.value} for block in article.blocks]
    own = {"published": record.published, "group_id": group, "blocks": blocks}
    return {**vars(article), **own}  # much faster than `asdict`


def _removed(prepared: Prepared, draft: Draft) -> Iterator[Row]:
    text = draft.record.text
    for span in prepared.removed:
        yield {
            "article_id": draft.record.article_id,
            "field": draft.field.value,
            "start": span.start,
            "end": span.end,
            "kind": span.kind,
            "rule": span.rule,
            "text": text[span.start : span.end],
        }


def _sketch(row: Row, settings: NearDuplicateSettings) -> Sketch:
    return sketch_of(f"{row['title'] or ''}\n{row['text'][:_GROUPING_CHARACTERS]}", settings)
