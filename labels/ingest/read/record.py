"""One record as a source gives it, made of the fields of an object or a row."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labels.ingest.read.fields import ASIDE, Layout, Mapped, field_of, flatten, is_vague, layout_of
from labels.ingest.read.markup import Plain, is_page, strip_markup
from labels.ingest.read.parts import join_parts, strings_in
from labels.ingest.read.values import (
    count_sentences,
    cut_marker,
    host_of,
    id_of,
    is_missing,
    is_nan,
    is_prose,
    is_url,
    key_of_id,
    word_of,
)
from labels.pipeline.schema import Reject, Unit, rejected

_LONG = 200  # characters; sentences of that length in a field that is not read are worth a word
_SENTENCE = 40  # the same where the record has no body
_BODY = 80  # characters, or two sentences: then it may be the body
_NUMBER = re.compile(r"\d+")  # in the names of fields, such as an id: they would be countless
_PROBE_LETTERS = 60  # of a text, by which it is found again in another


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
    is_rewritten: bool = (
        False  # title or text are not the input's own: markup is gone, parts joined
    )


@dataclass(frozen=True, kw_only=True)
class PageFile:
    """A page that has been read and waits for `read_page`, which is slow, in another process."""

    data: bytes
    where: str
    name: str
    record: RawRecord | None = None  # what is known of it besides: the page is a field of a record


def record_from(
    fields: Mapping[str, Any],
    where: str,
    fallback_id: str,
    unit: Unit = Unit.article,
    mapped: Mapped = (),
) -> RawRecord | PageFile | Reject:
    """Make a record of a JSON object, a CSV row or a Parquet row.

    Args:
        fields: The row; names as in ``fields.yaml``. Another field that holds sentences is named
            in a note, or is the reason of a reject where the record has no text.
        where: File and line or row, for messages.
        fallback_id: The id if the row has none.
        unit: With `Unit.sentence` the text stays byte for byte.
        mapped: Names that a setting gives, of `fields.check_mapping`.
    """
    flat = flatten(fields)
    reading = _Reading(flat, layout_of(flat, mapped), unit)
    text = reading.text()
    title = reading.title()
    own = reading.own_id()
    if reading.problems:
        return rejected(where, "wrong_type", "; ".join(reading.problems))
    unread = reading.unread(text, title) if text or reading.page is None else []
    record = RawRecord(
        article_id=fallback_id if own is None else key_of_id(own),
        where=where,
        title=title,
        text=text,
        lang=reading.word("lang"),
        published=reading.word("published"),
        url=reading.url(),
        source=reading.source(),
        input_id=own,
        parent_id=reading.word("parent_id"),
        captions=frozenset(reading.captions),
        notes=tuple(reading.notes),  # after all that adds to them
        is_rewritten=reading.is_rewritten,
    )
    if half := _half_of_a_pair(record):
        found = f"{half}: expected text, found half of a surrogate pair"
        return rejected(where, "broken_utf8", found)
    if unread:
        found = f"expected a text, found none but sentences in {', '.join(unread)}"
        return rejected(where, "unread_body", f"{found}; say which with fields={{text: NAME}}")
    if reading.page is not None and not text:
        data = reading.page.encode("utf-8", errors="replace")
        return PageFile(data=data, where=where, name=record.article_id, record=record)
    return record


class _Reading:
    """Takes the values out of one row and notes what it passes over."""

    def __init__(self, flat: Mapping[str, Any], layout: Layout, unit: Unit) -> None:
        self.flat = flat
        self.layout = layout
        self.is_article = unit is Unit.article
        self.notes: list[Note] = [Note("no_such_field", name) for name in layout.missing]
        self.problems: list[str] = []
        self.captions: set[str] = set()
        self.is_rewritten = False
        self.page: str | None = None
        self.taken: str | None = None  # the name of the field that the text comes from

    def text(self) -> str:
        """Give the body, or the summary where there is none."""
        found = self._best(self._candidates("text"))
        if found is None and self.page is None:
            found = self._best(self._candidates("summary"))
            if found is not None:
                self.notes.append(Note("summary_as_text", found[0]))
        if found is None:
            return ""
        self.problems.clear()  # of fields that come before it, and hold something else
        name, value, plain = found
        self.taken = name
        if plain is not None:
            self._rewrite(plain, name)
        if self.is_article and (cut := cut_marker(value)):
            self.notes.append(Note("cut_marker", cut[1]))
            value = value[: cut[0]]
        return value

    def title(self) -> str | None:
        """Give the title without markup."""
        for name in self.layout.names.get("title", ()):
            value = self.flat[name]
            if isinstance(value, list | dict):
                joined = join_parts(value)
                value = joined.text if joined else None
            if value is None or value == "" or is_nan(value):
                continue
            if not isinstance(value, str):
                self._wrong_type("title", name, value)
            elif is_missing(value):
                self.notes.append(Note("missing_value", name))
            else:
                plain = strip_markup(value) if self.is_article else None
                if plain is None:
                    return value
                self.is_rewritten = True
                self._note_markup(name)
                return " ".join(plain.text.split())
        return None

    def own_id(self) -> str | int | None:
        """Give the record's id."""
        for name in self.layout.names.get("id", ()):
            value = self.flat[name]
            if value is None or value == "" or is_nan(value):
                continue
            own = id_of(value)
            if own is None:
                if name.lower() == "id":
                    found = type(value).__name__
                    self.problems.append(f"id: expected a string or an integer, found {found}")
            elif isinstance(own, str) and is_missing(own):
                self.notes.append(Note("missing_value", name))
            else:
                return own
        return None

    def word(self, field: str) -> str | None:
        """Give a field that is a word, a date or an address."""
        for name in self.layout.names.get(field, ()):
            value = word_of(self.flat[name])
            if value is not None and is_missing(value):
                self.notes.append(Note("missing_value", name))
            elif value is not None:
                return value
        return None

    def url(self) -> str | None:
        """Give the address of the article; some sources have it under ``source``."""
        if found := self.word("url"):
            return found
        values = (word_of(self.flat[name]) for name in self.layout.names.get("source", ()))
        return next((url for url in values if url and is_url(url) and _has_path(url)), None)

    def source(self) -> str | None:
        """Give the outlet: a name, or the host of an address."""
        values = []
        for name in self.layout.names.get("source", ()):
            value = word_of(self.flat[name])
            if value and not is_missing(value):
                values.append(value)
        named = next((value for value in values if not is_url(value)), None)
        return named or next((host for value in values if (host := host_of(value))), None)

    def unread(self, text: str, title: str | None) -> list[str]:
        """List the fields that may hold the body of a record without one; note others."""
        bodies = []
        for name, value in self._not_taken():
            prose = value if isinstance(value, str) else strings_in(value)
            if len(prose) < (_LONG if text else _SENTENCE):
                continue
            plain = strip_markup(prose)
            prose = plain.text if plain else prose
            if not is_prose(prose) or _is_in(prose, f"{title or ''} {text}"):
                continue
            is_long = len(prose) >= _BODY or count_sentences(prose) > 1
            if not text and is_long and name in self.layout.others and field_of(name) != ASIDE:
                bodies.append(name)
            else:
                self.notes.append(Note("unread_field", _NUMBER.sub("#", name)))
        return bodies

    def _not_taken(self) -> list[tuple[str, Any]]:
        names = [
            *self.layout.others,
            *self.layout.names.get("text", ()),
            *self.layout.names.get("summary", ()),
            *self.layout.names.get("source", ()),
        ]
        return [
            (name, value)
            for name in names
            if name != self.taken
            and isinstance(value := self.flat[name], str | list | dict)
            and not (isinstance(value, str) and is_page(value))
        ]

    def _candidates(self, field: str) -> list[tuple[str, str, Plain | None]]:
        """List the values of a field that are texts: name, text, and what was done to get it."""
        found = []
        for name in self.layout.names.get(field, ()):
            value = self.flat[name]
            if value is None or value == "" or is_nan(value):
                continue
            plain = None
            if isinstance(value, list | dict) and self.is_article:
                joined = join_parts(value)
                if joined is None:
                    continue
                plain = Plain(joined.text, frozenset(joined.captions))
                value = joined.text
            if not isinstance(value, str):
                self._wrong_type(field, name, value)
            elif is_missing(value):
                self.notes.append(Note("missing_value", name))
            elif self.is_article and is_page(value):
                self.page = self.page or value
            else:
                found.append((name, value, plain))
        return found

    def _best(
        self, candidates: list[tuple[str, str, Plain | None]]
    ) -> tuple[str, str, Plain | None] | None:
        """Take the first that is more than a link; a later one if the first is its beginning."""
        best: tuple[str, str, Plain | None] | None = None
        for name, raw, plain in candidates:
            if not self.is_article:
                return name, raw, plain
            value = raw
            if stripped := strip_markup(raw):
                captions = stripped.captions | (plain.captions if plain else frozenset())
                plain = Plain(stripped.text, captions)
                value = stripped.text
            if (stripped and stripped.is_link and self._has_title()) or is_url(value):
                self.notes.append(Note("link_only", name))
            elif value.strip() and (best is None or _continues(best[1], value)):
                best = name, value, plain
        return best

    def _has_title(self) -> bool:
        return any(self.flat[name] for name in self.layout.names.get("title", ()))

    def _rewrite(self, plain: Plain, name: str) -> None:
        self.is_rewritten = True
        self.captions |= plain.captions
        if isinstance(self.flat[name], str) or "<" in str(self.flat[name]):
            self._note_markup(name)

    def _note_markup(self, name: str) -> None:
        self.notes.append(Note("markup", name))

    def _wrong_type(self, field: str, name: str, value: object) -> None:
        if field != "summary" and not is_vague(name):
            found = type(value).__name__
            self.problems.append(f"{name}: expected a string, found {found}")


def _continues(first: str, other: str) -> bool:
    """Whether a text goes on where another one is cut."""
    if len(other) <= 1.1 * len(first):
        return False
    beginning = _letters(first)[: -_PROBE_LETTERS // 4] or _letters(first)
    return _letters(other[: 2 * len(first) + _LONG]).startswith(beginning)


def _is_in(prose: str, text: str) -> bool:
    """Whether a text stands in another one, whatever the marks and spaces between its letters."""
    if prose[:_LONG] in text:
        return True
    letters = _letters(prose[: 4 * _LONG])
    probe = letters[:_PROBE_LETTERS]
    return bool(probe) and probe in _letters(text)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _has_path(url: str) -> bool:
    return len(url.rstrip("/").split("/")) > 3


def _half_of_a_pair(record: RawRecord) -> str | None:
    """Name the fields with half of a surrogate pair, which JSON can spell and nothing can write."""
    names = ("input_id", "title", "text", "lang", "published", "url", "source", "parent_id")
    found = []
    for name in names:
        value = getattr(record, name)
        if isinstance(value, str) and not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                found.append(name)
    return ", ".join(found) or None
