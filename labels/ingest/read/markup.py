"""Text out of fields that hold markup: tags, scripts and entities gone, paragraphs as lines."""

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NAMES = (
    "a abbr address article aside audio b big blockquote body br button caption center cite code"
    " dd del details div dl dt em embed figcaption figure font footer form h1 h2 h3 h4 h5 h6 head"
    " header hr html i iframe img input ins label li link main mark meta nav noscript object ol"
    " option p picture pre q s script section select small source span strike strong style sub"
    " summary sup svg table tbody td template tfoot th thead time title tr tt u ul video wbr"
    " amp-img amp-ad"
).split()
_TAG = re.compile(
    rf"<(?:/\s{{0,3}}(?:{'|'.join(_NAMES)})\s{{0,3}}"
    rf"|(?:br|hr|p|img|wbr)\s{{0,3}}/?"
    rf"|(?:{'|'.join(_NAMES)})(?:\s[^<>]{{1,4000}})?)>|<!--|<!\[CDATA\[",
    re.IGNORECASE,
)
# A tag alone may be written about: `the <b> tag`. Sure are an end, attributes, and what has no end.
_SURE_TAG = re.compile(
    rf"</\s{{0,3}}(?:{'|'.join(_NAMES)})\s{{0,3}}>|<(?:br|hr|p|img|wbr|li)\b[^<>]{{0,4000}}>"
    rf"|<(?:{'|'.join(_NAMES)})\s[^<>=]{{0,4000}}=[^<>]{{0,4000}}>|<!--|<!\[CDATA\[",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_BLOCK = frozenset(
    "address article aside blockquote body caption center dd details div dl dt figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table"
    " tbody tfoot thead tr ul".split()
)
_CELL = frozenset(("td", "th"))
_DROPPED = frozenset(
    "audio button embed head iframe input noscript object option picture script select style svg"
    " template video".split()
)
_CAPTION = frozenset(("figcaption", "caption"))
_SPACE = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_SPACES_IN_LINE = re.compile(r"[ \t\f\v\u00a0]+")
_AROUND_LINE_END = re.compile(r"[ \t]*\n[ \t]*(?:\n[ \t]*)*")
_AROUND_BLANK_LINE = re.compile(r"[ \t]*\n[ \t]*(?:\n[ \t]*)+")
_AROUND_ONE_END = re.compile(r"[ \t]+\n[ \t]*|\n[ \t]+")
_WRAPPER = re.compile(r"</?(?:div|span|font|section|b|i|em|strong|u|center)\b[^<>]*>", re.I)
_WRAPPERS = 400  # the parser gives up on text that stands deeper than 255 elements
_BLANK_LINE = re.compile(r"(?<=\S)[ \t\r]*\n[ \t\r]*\n\s*(?=\S)")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|$)", re.DOTALL)
_UNSEEN = str.maketrans("", "", "\u00ad\u200b\ufeff")  # soft hyphens and spaces of no width
_ROUNDS = 3  # of entities inside entities
_PROSE = re.compile(r"[.!?؟…。]\s+\S.{20}", re.DOTALL)
_LINKED = 0.5  # of the letters stand in links; above, and without sentences, there is no text
_PAGE = re.compile(r"\s{0,100}(?:<\?xml[^>]{0,200}>\s{0,100})?<(?:!doctype\s+html|html[\s>])", re.I)


@dataclass(frozen=True)
class Plain:
    """The text of a field that held markup."""

    text: str
    captions: frozenset[str] = field(default_factory=frozenset)  # lines that are captions
    is_link: bool = False  # nothing but links with a few words


def is_page(text: str) -> bool:
    """Tell whether a text is a whole HTML page."""
    return _PAGE.match(text) is not None


def strip_markup(text: str) -> Plain | None:
    """Give the text without markup, or None if it holds none.

    ``a < b``, ``<3`` and ``<unknown>`` are no markup. Paragraphs, list items, table rows and
    ``<br>`` become lines; where there are only tags inside lines, the text's own lines stay.
    """
    if "<" not in text and "&" not in text:
        return None
    found = _strip(text)
    if found is None:
        return None
    for _ in range(_ROUNDS - 1):  # a feed escapes markup, sometimes twice
        again = _strip(found.text)
        if again is None:
            break
        found = Plain(again.text, found.captions | again.captions, found.is_link or again.is_link)
    if found.text == text:
        return None
    return Plain(found.text.strip(), found.captions, found.is_link)


def _strip(text: str) -> Plain | None:
    if "<" in text and _SURE_TAG.search(text):
        return _strip_tags(_CDATA.sub(r"\1", text))
    if "&" in text and _ENTITY.search(text):
        return Plain(_own_lines(_ENTITY.sub(lambda match: html.unescape(match[0]), text)))
    return None


def _strip_tags(text: str) -> Plain:
    import lxml.etree  # slow to import, and few inputs hold markup
    import lxml.html

    # A sign that begins no tag is text; the parser would take `a <b` for the beginning of one.
    escaped = re.sub("<", lambda match: "<" if _TAG.match(text, match.start()) else "&lt;", text)
    if len(_WRAPPER.findall(escaped)) > _WRAPPERS:
        escaped = _WRAPPER.sub("<br>", escaped)
    try:
        root = lxml.html.fragment_fromstring(
            escaped, create_parent="div", parser=lxml.html.HTMLParser(huge_tree=True)
        )
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError, AssertionError):
        bare = _TAG.sub(" ", text)
        return Plain(_own_lines(html.unescape(bare)))
    has_blocks = any(
        element.tag in _BLOCK or element.tag == "br"
        for element in root.iter("*")
        if element is not root
    )
    writer = _Writer(has_blocks)
    writer.write_children(root)
    return writer.plain()


class _Writer:
    """Collects the text of a tree in document order."""

    def __init__(self, folds_lines: bool) -> None:
        self.folds_lines = folds_lines
        self.pieces: list[str] = []
        self.linked = 0
        self.in_link = 0
        self.caption_starts: list[int] = []
        self.captions: list[tuple[int, int]] = []

    def write_children(self, root: "HtmlElement") -> None:
        """Write an element's text; a stack of its own, since trees may be deeper than Python's."""
        self._write(root.text)
        stack = [iter(root)]
        path = [root]
        while stack:
            child = next(stack[-1], None)
            if child is None:
                stack.pop()
                closed = path.pop()
                if closed is not root:
                    self._close(closed.tag)
                    self._write(closed.tail)
                continue
            if not isinstance(child.tag, str) or child.tag in _DROPPED:
                self._write(child.tail)
                continue
            self._open(child.tag)
            self._write(child.text)
            stack.append(iter(child))
            path.append(child)

    def plain(self) -> Plain:
        """Give the collected text, its lines without spaces at their ends."""
        captions = {
            _readable("".join(self.pieces[start:end])).strip() for start, end in self.captions
        }
        whole = "".join(self.pieces)
        text = _readable(whole) if self.folds_lines else _own_lines(whole)
        letters = sum(map(str.isalnum, text))
        is_link = self.linked > _LINKED * letters and not _PROSE.search(text)
        return Plain(text, frozenset(captions - {""}), is_link)

    def _write(self, text: str | None) -> None:
        if not text:
            return
        if self.folds_lines:  # but for blank lines, which whoever wrote them meant
            lines = _BLANK_LINE.split(text)
            text = "\n".join(_SPACE.sub(" ", line) for line in lines)
        self.pieces.append(text)
        if self.in_link:
            self.linked += sum(map(str.isalnum, text))

    def _open(self, tag: str) -> None:
        if tag in _BLOCK or tag == "br":
            self.pieces.append("\n")
        elif tag in _CELL:
            self.pieces.append(" ")
        self.in_link += tag == "a"
        if tag in _CAPTION:
            self.caption_starts.append(len(self.pieces))

    def _close(self, tag: str) -> None:
        self.in_link -= tag == "a"
        if tag in _CAPTION and self.caption_starts:
            self.captions.append((self.caption_starts.pop(), len(self.pieces)))
        if tag in _BLOCK:
            self.pieces.append("\n")


def _readable(text: str) -> str:
    text = _SPACES_IN_LINE.sub(" ", text.translate(_UNSEEN).replace("\r\n", "\n"))
    return _AROUND_LINE_END.sub("\n", text)


def _own_lines(text: str) -> str:
    """Keep lines and blank lines, without spaces at their ends."""
    text = _SPACES_IN_LINE.sub(" ", text.translate(_UNSEEN).replace("\r\n", "\n"))
    return _AROUND_ONE_END.sub("\n", _AROUND_BLANK_LINE.sub("\n\n", text))
