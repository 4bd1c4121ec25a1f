"""From a raw record to an article: language, cleaning, and for storage repair and compaction."""

from collections import Counter
from dataclasses import dataclass, replace

from labels.ingest.clean.boilerplate import Boilerplate, source_key
from labels.ingest.clean.clean import Cleaned, Removed, clean
from labels.ingest.clean.compact import compact, printable
from labels.ingest.dates import parse_date
from labels.ingest.language import language_of
from labels.ingest.provenance import complete
from labels.ingest.read.encoding import mend
from labels.ingest.read.record import Note, RawRecord
from labels.pipeline.schema import Article, Block, Field, Reject, Unit, rejected

_GARBLED = 0.3  # of the letters that mending changes; as many, and it is another text


@dataclass(frozen=True, kw_only=True)
class Source:
    """What is known of the input beside its records."""

    outlet: str | None = None  # of everything in it that names none
    boilerplate: Boilerplate | None = None


@dataclass(kw_only=True)
class Prepared:
    """A cleaned article and what was left out."""

    article: Article
    removed: list[Removed]
    record: RawRecord  # with date and outlet, where the text or the address says them


@dataclass(kw_only=True)
class Draft:
    """A record in a known language, its encoding mended, that waits to be cleaned."""

    record: RawRecord
    lang: str
    is_repaired: bool = False  # mojibake was mended
    field: Field = Field.text  # of the input, where the text stands


def prepare(
    record: RawRecord, unit: Unit = Unit.article, source: Source | None = None
) -> Prepared | Reject:
    """Clean a record without changing it: title and text are the input's own.

    A title that stands inside the text (a text file) is a block of kind title. With
    `Unit.sentence` the text is one block, as it is.

    Returns:
        The article, whose group is not known yet, or the reason why there is none.
    """
    mended = _mend(record)
    if isinstance(mended, Reject):
        return mended
    if mended is not record and _is_other(mended, record):
        expected = "text in the code page that it was written in; ingest_articles can mend it"
        return _garbled(record, expected)
    lang = _language(record, unit)
    if isinstance(lang, Reject):
        return lang
    prepared = _clean(record, lang, unit, source or Source())
    return prepared if isinstance(prepared, Reject) else prepared[0]


def ingest(
    record: RawRecord, unit: Unit = Unit.article, source: Source | None = None
) -> Prepared | Reject:
    """Clean a record for storage: mojibake mended, clutter and invisible characters gone.

    With `Unit.sentence` the text stays byte for byte.
    """
    draft = begin(record, unit)
    return draft if isinstance(draft, Reject) else finish(draft, unit, source)


def begin(record: RawRecord, unit: Unit = Unit.article) -> Draft | Reject:
    """Do the first half of `ingest`, which needs nothing but the record."""
    is_repaired, field = False, Field.text
    if unit is Unit.article:
        mended = _mend(record)
        if isinstance(mended, Reject):
            return mended
        is_repaired = mended is not record
        record = mended
        if record.title is not None and _is_post(record.title, record.text):
            record = replace(record, title=None, text=record.title)
            field = Field.title
    lang = _language(record, unit)
    if isinstance(lang, Reject):
        return lang
    return Draft(record=record, lang=lang, is_repaired=is_repaired, field=field)


def finish(
    draft: Draft, unit: Unit = Unit.article, source: Source | None = None
) -> Prepared | Reject:
    """Do the second half of `ingest`; what was removed refers to the text of the draft."""
    found = _clean(draft.record, draft.lang, unit, source or Source())
    if isinstance(found, Reject):
        return found
    prepared, cleaned = found
    article = prepared.article
    if unit is Unit.article:
        article.title, article.text, article.blocks = compact(article.title, article.text, cleaned)
    return prepared


def _language(record: RawRecord, unit: Unit) -> str | Reject:
    title = _title(record)
    if _is_empty(record.text) and (title is None or unit is Unit.sentence):
        expected = "a text" if unit is Unit.sentence else "a title or a text"
        return rejected(record.where, "no_text", f"expected {expected}, found neither")
    return language_of(record, title)


def _title(record: RawRecord) -> str | None:
    return record.title if record.title and not _is_empty(record.title) else None


def _clean(
    record: RawRecord, lang: str, unit: Unit, source: Source
) -> tuple[Prepared, Cleaned] | Reject:
    title = _title(record)
    if unit is Unit.sentence:
        cleaned = Cleaned(blocks=[Block(start=0, end=len(record.text))])
    else:
        cleaned = clean(
            title,
            record.text,
            lang,
            find_title=record.is_file,
            captions=record.captions,
            times=record.times,
            boilerplate=source.boilerplate,
            source=source_key(record, source.outlet),
        )
    if not cleaned.blocks and title is None:
        return rejected(
            record.where, "only_clutter", "expected an article, found nothing but clutter"
        )
    record = complete(record, cleaned, source.outlet)
    article = Article(
        article_id=record.article_id,
        title=title,
        text=record.text,
        lang=lang,
        published=parse_date(record.published),
        url=record.url,
        source=record.source,
        blocks=cleaned.blocks,
    )
    return Prepared(article=article, removed=cleaned.removed, record=record), cleaned


def _is_post(title: str, text: str) -> bool:
    """Whether the title of a record without text is a text of several lines."""
    lines = [line for line in title.splitlines() if any(map(str.isalnum, line))]
    return len(lines) > 1 and _is_empty(text)


def _is_empty(text: str) -> bool:
    """Whether there is nothing to see in a text; one that begins with a letter needs no search."""
    return not text[:1].isalnum() and not printable(text).strip()


def _mend(record: RawRecord) -> RawRecord | Reject:
    """Mend title and text where they were decoded with a wrong code page, and note it."""
    title = mend(record.title) if record.title else record.title
    text = mend(record.text)
    if text is None or (record.title and title is None):
        return _garbled(record, "text that can be mended")
    changed = [
        name
        for name, given, found in (("title", record.title, title), ("text", record.text, text))
        if given != found
    ]
    if not changed:
        return record
    notes = (*record.notes, *(Note("mended_encoding", name) for name in changed))
    return replace(record, title=title, text=text, notes=notes)


def _is_other(mended: RawRecord, record: RawRecord) -> bool:
    """Whether mending leaves little of a text, and not just its quotation marks."""
    letters, kept = (
        Counter(filter(str.isalpha, f"{given.title or ''}{given.text}"))
        for given in (record, mended)
    )
    return (letters - kept).total() > _GARBLED * letters.total()


def _garbled(record: RawRecord, expected: str) -> Reject:
    return rejected(
        record.where,
        "wrong_code_page",
        f"expected {expected}, found letters as a wrong code page shows them",
    )
