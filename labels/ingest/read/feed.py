"""Read RSS and Atom feeds: each item is an object with the names of its elements."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from labels.ingest.read.json_records import Found

if TYPE_CHECKING:
    from lxml.etree import _Element

_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,100}encoding\s?=\s?[\"']([\w.:-]{1,40})[\"']")
_REFERENCE = re.compile(r"&#(?:(\d{1,10})|[xX]([0-9A-Fa-f]{1,8}));")
_ITEMS = ("item", "entry")
_MARKUP_TYPES = ("xhtml",)


def looks_like_feed(text: str) -> bool:
    """Tell whether a text begins as XML or as a feed does."""
    return text[:200].lstrip().startswith(("<?xml", "<rss", "<feed", "<rdf:RDF", "<channel"))


def declared_encoding(data: bytes) -> str | None:
    """Name the encoding that an XML file declares."""
    match = _DECLARED.match(data[:200])
    return match[1].decode("ascii") if match else None


def read_feed(text: str) -> list[Found] | None:
    """Read the items of a feed; None if it is no feed.

    Entities that a file declares itself are not resolved, and nothing is fetched.
    """
    import lxml.etree  # slow to import, and few inputs are feeds

    parser = lxml.etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, huge_tree=True
    )
    root = lxml.etree.fromstring(_REFERENCE.sub(_valid, text).encode(), parser)
    if root is None:
        return None
    items = [element for element in root.iter("{*}item", "{*}entry") if _name(element) in _ITEMS]
    if not items and _name(root) not in ("rss", "feed", "RDF", "channel"):
        return None
    outlet, lang = _about(root)
    return [Found(_fields(item, lang), None, outlet) for item in items]


def _about(root: "_Element") -> tuple[str | None, str | None]:
    """Give the name and the language of a feed."""
    top = next(root.iterchildren("{*}channel"), root)
    title = next((child.text for child in top.iterchildren("{*}title")), None)
    lang = next((child.text for child in top.iterchildren("{*}language")), None)
    lang = lang or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    return (title or "").strip() or None, lang


def _fields(item: "_Element", lang: str | None) -> dict[str, Any]:
    fields: dict[str, Any] = {"lang": lang} if lang else {}
    for name, value in _values(item):
        if value and name not in fields:
            fields[name] = value
    return fields


def _values(item: "_Element") -> Iterator[tuple[str, str]]:
    import lxml.etree

    for child in item.iterchildren("*"):
        name = _name(child)
        if child.prefix and child.prefix not in ("atom", "dc", "rss"):
            name = f"{child.prefix} {name}"
        if name == "link" and not (child.text or "").strip():
            if child.get("rel", "alternate") == "alternate":
                yield "link", child.get("href", "")
            continue
        if name == "source":
            title = next((part.text or "" for part in child.iterchildren("{*}title")), "")
            yield "source", title or (child.text or "")
            continue
        text = "".join(child.itertext())
        if child.get("type") in _MARKUP_TYPES or (
            len(child) and name in ("content", "description")
        ):
            text = "".join(
                lxml.etree.tostring(part, encoding="unicode") for part in child.iterchildren("*")
            )
        yield name, text.strip()


def _name(element: "_Element") -> str:
    tag = element.tag
    return str(tag).rpartition("}")[2] if isinstance(tag, str) else ""


def _valid(match: re.Match[str]) -> str:
    """Leave out a reference to half of a surrogate pair, or to nothing: the parser keeps those."""
    code = int(match[1]) if match[1] else int(match[2], 16)
    return match[0] if code < 0xD800 or 0xE000 <= code <= 0x10FFFF else ""
