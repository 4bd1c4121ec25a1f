"""When and where an article was published, from its text and address where no field says so."""

import re
from collections.abc import Iterator
from dataclasses import replace

from labels.ingest.clean.clean import Cleaned
from labels.ingest.dates import SlashOrder, is_of_change, parse_date
from labels.ingest.read.record import RawRecord
from labels.languages import LANGUAGES
from labels.languages.dateline import dateline_of
from labels.languages.outlets import outlet_of, outlet_of_url
from labels.pipeline.schema import SentenceKind

_LINE_LIMIT = 120  # characters of a line that may say when and by whom an article was published
_STAMPS = frozenset("time reporter editor place".split())  # kinds of clutter that do
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d[/-](?:\d{1,2}|[a-z]{3})[/-]\d{1,2})(?=[/-]|$)")


def complete(record: RawRecord, cleaned: Cleaned, outlet: str | None = None) -> RawRecord:
    """Fill in what the record does not say itself; what is not sure stays null.

    The day comes from a date line above the article, else from its dateline, else from the
    address; the outlet from the setting, else the address's host, else the dateline.

    Args:
        record: What the input says.
        cleaned: What of its text is clutter: a date line at the top is.
        outlet: The outlet of everything in the input, by setting.

    Returns:
        The record with ``published``, as written, and ``source``.
    """
    if record.published is not None and record.source is not None:
        return record
    opening, lines = _top(record.text, cleaned)
    source = record.source or outlet or outlet_of_url(record.url) or _named_outlet(opening, lines)
    published = record.published or _dated(opening, lines, record.url)
    return replace(record, source=source, published=published)


def _top(text: str, cleaned: Cleaned) -> tuple[str, list[tuple[str, str]]]:
    """Return the first paragraph, and what was removed above it, with its kind."""
    body = (block for block in cleaned.blocks if block.kind is SentenceKind.body)
    first = next(body, None)
    start = len(text) if first is None else first.start
    above = sorted((span for span in cleaned.removed if span.start < start), key=lambda s: s.start)
    lines = [(span.kind, text[span.start : span.end].strip()) for span in above]
    opening = "" if first is None else text[first.start : first.end]
    return opening, [line for line in lines if len(line[1]) <= _LINE_LIMIT]


def _named_outlet(opening: str, lines: list[tuple[str, str]]) -> str | None:
    named = (outlet_of(text) for text in (opening, *(line for _, line in lines)))
    return next(filter(None, named), None)


def _dated(opening: str, lines: list[tuple[str, str]], url: str | None) -> str | None:
    stamps = [line for kind, line in lines if kind in _STAMPS and _is_date(line)]
    stamps.sort(key=is_of_change)  # a later change tells only where nothing tells the first day
    return next(iter((*stamps, *_elsewhere(opening, url))), None)


def _elsewhere(opening: str, url: str | None) -> Iterator[str]:
    datelines = (dateline_of(opening, lang).strip() for lang in LANGUAGES if opening)
    yield from filter(_is_date, datelines)
    if (match := _IN_ADDRESS.search(url or "")) and _is_date(match[1]):
        yield match[1]


def _is_date(written: str) -> bool:
    """Whether it is a date, at least for a source that shows the order of its numbers."""
    return any(parse_date(written, order) for order in SlashOrder)
