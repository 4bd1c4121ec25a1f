"""From a raw record to an article: language, cleaning, and for storage repair and compaction."""

from dataclasses import dataclass, field, replace

from labels.ingest.clean.clean import Cleaned, clean
from labels.ingest.clean.compact import compact, printable
from labels.ingest.dates import parse_date
from labels.ingest.language import language_of
from labels.ingest.read.record import RawRecord
from labels.pipeline.schema import Article, Block, Reject, Unit, rejected

_REPAIR_LIMIT = 1_000_000  # characters; mojibake in longer texts stays, repair is slow


@dataclass(kw_only=True)
class Ingested:
    """A stored article and what was taken from its source."""

    article: Article
    removed: list[str] = field(default_factory=list)  # kind of clutter, one for each span
    repaired: bool = False  # mojibake was mended


def prepare(record: RawRecord, unit: Unit = Unit.article) -> Article | Reject:
    """Clean a record without changing it: title and text are the input's own.

    A title that stands inside the text (a text file) is a block of kind title. With
    `Unit.sentence` the text is one block, as it is.

    Returns:
        The article, whose group is not known yet, or the reason why there is none.
    """
    prepared = _prepare(record, unit)
    return prepared if isinstance(prepared, Reject) else prepared[0]


def ingest(record: RawRecord, unit: Unit = Unit.article) -> Ingested | Reject:
    """Clean a record for storage: mojibake mended, clutter and invisible characters gone.

    With `Unit.sentence` the text stays byte for byte.
    """
    mended = replace(record, title=_mend(record.title), text=_mend(record.text) or "")
    repaired = unit is Unit.article and mended != record
    source = mended if repaired else record
    if unit is Unit.article and source.title is not None and _is_post(source.title, source.text):
        source = replace(source, title=None, text=source.title)
    prepared = _prepare(source, unit)
    if isinstance(prepared, Reject):
        return prepared
    article, cleaned = prepared
    if unit is Unit.article:
        article.title, article.text, article.blocks = compact(article.title, article.text, cleaned)
    removed = [span.kind for span in cleaned.removed]
    return Ingested(article=article, removed=removed, repaired=repaired)


def _prepare(record: RawRecord, unit: Unit) -> tuple[Article, Cleaned] | Reject:
    title = record.title if record.title and printable(record.title).strip() else None
    has_text = bool(printable(record.text).strip())
    if not has_text and (title is None or unit is Unit.sentence):
        expected = "a text" if unit is Unit.sentence else "a title or a text"
        return rejected(record.where, "no_text", f"expected {expected}, found neither")
    lang = language_of(record, title)
    if isinstance(lang, Reject):
        return lang
    if unit is Unit.sentence:
        cleaned = Cleaned(blocks=[Block(start=0, end=len(record.text))])
    else:
        cleaned = clean(
            title, record.text, lang, find_title=record.is_file, captions=record.captions
        )
    if not cleaned.blocks and title is None:
        return rejected(
            record.where, "only_clutter", "expected an article, found nothing but clutter"
        )
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
    return article, cleaned


def _is_post(title: str, text: str) -> bool:
    """Whether the title of a record without text is a text of several lines."""
    lines = [line for line in title.splitlines() if any(map(str.isalnum, line))]
    return len(lines) > 1 and not printable(text).strip()


def _mend(text: str | None) -> str | None:
    import ftfy.badness  # slow to import, and only storage needs it

    if not text or len(text) > _REPAIR_LIMIT or not ftfy.badness.is_bad(text):
        return text
    return ftfy.fix_encoding(text)
