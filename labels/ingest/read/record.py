"""One record as a source gives it, and the field names that sources use."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from labels.pipeline.schema import Reject, rejected

# The one place that says which field of an input is what; the first one that has a value counts.
FIELD_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id",),
    "title": ("title", "headline"),
    "text": ("text", "body", "content"),
    "lang": ("lang", "language"),
    "published": ("published", "published_at", "date", "datetime"),
    "url": ("url", "link"),
    "source": ("source", "outlet", "publisher"),
    "parent_id": ("article_id",),
}
_HALF = re.compile("[\ud800-\udfff]")  # JSON can spell it, no encoding can write it
KNOWN_COLUMNS = frozenset(name for names in FIELD_NAMES.values() for name in names)


@dataclass(frozen=True)
class Note:
    """Something of an input that was understood in part, or mended; counted by kind and detail."""

    kind: str  # such as ``unread_field``
    detail: str = ""  # of few different values, such as the field's name


@dataclass(kw_only=True)
class RawRecord:
    """What an input says of one article, or of one sentence, before anything is done to it."""

    article_id: str
    where: str  # file, with `:line` or `#row` where there is one
    title: str | None
    text: str
    lang: str | None = None  # as declared
    published: str | None = None  # as written
    url: str | None = None
    source: str | None = None
    input_id: str | int | None = None  # the record's own id with its type, null if it has none
    parent_id: str | None = None  # the article that a one-sentence record comes from
    captions: frozenset[str] = frozenset()  # lines of the text that are known to be captions
    times: frozenset[str] = frozenset()  # lines of the text that say when a live blog's post came
    notes: tuple[Note, ...] = ()  # what was not taken as it stood
    is_page: bool = False  # the text was extracted from a page
    is_file: bool = False  # the text is a whole text file, its title perhaps inside


def record_from(fields: Mapping[str, Any], where: str, fallback_id: str) -> RawRecord | Reject:
    """Make a record of a JSON object, a CSV row or a Parquet row.

    Args:
        fields: The row; names as in `FIELD_NAMES`, others are ignored.
        where: File and line or row, for messages.
        fallback_id: The id if the row has none.
    """
    row = {str(name).strip().lower(): value for name, value in fields.items() if name is not None}
    problems = []
    found: dict[str, Any] = {}
    for name in FIELD_NAMES:
        found[name] = _first(row, FIELD_NAMES[name])
    for name in ("title", "text"):
        if found[name] is not None and not isinstance(found[name], str):
            problems.append(f"{name}: expected a string, found {type(found[name]).__name__}")
    own = found["id"]
    if own is not None and (isinstance(own, bool) or not isinstance(own, str | int)):
        problems.append(f"id: expected a string or an integer, found {type(own).__name__}")
    if problems:
        return rejected(where, "wrong_type", "; ".join(problems))
    halves = [name for name, value in found.items() if _HALF.search(str(value))]
    if halves:
        found_half = f"{', '.join(halves)}: expected text, found half of a surrogate pair"
        return rejected(where, "broken_utf8", found_half)
    return RawRecord(
        article_id=str(own) if own is not None else fallback_id,
        where=where,
        title=found["title"],
        text=found["text"] or "",
        lang=_word(found["lang"]),
        published=_word(found["published"]),
        url=_word(found["url"]),
        source=_word(found["source"]),
        input_id=own,
        parent_id=_word(found["parent_id"]),
    )


def _first(row: Mapping[str, Any], names: tuple[str, ...]) -> Any:  # noqa: ANN401 - any JSON value
    for name in names:
        value = row.get(name)
        if value is not None and value != "":
            return value
    return None


def _word(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None
