"""Find the article in an HTML page: title, main text, and what the page says of itself."""

import re
from dataclasses import dataclass

import lxml.html
from lxml import etree
from trafilatura.utils import decode_file

from labels.ingest.clean.compact import printable
from labels.ingest.clean.lines import key_of
from labels.ingest.read.page.blocks import NO_PLACE, Block, read_blocks
from labels.ingest.read.page.kinds import bar_notices, no_article, no_text
from labels.ingest.read.page.library import mark_found
from labels.ingest.read.page.live import read_posts
from labels.ingest.read.page.metadata import Metadata, read_metadata
from labels.ingest.read.page.selection import choose
from labels.ingest.read.record import Note
from labels.languages import LANGUAGES
from labels.languages.detect import main_script, normalize, script_of_language
from labels.pipeline.schema import Reject, rejected

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{3,30})""", re.IGNORECASE)
_PROBE_BYTES = 4_096
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")  # the parser ends at some of them
_WRAPPER = re.compile(
    r"</?(?:div|span|font|section|article|center|blockquote|b|i|em|strong|small|big|table|tbody|tr|td)"
    r"(?=[\s>])[^<>]{0,2000}>",
    re.IGNORECASE,
)
_DEPTH = 200  # of elements; a parser without its limits lifted stops at 256
_WRAPPERS = 400  # tags below which the depth needs no counting
_HIDDEN = etree.XPath(
    "//template | //dialog[not(@open)] | //*[@hidden or @aria-hidden='true' or"
    " @style or"
    " contains(@class, 'sr-only') or contains(@class, 'visually') or"
    " contains(@class, 'screen-reader')]"
)
_UNSEEN_STYLE = re.compile(r"(?:^|;)(?:display:none|visibility:hidden)", re.IGNORECASE)
_UNSEEN_CLASS = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader-(?:text|only))(?:\s|$)", re.IGNORECASE
)
_PAID = re.compile(r"paywall|premium", re.IGNORECASE)  # seen by all, read aloud to subscribers
_LABEL_CHARACTERS = 200  # a longer text for screen readers is no label
_HIDDEN_MOST = 0.5  # of the page's text; more is hidden only until a script shows it
_STATED_MOST = 2.0  # times the text that was found, that the page states: scripts write the page
_SURE = 25  # letters of a sentence that no other text has by chance
_CAPTIONS = 1  # that are kept: the lead picture's; later ones are of galleries, videos and cards
_NO_TEXT = "expected a page with an article, found no main text"


@dataclass(frozen=True, kw_only=True)
class Page:
    """The article of a page; ``text`` has one paragraph a line."""

    title: str | None
    text: str
    captions: frozenset[str]  # lines of the text that are captions
    lang: str | None  # as declared, where that is one of ours and fits the text's script
    published: str | None
    url: str | None
    source: str | None
    times: frozenset[str] = frozenset()  # lines of the text that say when a post came
    notes: tuple[Note, ...] = ()


def extract_page(data: bytes, where: str) -> Page | Reject:
    """Extract the article of a page, or say why it has none.

    Trafilatura's result is the start; `choose` leaves out what surrounds the article and adds what
    is missing.
    """
    tree = _parse(_CONTROL.sub("", decode_page(data)))
    if tree is None:
        return rejected(where, "no_text", _NO_TEXT)
    page = read_metadata(tree)
    _drop_hidden(tree)
    title_key = key_of(page.title or "")
    blocks = read_blocks(tree)
    if reject := no_article(blocks.found, page, where):
        return reject
    bar_notices(blocks.found)
    every = mark_found(blocks.found, tree)
    _mark_stated(every, page)
    if posts := read_posts(blocks, page):
        chosen, times = posts
        return _page(page, chosen, times)
    chosen = choose(every, title_key)
    if reject := no_text(every, chosen, page, where):
        return reject
    if _is_better(page.body, chosen):
        stated = [Block(text=line) for line in page.body.split("\n")]
        return _page(page, stated, notes=(Note("structured_text"),))
    if not chosen:
        return rejected(where, "no_text", _NO_TEXT)
    return _page(page, _with_caption(every, chosen))


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
    return str(decode_file(data))


def _parse(source: str) -> lxml.html.HtmlElement | None:
    if len(_WRAPPER.findall(source)) > _WRAPPERS and _depth(source) > _DEPTH:
        source = _WRAPPER.sub("<br>", source)  # the parser gives up on elements nested so deep
    try:
        return lxml.html.document_fromstring(
            source.encode(),
            parser=lxml.html.HTMLParser(
                encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
            ),
        )
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _depth(source: str) -> int:
    depth = deepest = 0
    for match in _WRAPPER.finditer(source):
        depth += -1 if match.group().startswith("</") else 1
        deepest = max(deepest, depth)
    return deepest


def _drop_hidden(tree: lxml.html.HtmlElement) -> None:
    """Drop what no reader sees, unless it is most of the page, which a script shows later."""
    total = None
    for element in _HIDDEN(tree):
        parent = element.getparent()
        if parent is None or element.tag in ("body", "html"):
            continue
        is_label = _UNSEEN_CLASS.search(element.get("class", "")) is not None
        if not is_label and not _is_hidden(element):
            continue
        size = len(element.text_content())
        if is_label and size > _LABEL_CHARACTERS:
            continue
        if size > _LABEL_CHARACTERS:
            total = total or len(tree.text_content())
            if size > _HIDDEN_MOST * total:
                continue
        element.drop_tree()


def _is_hidden(element: lxml.html.HtmlElement) -> bool:
    if element.tag in ("template", "dialog"):
        return True
    hidden = element.get("hidden")
    if hidden is not None and hidden.lower() != "until-found":
        return True
    if element.get("aria-hidden") == "true" and not _PAID.search(element.get("class", "")):
        return True
    return _UNSEEN_STYLE.search(element.get("style", "").replace(" ", "")) is not None


def _mark_stated(blocks: list[Block], page: Metadata) -> None:
    if body := key_of(page.body):
        for block in blocks:
            block.stated = block.n_ends > 0 and len(block.key) >= _SURE and block.key in body
    for block in blocks:
        if block.key in page.authors:
            block.barred = True


def _is_better(body: str, chosen: list[Block]) -> bool:
    """Whether the body that the page states is the article: scripts write the page from it."""
    size = sum(len(block.text) for block in chosen)
    if len(body) > _STATED_MOST * size:
        return True
    whole = key_of("".join(block.text for block in chosen))
    return any(block.place == NO_PLACE for block in chosen) and whole in key_of(body)


def _with_caption(blocks: list[Block], chosen: list[Block]) -> list[Block]:
    """Keep the caption of the lead picture, and no other."""
    kept = [block for block in chosen if not block.caption]
    if not kept:
        return chosen
    first, last = blocks.index(kept[0]), blocks.index(kept[-1])
    start = next((n for n in range(first, -1, -1) if blocks[n].heading == 1), first)
    captions = [
        block
        for block in blocks[start:last]
        if block.caption and not (block.aside or block.is_linked or block.barred)
    ][:_CAPTIONS]
    wanted = {id(block) for block in (*kept, *captions)}
    return [block for block in blocks if id(block) in wanted]


def _page(
    page: Metadata,
    chosen: list[Block],
    times: frozenset[str] = frozenset(),
    notes: tuple[Note, ...] = (),
) -> Page:
    lines = {id(block): printable(block.text) for block in chosen}
    text = "\n".join(lines.values())
    return Page(
        title=printable(page.title) if page.title else None,
        text=text,
        captions=frozenset(lines[id(block)] for block in chosen if block.caption),
        lang=_lang(page.lang, text),
        published=page.published,
        url=page.url,
        source=page.source,
        times=times,
        notes=notes,
    )


def _lang(declared: str | None, text: str) -> str | None:
    """Take the page's word where it is one of ours; a template's default says nothing."""
    lang = normalize(declared)
    if lang not in LANGUAGES:
        return None
    script = main_script(text)
    return declared if script in (None, script_of_language(lang)) else None
