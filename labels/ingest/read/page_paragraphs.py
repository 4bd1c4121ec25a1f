"""The paragraphs of an HTML page, and what their elements say of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import lxml.html
from lxml import etree

from labels.ingest.clean.lines import key_of

SPACES = re.compile(r"\s+")
WORD = re.compile(r"\w+")
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
_LEAD_WORDS = 5  # that a lead has at least
_SHORT = 40  # characters below which one sentence says little
_CREDIT = re.compile(r"credit|kredit|copyright|source|photographer|author", re.IGNORECASE)
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:\w{0,40}caption\w{0,40}|cutline|podpis|ket|keterangan|(?:photo|image|img|pic)[_-]?(?:desc|text)\w*)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_CAPTION_CHARACTERS = 300  # a longer text beside a picture is the article
_DATED = re.compile(r"\b(?:19|20)\d{2}\b|\b\d{1,2}:\d{2}\b")
LONG = 80  # characters from which a paragraph speaks for itself
_LINKED = 0.5  # fraction of a paragraph's characters inside links above which it is navigation


@dataclass(kw_only=True)
class Paragraph:
    """A paragraph, and what speaks for and against its being the article's."""

    text: str
    linked: int  # characters inside links
    heading: int  # 1 to 6, 0 for text
    aside: bool  # inside an element whose name says it is not the article
    caption: bool = False  # of a picture
    sure: bool = False  # kept whatever trafilatura says
    place: int = 0  # the block element around the one that holds the text

    @property
    def key(self) -> str:
        """The text without case, spaces and punctuation."""
        return key_of(self.text)

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
        return ends > 1 or (ends == 1 and len(self.text) >= LONG)

    @property
    def is_lead(self) -> bool:
        """Whether the paragraph, if it follows the headline, is the lead."""
        long_enough = len(WORD.findall(self.text)) >= _LEAD_WORDS
        return self.is_kept and long_enough and not (self.caption or self.linked or self.is_byline)

    @property
    def is_byline(self) -> bool:
        """Whether the paragraph says when and by whom it was written."""
        if len(self.text) > LONG or not _DATED.search(self.text):
            return False
        return " | " in self.text or not _SENTENCE_END.search(self.text)

    @property
    def is_short_text(self) -> bool:
        """Whether the paragraph may be a short sentence at the edge of the article."""
        if self.heading or self.caption or self.linked or self.is_byline or not self.is_kept:
            return False
        return _SENTENCE_END.search(self.text) is not None

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


def read_paragraphs(tree: lxml.html.HtmlElement) -> Iterator[Paragraph]:
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
    block: int = 0  # number of the innermost block element
    place: int = 0  # and of the one around it
    ends: bool = False  # the element ends a paragraph


class _Walker:
    """Collects the paragraphs of a page; no recursion, since pages nest without limit."""

    def __init__(self) -> None:
        self.found: list[Paragraph] = []
        self._pieces: list[tuple[str, bool]] = []
        self._states = [_State()]  # of the elements around
        self._blocks = 0

    def start(self, element: lxml.html.HtmlElement) -> None:
        """Enter an element."""
        name, around = element.tag, self._states[-1]
        is_caption = name == "figcaption" or (
            (name in _BLOCKS or name == "span") and _is_caption(element)
        )
        is_credit = around.caption and (name in ("small", "cite") or _is_credit(element))
        if name == "br" or name in _BLOCKS or is_credit or is_caption:
            self._flush()
        is_block = name in _BLOCKS
        self._blocks += is_block
        self._states.append(
            _State(
                heading=_HEADINGS.get(name, around.heading),
                aside=around.aside or name == "aside" or is_credit or _is_aside(element),
                link=around.link or name == "a",
                caption=around.caption or is_caption,
                block=self._blocks if is_block else around.block,
                place=around.block if is_block else around.place,
                ends=is_block or is_credit or is_caption,
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
        text = SPACES.sub(" ", "".join(piece for piece, _ in self._pieces)).strip()
        linked = sum(len(SPACES.sub(" ", piece).strip()) for piece, link in self._pieces if link)
        self._pieces.clear()
        if any(character.isalnum() for character in text):
            self.found.append(
                Paragraph(
                    text=text,
                    linked=linked,
                    heading=state.heading,
                    aside=state.aside,
                    caption=state.caption,
                    place=state.place,
                )
            )


def _is_caption(element: lxml.html.HtmlElement) -> bool:
    """Whether an element is named a caption, or holds a picture and short texts only."""
    named = _CAPTION.search(f"{element.get('class', '')} {element.get('id', '')}")
    holds_picture = element.tag == "div" and any(child.tag == "img" for child in element)
    if not named and (not holds_picture or (element.text or "").strip()):
        return False
    if not named and any((child.tail or "").strip() for child in element):
        return False
    size = 0
    for text in element.itertext():
        size += len(text.strip())
        if size > _CAPTION_CHARACTERS:
            return False
    return True


def _is_credit(element: lxml.html.HtmlElement) -> bool:
    return bool(_CREDIT.search(element.get("class", "")))


def _is_aside(element: lxml.html.HtmlElement) -> bool:
    if element.tag in ("body", "html", "article", "main"):
        return False
    names = f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}"
    style = element.get("style", "")
    return bool(_ASIDE.search(names)) or "display:none" in style.replace(" ", "")
