"""What a page says of itself: structured data (JSON-LD), Open Graph, meta elements, headings."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import lxml.html
from htmldate import find_date
from lxml import etree

from labels.ingest.clean.lines import key_of
from labels.ingest.read.page.blocks import SPACES

_ARTICLES = re.compile(r"(?:Article|Posting|Review|Report)$")
_LIVE = "LiveBlogPosting"
_MOST_OBJECTS = 5_000  # of structured data that are looked at
_TITLE_WORDS = 3  # a shorter heading is the name of a section
_OUTLET = re.compile(r"\s*(?:\||::|//|»)\s*|\s[-–—:/]\s")
_WORD = re.compile(r"\w+")
_ISO_DATE = re.compile(r"(?:19|20)\d{2}-\d{2}-\d{2}")
_TAG = re.compile(r"<[^<>]{1,2000}>")
_MARKUP = re.compile(r"</?[a-z][^<>]{0,2000}>|&[a-z]{2,8};|&#\d+;", re.IGNORECASE)
_DATES = (
    "article:published_time og:published_time datePublished article.published pubdate publishdate"
    " parsely-pub-date sailthru.date DC.date.issued date"
).split()
_BROKEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(kw_only=True)
class Metadata:
    """What a page states; null or empty where it states nothing."""

    title: str | None = None
    body: str = ""  # `articleBody`, one paragraph a line
    published: str | None = None  # a date, YYYY-MM-DD
    url: str | None = None
    source: str | None = None  # the outlet
    authors: frozenset[str] = frozenset()  # keys of their names
    is_article: bool = False  # the page calls itself one
    is_live: bool = False  # the page calls itself a live blog
    lang: str | None = None  # as declared


@dataclass
class _Stated:
    """The values of the page's JSON-LD objects that are articles."""

    headlines: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    publishers: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    is_live: bool = False


def read_metadata(tree: lxml.html.HtmlElement) -> Metadata:
    """Read what the page states; nothing of it is checked against the text."""
    stated = _structured(tree)
    meta = _meta(tree)
    url = _url(tree, meta)
    author = meta.get("author") or meta.get("article:author") or ""
    return Metadata(
        title=_title(tree, meta, stated.headlines),
        body=max(map(_plain, stated.bodies), key=len, default=""),
        published=_published(tree, meta, stated.dates, url),
        url=url,
        source=_source(tree, meta, stated.publishers, url),
        authors=frozenset(
            key for name in (*stated.authors, author) if len(key := key_of(name)) > 3
        ),
        is_article=bool(stated.headlines) or meta.get("og:type") == "article",
        is_live=stated.is_live,
        lang=_lang(tree, meta),
    )


def _structured(tree: lxml.html.HtmlElement) -> _Stated:
    stated = _Stated()
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            value = json.loads(_BROKEN.sub(" ", (script.text or "").strip(" ;\n")), strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _objects(value):
            _take(item, stated)
    return stated


def _objects(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON value
    """All objects inside a value, outer ones first; no recursion."""
    waiting = [value]
    for _ in range(_MOST_OBJECTS):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, dict):
            yield value
            waiting.extend(inner for inner in value.values() if isinstance(inner, dict | list))
        elif isinstance(value, list):
            waiting.extend(inner for inner in value if isinstance(inner, dict | list))


def _take(item: dict[str, Any], stated: _Stated) -> None:
    kinds = item.get("@type")
    names = [kind for kind in (kinds if isinstance(kinds, list) else [kinds])]
    if _LIVE in names:
        stated.is_live = True
    if not any(isinstance(name, str) and _ARTICLES.search(name) for name in names):
        return
    for key, values in (
        ("headline", stated.headlines),
        ("articleBody", stated.bodies),
        ("datePublished", stated.dates),
    ):
        if isinstance(item.get(key), str) and item[key].strip():
            values.append(item[key].strip())
    stated.publishers.extend(_names(item.get("publisher")))
    stated.authors.extend(_names(item.get("author")))


def _names(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    for item in value if isinstance(value, list) else [value]:
        name = item.get("name") if isinstance(item, dict) else item
        if isinstance(name, str) and name.strip() and "://" not in name:
            yield name.strip()


def _plain(body: str) -> str:
    """Make paragraphs of a body that may hold markup."""
    if not _MARKUP.search(body):
        return "\n".join(line for part in body.split("\n") if (line := _spaced(part)))
    try:
        tree = lxml.html.fragment_fromstring(body, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError):
        return _spaced(_TAG.sub(" ", body))
    for element in tree.iter("p", "br", "div", "li", "h2", "h3", "h4"):
        element.text = "\n" + (element.text or "")
        element.tail = "\n" + (element.tail or "")
    return "\n".join(line for part in tree.text_content().split("\n") if (line := _spaced(part)))


def _spaced(text: str) -> str:
    return SPACES.sub(" ", text).strip()


def _meta(tree: lxml.html.HtmlElement) -> dict[str, str]:
    """The page's meta elements; the first that says something counts."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = _spaced(element.get("content") or "")
        if not content:
            continue
        for attribute in ("property", "name", "itemprop"):
            if name := element.get(attribute):
                found.setdefault(name.strip(), content)
    return found


def _title(tree: lxml.html.HtmlElement, meta: dict[str, str], headlines: list[str]) -> str | None:
    """Take the heading that the page's title begins with, else what it states, else a heading.

    A page's title carries the outlet's name as well, before the headline or behind it.
    """
    named = meta.get("og:title") or meta.get("twitter:title") or ""
    headline = _spaced(headlines[0]) if headlines else ""
    whole = _spaced(tree.findtext(".//title") or "")
    headings = [
        heading
        for element in tree.iter("h1", "h2", "h3")
        if len(_WORD.findall(heading := _spaced(element.text_content()))) >= _TITLE_WORDS
    ]
    for heading in headings:
        if _same(heading, whole) or _same(heading, named) or _same(heading, headline):
            return heading
    if named or headline:
        return named or headline
    for heading in headings:
        if key_of(heading) in key_of(whole):
            return heading
    parts = [part for part in _OUTLET.split(whole) if len(part.split()) >= _TITLE_WORDS]
    if whole:
        return parts[0] if parts else whole
    first = next((_spaced(element.text_content()) for element in tree.iter("h1")), "")
    return first or next(iter(headings), None)


def _same(heading: str, title: str) -> bool:
    """Whether a page's title is the heading, with the outlet's name behind it or not."""
    return bool(key_of(heading)) and key_of(title).startswith(key_of(heading))


def _published(
    tree: lxml.html.HtmlElement, meta: dict[str, str], dates: list[str], url: str | None
) -> str | None:
    for value in (*dates, *(meta[name] for name in _DATES if name in meta)):
        if found := _ISO_DATE.match(value):
            return found.group()
    date = find_date(tree, extensive_search=False, original_date=True, url=url)
    return str(date) if date else None


def _url(tree: lxml.html.HtmlElement, meta: dict[str, str]) -> str | None:
    links = [
        element.get("href") or ""
        for element in tree.iter("link")
        if (element.get("rel") or "").lower() == "canonical"
    ]
    for url in (*links, meta.get("og:url", ""), meta.get("twitter:url", "")):
        if url.startswith(("http://", "https://")):
            return url.strip()
    return None


def _source(
    tree: lxml.html.HtmlElement, meta: dict[str, str], publishers: list[str], url: str | None
) -> str | None:
    for name in ("og:site_name", "application-name"):
        if name in meta:
            return meta[name]
    if publishers:
        return _spaced(publishers[0])
    host = urlsplit(url).hostname if url else None
    return host.removeprefix("www.") if host else None


def _lang(tree: lxml.html.HtmlElement, meta: dict[str, str]) -> str | None:
    declared = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    return declared or meta.get("og:locale") or meta.get("content-language")
