"""Find the article in an HTML page: title, main text, and what the page says of itself."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import lxml.html
import trafilatura
from lxml import etree
from trafilatura.metadata import extract_metadata

from labels.ingest.clean.compact import printable
from labels.ingest.clean.lines import key_of
from labels.ingest.clean.rules import rules_of
from labels.ingest.read.page_paragraphs import LONG, SPACES, WORD, Paragraph, read_paragraphs
from labels.ingest.read.record import Note
from labels.languages import LANGUAGES
from labels.pipeline.schema import Reject, rejected

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{3,30})""", re.IGNORECASE)
_PROBE_BYTES = 4_096

_STAMP = re.compile(
    r"(?:\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}\s[^\W\d]{3,12}\.?,?\s\d{4})\D{1,6}\d{1,2}:\d{2}"
    r"|\d{1,2}:\d{2}\D{1,6}(?:\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}\s[^\W\d]{3,12}\.?,?\s\d{4})"
)
_OUTLET = re.compile(r"\s*(?:\||::|//|»)\s*|\s[-–—:/]\s")
_TITLE_WORDS = 3  # a shorter heading is the name of a section
_CAPTIONS = 1  # that are kept: the lead picture's; later ones are of galleries, videos and cards
_COMMENTS = 3  # bylines with a time that make a list of comments
_COMMENT_COST = 400.0  # characters against each of them
_ENOUGH = 0.6  # of the best run's text that a run after a later headline must have
_LEADS = 3  # paragraphs after the headline that may be the lead
_AGREEMENT = 0.6  # of the own text that trafilatura must have too
_NEIGHBOURS = 2  # paragraphs in the same element that make it the article's
_WRAPPER = re.compile(
    r"</?(?:div|span|font|section|article|center|blockquote|b|i|em|strong|small|big|table|tbody|tr|td)"
    r"(?=[\s>])[^<>]{0,2000}>",
    re.IGNORECASE,
)
_DEPTH = 200  # of elements; a parser without its limits lifted stops at 256
_WRAPPERS = 400  # tags below which the depth needs no counting


@dataclass(frozen=True, kw_only=True)
class Page:
    """The article of a page; ``text`` has one paragraph a line."""

    title: str | None
    text: str
    captions: frozenset[str]  # lines of the text that are captions
    lang: str | None  # as declared
    published: str | None
    url: str | None
    source: str | None
    times: frozenset[str] = frozenset()  # lines of the text that say when a post came
    notes: tuple[Note, ...] = ()


def extract_page(data: bytes, where: str) -> Page | Reject:
    """Extract the article of a page, or say why it has none.

    Paragraphs are weighed by length, sentence ends and links; the element with the best balance of
    text over the rest is the article. A page that defeats this is left to trafilatura.

    Source:
        Kohlschütter et al. 2010, Boilerplate detection using shallow text features.
    """
    source = printable(decode_page(data))
    if len(_WRAPPER.findall(source)) > _WRAPPERS and _depth(source) > _DEPTH:
        source = _WRAPPER.sub("<br>", source)  # the parser gives up on elements nested so deep
    try:
        tree = lxml.html.document_fromstring(
            source.encode(), parser=lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError):
        return rejected(where, "no_text", "expected a page with an article, found no main text")
    title = _title(tree)
    own = _main_text(list(read_paragraphs(tree)), title)
    text = _agree(own, _by_trafilatura(source))
    if not text.strip():
        return rejected(where, "no_text", "expected a page with an article, found no main text")
    return _page(
        tree, title, text, frozenset(paragraph.text for paragraph in own if paragraph.caption)
    )


def _depth(source: str) -> int:
    depth = deepest = 0
    for match in _WRAPPER.finditer(source):
        depth += -1 if match.group().startswith("</") else 1
        deepest = max(deepest, depth)
    return deepest


def decode_page(data: bytes) -> str:
    """Decode a page: UTF-8 if it is that, else the declared charset, else a detected one."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if declared := _DECLARED.search(data[:_PROBE_BYTES]):
        try:
            return data.decode(declared[1].decode("ascii"), errors="replace")
        except LookupError:
            pass
    return str(trafilatura.utils.decode_file(data))


def _by_trafilatura(source: str) -> str:
    return (
        trafilatura.extract(
            source, include_comments=False, favor_precision=True, include_tables=True
        )
        or ""
    )


def _agree(own: list[Paragraph], by_trafilatura: str) -> str:
    """Take the paragraphs that both extractions have; where they disagree, the own ones.

    Trafilatura loses text that follows an element in its parent, and short paragraphs: sentences
    that stand among shared ones are taken as well.
    """
    if not own:
        return by_trafilatura
    found = key_of(by_trafilatura)
    is_shared = [paragraph.sure or paragraph.key in found for paragraph in own]
    places = Counter(
        paragraph.place
        for paragraph, both in zip(own, is_shared, strict=True)
        if both and paragraph.weight > 0
    )
    shared = [
        paragraph
        for paragraph, both in zip(own, is_shared, strict=True)
        if both or (places[paragraph.place] >= _NEIGHBOURS and paragraph.is_short_text)
    ]
    if _characters(shared) < _AGREEMENT * _characters(own):
        shared = own
    return "\n".join(paragraph.text for paragraph in shared)


def _characters(paragraphs: list[Paragraph]) -> int:
    return sum(len(paragraph.text) for paragraph in paragraphs)


def _main_text(paragraphs: list[Paragraph], title: str | None) -> list[Paragraph]:
    """Choose the run of paragraphs with the best balance of text over the rest.

    The article begins after its headline, where the headline stands in the page: before the last
    one of several, as long as that costs little text.
    """
    key = key_of(title or "")
    starts = [0] + [
        number
        for number, paragraph in enumerate(paragraphs, start=1)
        if key and paragraph.key == key
    ]
    weights = _weights(paragraphs)
    runs = [(start, *_best_run(weights, start)) for start in starts]
    most = max(gain for _, gain, _, _ in runs)
    if most <= 0:
        return []
    start, _, first, last = [run for run in runs if run[1] >= _ENOUGH * most][-1]
    near = paragraphs[start : min(start + _LEADS, first)] if start else []
    leads = [replace(lead, sure=lead.is_text) for lead in near if lead.is_lead]
    captions = [
        replace(paragraph, sure=True)
        for paragraph in paragraphs[start or first : last]
        if paragraph.caption and paragraph.is_kept
    ]
    kept = [
        paragraph
        for paragraph in paragraphs[first:last]
        if paragraph.is_kept and not paragraph.caption
    ]
    if kept:
        kept += _continued(paragraphs[last:], kept)
    return leads + captions[:_CAPTIONS] + kept


def _continued(following: list[Paragraph], kept: list[Paragraph]) -> Iterator[Paragraph]:
    """Give the short sentences that close the article: too light to lengthen the run."""
    places = Counter(paragraph.place for paragraph in kept if paragraph.weight > 0)
    for paragraph in following:
        if not paragraph.is_short_text or places[paragraph.place] < _NEIGHBOURS:
            return
        yield replace(paragraph, sure=True)


def _best_run(weights: list[float], start: int) -> tuple[float, int, int]:
    """Find the contiguous run with the largest sum of weights (Kadane's algorithm)."""
    best, best_first, best_last = 0.0, start, start
    gain, first = 0.0, start
    for number in range(start, len(weights)):
        if gain <= 0:
            gain, first = 0.0, number
        gain += weights[number]
        if gain > best:
            best, best_first, best_last = gain, first, number + 1
    return best, best_first, best_last


def _weights(paragraphs: list[Paragraph]) -> list[float]:
    """Weigh the paragraphs; bylines with a time, again and again, are readers' comments."""
    stamps = [
        len(paragraph.text) < LONG and bool(_STAMP.search(paragraph.text))
        for paragraph in paragraphs
    ]
    cost = _COMMENT_COST if sum(stamps) >= _COMMENTS else 0.0
    return [
        paragraph.weight - cost * stamp - _COMMENT_COST * _is_clutter_heading(paragraph)
        for paragraph, stamp in zip(paragraphs, stamps, strict=True)
    ]


def _is_clutter_heading(paragraph: Paragraph) -> bool:
    """Whether a heading begins readers' comments or a list of other articles."""
    if not paragraph.heading or len(paragraph.text) > LONG:
        return False
    return any(
        pattern.fullmatch(paragraph.text)
        for rules in map(rules_of, LANGUAGES)
        for _, pattern in rules.lines + rules.headings + rules.from_here
    )


def _title(tree: lxml.html.HtmlElement) -> str | None:
    """Take the heading that the page's title begins with, else its metadata, else a heading in it.

    A page's title carries the outlet's name as well, before the headline or behind it.
    """
    named = _meta(tree, "og:title") or _meta(tree, "twitter:title") or ""
    whole = SPACES.sub(" ", tree.findtext(".//title") or "").strip()
    headings = [
        heading
        for element in tree.iter("h1", "h2", "h3")
        if len(WORD.findall(heading := _text_of(element))) >= _TITLE_WORDS
    ]
    for heading in headings:
        if _same(heading, whole) or _same(heading, named):
            return heading
    if named:
        return named
    for heading in headings:
        if key_of(heading) in key_of(whole):
            return heading
    parts = [part for part in _OUTLET.split(whole) if len(part.split()) >= _TITLE_WORDS]
    return (parts[0] if parts else whole) or None


def _text_of(element: lxml.html.HtmlElement) -> str:
    return SPACES.sub(" ", element.text_content()).strip()


def _same(heading: str, title: str) -> bool:
    """Whether a page's title is the heading, with the outlet's name behind it or not."""
    return bool(heading) and key_of(title).startswith(key_of(heading))


def _meta(tree: lxml.html.HtmlElement, name: str) -> str | None:
    for element in tree.iter("meta"):
        if name in (element.get("property"), element.get("name"), element.get("itemprop")):
            if content := (element.get("content") or "").strip():
                return SPACES.sub(" ", content)
    return None


def _page(
    tree: lxml.html.HtmlElement, title: str | None, text: str, captions: frozenset[str]
) -> Page:
    data = extract_metadata(tree, extensive=False)
    lang = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    return Page(
        title=title,
        text=text,
        captions=captions,
        lang=lang or _meta(tree, "og:locale"),
        published=data.date,
        url=data.url,
        source=data.sitename,
    )
