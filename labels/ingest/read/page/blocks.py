"""The blocks of an HTML page in reading order, and what their elements say of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import lxml.html
from lxml import etree

from labels.ingest.clean.lines import key_of

SPACES = re.compile(r"\s+")
SENTENCE_END = re.compile(r"[.!?…؟۔](?:[\"'”’»)\]]*)(?:\s|$)")
NO_PLACE = -1  # of a text that is in no element that is shown
LONG = 80  # characters from which one sentence makes a paragraph
_LONG_HEADING = 200  # a longer heading is a lead in large letters
_LINKED = 0.5  # fraction of a block's characters inside links above which it is navigation
_CAPTION_CHARACTERS = 300  # a longer text beside a picture is the article
_CELL_CHARACTERS = 150  # a table with a longer cell lays out the page
_MOST_CELLS = 2_000  # of a table that is looked at
_DATED = re.compile(r"\b(?:19|20)\d{2}\b|\b\d{1,2}:\d{2}\b")

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody"
    " td tfoot th thead tr ul".split()
)
_SKIPPED = frozenset(
    "script style noscript template iframe object embed svg canvas button select textarea input"
    " head applet map audio video dialog amp-sidebar amp-ad amp-consent amp-user-notification"
    " amp-lightbox".split()
)
_FURNITURE = frozenset({"nav", "footer", "header"})
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|disqus|sidebar|side-bar|related|recommend\w*|popular|most-?read|share|sharing"
    r"|social|socials|menu|nav|navbar|navigation|breadcrumbs?|footer|advert\w*|ads?|banner|promo|newsletter"
    r"|subscribe|subscription|cookie\w*|tags?|widget|teaser|login|register|popup|modal|copyright|pagination"
    r"|read-?also|more-?news|other-?news|hidden)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"article-?_?body|story-?_?body|post-?_?(?:body|content|text)|entry-?_?content"
    r"|article-?_?(?:content|text)|news-?_?text|full-?_?text|detail-?_?text",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:\w{0,40}caption\w{0,40}|cutline|podpis|ket|keterangan|(?:photo|image|img|pic)[_-]?(?:desc|text)\w*)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_CREDIT = re.compile(r"credit|kredit|copyright|source|photographer|author", re.IGNORECASE)
_NOTICE = re.compile(
    r"(?:^|[\s_-])(?:paywall\w*|regwall\w*|subscri\w+|premium\w*|piano\w*|tp-modal|meter\w*|offers?"
    r"|cookie\w*|consent\w*|gdpr|privacy\w*|cmp\w*|onetrust\w*|didomi\w*|truste\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)


@dataclass(kw_only=True, eq=False)
class Block:
    """A paragraph, heading, list item or table row, and what its elements say of it."""

    text: str
    linked: int = 0  # characters inside links
    heading: int = 0  # 1 to 6, 0 for text
    aside: int = 0  # elements around it whose name says that they are not the article
    caption: bool = False  # of a picture
    furniture: bool = False  # in the page's head, foot or menu
    item: bool = False  # of a list
    inside: bool = False  # an element that is named the article, or its body
    notice: int = 0  # number of the outermost element around it that is named a notice, or 0
    element: int = 0  # number of the block element that holds the text
    place: int = 0  # and of the one around it
    key: str = ""  # the text without case, spaces and punctuation
    found: bool = False  # the library has it too
    stated: bool = False  # the page's structured data have it too
    barred: bool = False  # known not to be the article's: consent, terms of a subscription
    n_ends: int = 0  # of sentences

    def __post_init__(self) -> None:
        self.key = key_of(self.text)
        self.n_ends = len(SENTENCE_END.findall(self.text))
        if self.heading and len(self.text) >= _LONG_HEADING:
            self.heading = 0

    @property
    def is_linked(self) -> bool:
        """Whether most of the block is links."""
        return self.linked > _LINKED * len(self.text)

    @property
    def is_prose(self) -> bool:
        """Whether the block is sentences for sure."""
        return not self.heading and (
            self.n_ends > 1 or (self.n_ends == 1 and len(self.text) >= LONG)
        )

    @property
    def is_byline(self) -> bool:
        """Whether the block says when and by whom it was written."""
        if len(self.text) > LONG or not _DATED.search(self.text):
            return False
        return " | " in self.text or not self.n_ends


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """The blocks of a page and the tree of the elements that hold them."""

    found: list[Block]
    parents: list[int]  # the number of the element around each element


def read_blocks(tree: lxml.html.HtmlElement) -> Blocks:
    """Walk the page in reading order.

    A block ends at every block element and at every line break; a row of a table of short cells is
    one block.
    """
    walker = _Walker()
    events = etree.iterwalk(tree, events=("start", "end"))
    for event, element in events:
        if event == "start":
            if element.tag in _SKIPPED:
                events.skip_subtree()
            walker.start(element)
        else:
            walker.end(element)
    return Blocks(found=walker.found, parents=walker.parents)


@dataclass(frozen=True, kw_only=True, slots=True)
class _State:
    heading: int = 0
    aside: int = 0
    link: bool = False
    caption: bool = False
    furniture: bool = False
    item: bool = False
    inside: bool = False
    notice: int = 0
    table: bool = False  # of short cells
    block: int = 0  # number of the innermost block element
    place: int = 0  # and of the one around it


class _Walker:
    """Collects the blocks of a page; no recursion, since pages nest without limit."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self.parents = [0]
        self._pieces: list[tuple[str, bool]] = []
        self._states = [_State()]  # of the elements around
        self._ends: list[bool] = []  # whether each of them ends a block

    def start(self, element: lxml.html.HtmlElement) -> None:
        """Enter an element."""
        name, around = element.tag, self._states[-1]
        names = _names(element)
        is_block = name in _BLOCKS
        is_caption = name == "figcaption" or (
            (is_block or name == "span") and _is_caption(element, names)
        )
        is_credit = around.caption and (
            name in ("small", "cite") or bool(_CREDIT.search(element.get("class", "")))
        )
        in_row = around.table and name not in ("tr", "table")
        ends = (is_block and not in_row) or is_caption or is_credit
        if ends or (name == "br" and not in_row):
            self._flush()
        elif in_row and name in ("td", "th") and self._pieces:
            self._pieces.append((" | ", False))
        if ends or is_block or name == "a":
            self._states.append(
                self._state(element, names, around, caption=is_caption, credit=is_credit)
            )
        else:
            self._states.append(around)
        self._ends.append(ends)
        if element.text and name not in _SKIPPED:
            self._pieces.append((element.text, self._states[-1].link))

    def _state(
        self,
        element: lxml.html.HtmlElement,
        names: str,
        around: _State,
        *,
        caption: bool,
        credit: bool,
    ) -> _State:
        name = element.tag
        is_block = name in _BLOCKS
        if is_block:
            self.parents.append(around.block)
        block = len(self.parents) - 1 if is_block else around.block
        is_aside, is_body, is_notice = _flags(names)
        if name in ("body", "html", "article", "main"):
            is_aside = is_notice = False
        return _State(
            heading=_HEADINGS.get(name, around.heading),
            aside=around.aside + (name == "aside" or credit or is_aside),
            link=around.link or name == "a",
            caption=around.caption or caption,
            furniture=around.furniture or (name in _FURNITURE and not around.inside),
            item=around.item or name == "li",
            inside=around.inside or name in ("article", "main") or (is_block and is_body),
            notice=around.notice or (block if is_block and is_notice else 0),
            table=around.table or (name == "table" and _is_data(element)),
            block=block,
            place=around.block if is_block else around.place,
        )

    def end(self, element: lxml.html.HtmlElement) -> None:
        """Leave an element."""
        if self._ends.pop():
            self._flush()
        self._states.pop()
        if element.tail:
            self._pieces.append((element.tail, self._states[-1].link))

    def _flush(self) -> None:
        if not self._pieces:
            return
        state = self._states[-1]
        text = SPACES.sub(" ", "".join(piece for piece, _ in self._pieces)).strip(" |")
        if any(character.isalnum() for character in text):
            self.found.append(
                Block(
                    text=text,
                    linked=sum(
                        len(SPACES.sub(" ", piece).strip()) for piece, link in self._pieces if link
                    ),
                    heading=state.heading,
                    aside=state.aside,
                    caption=state.caption,
                    furniture=state.furniture,
                    item=state.item,
                    inside=state.inside,
                    notice=state.notice,
                    element=state.block,
                    place=state.place,
                )
            )
        self._pieces.clear()


def _names(element: lxml.html.HtmlElement) -> str:
    attributes = element.attrib
    if not attributes:
        return ""
    return " ".join(
        value for name in ("class", "id", "role", "itemprop") if (value := attributes.get(name))
    )


@lru_cache(maxsize=4_096)
def _flags(names: str) -> tuple[bool, bool, bool]:
    """Whether names say of an element: not the article, the article's body, a notice."""
    return bool(_ASIDE.search(names)), bool(_BODY.search(names)), bool(_NOTICE.search(names))


@lru_cache(maxsize=4_096)
def _names_caption(names: str) -> bool:
    return bool(_CAPTION.search(names))


def _is_caption(element: lxml.html.HtmlElement, names: str) -> bool:
    """Whether an element is named a caption, or holds a picture and short texts only."""
    named = _names_caption(names)
    holds_picture = element.tag == "div" and any(
        child.tag in ("img", "amp-img", "picture") for child in element
    )
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


def _is_data(table: lxml.html.HtmlElement) -> bool:
    """Whether a table holds data: rows of two cells and more, all short."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    rows = 0
    for row in table.iterdescendants("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        rows += len(cells) > 1
        for cell in cells:
            size = sum(len(text.strip()) for text in _some(cell.itertext()))
            if size > _CELL_CHARACTERS or next(cell.iterdescendants("li"), None) is not None:
                return False
        if rows > _MOST_CELLS:
            break
    return rows > 1


def _some(texts: Iterator[str]) -> Iterator[str]:
    for _, text in zip(range(50), texts, strict=False):
        yield text
