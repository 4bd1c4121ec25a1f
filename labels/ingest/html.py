"""Find the article in an HTML page: title, main text, and what the page says of itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import lxml.html
import trafilatura
from lxml import etree
from trafilatura.metadata import extract_metadata

from labels.ingest.compact import printable

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{3,30})""", re.IGNORECASE)
_PROBE_BYTES = 4_096
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?…؟۔](?:[\"'”’»)\]]*)(?:\s|$)")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody"
    " td tfoot th thead tr ul".split()
)
_SKIPPED = frozenset(
    "script style noscript template iframe object embed svg canvas button select textarea input"
    " nav footer head applet map audio video dialog".split()
)
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|disqus|sidebar|side-bar|related|recommend\w*|popular|most-?read|share|sharing"
    r"|social|socials|menu|nav|navbar|navigation|breadcrumbs?|footer|advert\w*|ads?|banner|promo|newsletter"
    r"|subscribe|subscription|cookie\w*|tags?|widget|teaser|login|register|popup|modal|copyright|pagination"
    r"|read-?also|more-?news|other-?news|hidden)(?:$|[\s_-])",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"(?:\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}\s[^\W\d]{3,12}\.?,?\s\d{4})\D{1,6}\d{1,2}:\d{2}"
    r"|\d{1,2}:\d{2}\D{1,6}(?:\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}\s[^\W\d]{3,12}\.?,?\s\d{4})"
)
_OUTLET = re.compile(r"\s*(?:\||::|//|»)\s*|\s[-–—:/]\s")
_TITLE_WORDS = 3  # a shorter heading is the name of a section
_CAPTIONS = 1  # the lead picture's; those of galleries, videos and cards belong to these
_COMMENTS = 3  # bylines with a time that make a list of comments
_COMMENT_COST = 400.0  # characters against each of them
_ENOUGH = 0.6  # of the best run's text that a run after a later headline must have
_LEADS = 3  # paragraphs after the headline that may be the lead
_LEAD_WORDS = 5
_AGREEMENT = 0.6  # of the own text that trafilatura must have too
_SHORT = 40
_CREDIT = re.compile(r"credit|copyright|source|photographer|author", re.IGNORECASE)
_LONG = 80  # characters from which a paragraph speaks for itself
_LINKED = 0.5  # share of a paragraph's characters inside links above which it is navigation


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


@dataclass(kw_only=True)
class _Paragraph:
    text: str
    linked: int  # characters inside links
    heading: int  # 1 to 6, 0 for text
    aside: bool  # inside an element whose name says it is not the article
    caption: bool = False  # of a picture
    sure: bool = False  # kept whatever trafilatura says

    @property
    def key(self) -> str:
        """The text without case, spaces and punctuation."""
        return _key(self.text)

    @property
    def is_kept(self) -> bool:
        """Whether the paragraph may stand in an article, if text stands around it."""
        return not self.aside and self.linked <= _LINKED * len(self.text)

    @property
    def is_text(self) -> bool:
        """Whether the paragraph is prose for sure."""
        if self.heading or self.caption or not self.is_kept:
            return False
        ends = len(_SENTENCE_END.findall(self.text))
        return ends > 1 or (ends == 1 and len(self.text) >= _LONG)

    @property
    def is_lead(self) -> bool:
        """Whether the paragraph, if it follows the headline, is the lead."""
        long_enough = len(_WORD.findall(self.text)) >= _LEAD_WORDS
        return self.is_kept and long_enough and not (self.caption or self.linked)

    @property
    def weight(self) -> float:
        """Characters for the article, or against it."""
        if self.caption:
            return 0.0
        if self.is_text:
            return len(self.text) - self.linked
        if self.is_kept and not self.linked and _SENTENCE_END.search(self.text):
            return len(self.text) / 2 if len(self.text) >= _SHORT else 0.0
        if self.is_kept and not self.linked:
            return -len(self.text) / 2
        return -float(len(self.text)) - _SHORT / 2


def extract_page(data: bytes) -> Page | None:
    """Extract the article of a page, or None when the page has none.

    Paragraphs are weighed by length, sentence ends and links; the element with the best balance of
    text over the rest is the article. A page that defeats this is left to trafilatura.

    Source:
        Kohlschütter et al. 2010, Boilerplate detection using shallow text features.
    """
    source = printable(decode_page(data))
    try:
        tree = lxml.html.document_fromstring(
            source.encode(), parser=lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    title = _title(tree)
    own = _main_text(list(_paragraphs(tree)), title)
    text = _agree(own, _by_trafilatura(source))
    if not text.strip():
        return None
    return _page(tree, title, text, frozenset(one.text for one in own if one.caption))


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


def _agree(own: list[_Paragraph], other: str) -> str:
    """Take the paragraphs that both extractions have; where they disagree, the own ones."""
    if not own:
        return other
    found = _key(other)
    shared = [one for one in own if one.sure or one.key in found]
    if sum(len(one.text) for one in shared) < _AGREEMENT * sum(len(one.text) for one in own):
        shared = own
    return "\n".join(one.text for one in shared)


def _key(text: str) -> str:
    return "".join(_WORD.findall(text.casefold()))


def _main_text(paragraphs: list[_Paragraph], title: str | None) -> list[_Paragraph]:
    """Choose the run of paragraphs with the best balance of text over the rest.

    The article begins after its headline, where the headline stands in the page: before the last
    one of several, as long as that costs little text.
    """
    key = _key(title or "")
    starts = [0] + [number + 1 for number, one in enumerate(paragraphs) if key and one.key == key]
    weights = _weights(paragraphs)
    runs = [(start, *_best_run(weights, start)) for start in starts]
    most = max(gain for _, gain, _, _ in runs)
    if most <= 0:
        return []
    start, _, first, last = [run for run in runs if run[1] >= _ENOUGH * most][-1]
    near = paragraphs[start : min(start + _LEADS, first)] if start else []
    leads = [replace(one, sure=one.is_text) for one in near if one.is_lead]
    captions = [
        replace(one, sure=True)
        for one in paragraphs[start or first : last]
        if one.caption and one.is_kept
    ]
    kept = [one for one in paragraphs[first:last] if one.is_kept and not one.caption]
    return leads + captions[:_CAPTIONS] + kept


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


def _weights(paragraphs: list[_Paragraph]) -> list[float]:
    """Weigh the paragraphs; bylines with a time, again and again, are readers' comments."""
    stamps = [len(one.text) < _LONG and bool(_STAMP.search(one.text)) for one in paragraphs]
    cost = _COMMENT_COST if sum(stamps) >= _COMMENTS else 0.0
    return [one.weight - cost * stamp for one, stamp in zip(paragraphs, stamps, strict=True)]


def _paragraphs(tree: lxml.html.HtmlElement) -> Iterator[_Paragraph]:
    """Walk the page in reading order and yield its paragraphs.

    A paragraph ends at every block element and at every line break.
    """
    walker = _Walker()
    events = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in events:
        if event == "start":
            if element.tag in _SKIPPED:
                events.skip_subtree()
            walker.start(element)
        else:
            walker.end(element, event == "end")
    yield from walker.found


@dataclass(frozen=True, kw_only=True)
class _State:
    heading: int = 0
    aside: bool = False
    link: bool = False
    caption: bool = False
    ends: bool = False  # the element ends a paragraph


class _Walker:
    """Collects the paragraphs of a page; no recursion, since pages nest without limit."""

    def __init__(self) -> None:
        self.found: list[_Paragraph] = []
        self._pieces: list[tuple[str, bool]] = []
        self._states = [_State()]  # of the elements around

    def start(self, element: lxml.html.HtmlElement) -> None:
        """Enter an element."""
        name, around = element.tag, self._states[-1]
        is_credit = around.caption and (name in ("small", "cite") or _is_credit(element))
        if name == "br" or name in _BLOCKS or is_credit:
            self._flush()
        self._states.append(
            _State(
                heading=_HEADINGS.get(name, around.heading),
                aside=around.aside or name == "aside" or is_credit or _is_aside(element),
                link=around.link or name == "a",
                caption=around.caption or name == "figcaption",
                ends=name in _BLOCKS or is_credit,
            )
        )
        if element.text and name not in _SKIPPED:
            self._pieces.append((element.text, self._states[-1].link))

    def end(self, element: lxml.html.HtmlElement, is_element: bool) -> None:
        """Leave an element, or pass a comment."""
        if is_element:
            if self._states[-1].ends:
                self._flush()
            self._states.pop()
        if element.tail:
            self._pieces.append((element.tail, self._states[-1].link))

    def _flush(self) -> None:
        state = self._states[-1]
        text = _SPACES.sub(" ", "".join(piece for piece, _ in self._pieces)).strip()
        linked = sum(len(_SPACES.sub(" ", piece).strip()) for piece, link in self._pieces if link)
        self._pieces.clear()
        if any(character.isalnum() for character in text):
            self.found.append(
                _Paragraph(
                    text=text,
                    linked=linked,
                    heading=state.heading,
                    aside=state.aside,
                    caption=state.caption,
                )
            )


def _is_credit(element: lxml.html.HtmlElement) -> bool:
    return bool(_CREDIT.search(element.get("class", "")))


def _is_aside(element: lxml.html.HtmlElement) -> bool:
    if element.tag in ("body", "html", "article", "main"):
        return False
    names = f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}"
    style = element.get("style", "")
    return bool(_ASIDE.search(names)) or "display:none" in style.replace(" ", "")


def _title(tree: lxml.html.HtmlElement) -> str | None:
    """Take the heading that the page's title begins with, else its metadata, else a heading in it.

    A page's title carries the outlet's name as well, before the headline or behind it.
    """
    named = _meta(tree, "og:title") or _meta(tree, "twitter:title") or ""
    whole = _SPACES.sub(" ", tree.findtext(".//title") or "").strip()
    headings = [
        heading
        for one in tree.iter("h1", "h2", "h3")
        if len(_WORD.findall(heading := _SPACES.sub(" ", one.text_content()).strip()))
        >= _TITLE_WORDS
    ]
    for heading in headings:
        if _same(heading, whole) or _same(heading, named):
            return heading
    if named:
        return named
    for heading in headings:
        if _key(heading) in _key(whole):
            return heading
    parts = [part for part in _OUTLET.split(whole) if len(part.split()) >= _TITLE_WORDS]
    return (parts[0] if parts else whole) or None


def _same(heading: str, title: str) -> bool:
    """Whether a page's title is the heading, with the outlet's name behind it or not."""
    return bool(heading) and _key(title).startswith(_key(heading))


def _meta(tree: lxml.html.HtmlElement, name: str) -> str | None:
    for element in tree.iter("meta"):
        if name in (element.get("property"), element.get("name"), element.get("itemprop")):
            if content := (element.get("content") or "").strip():
                return _SPACES.sub(" ", content)
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
