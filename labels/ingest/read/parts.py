"""Text that comes in parts: lists of paragraphs, blocks of an editor, pieces with their format."""

from dataclasses import dataclass, field
from typing import Any

_TEXT_KEYS = (
    "headline heading title subtitle text value content contents children paragraphs items blocks"
    " sections ops insert rendered plain html body data attributes attrs innerBlocks list cells"
    " rows summary"
).split()
_INLINE_TYPES = frozenset(
    "bold italic strong em underline strikethrough spoiler code link text_link a mention"
    " mention_name hashtag cashtag bot_command email phone url custom_emoji bank_card"
    " inline".split()
)
_SPAN_TYPES = frozenset(("text", "plain", "span"))
_LINE_TYPES = frozenset("blockquote pre paragraph heading block".split())
_NOT_TEXT_TYPES = frozenset(
    "image picture photo video audio embed iframe ad ads advert advertisement script gallery"
    " related promo html_embed social twitter tweet instagram youtube divider button form"
    " newsletter media oembed".split()
)
_CAPTION_KEYS = ("caption", "alt_caption", "figcaption")
_DEPTH = 12
_ENDS = (".", "!", "?", "؟", "…", ":", "»", "”", '"', "۔", "\n")


@dataclass
class Joined:
    """The text of parts, in order."""

    text: str = ""
    captions: set[str] = field(default_factory=set)  # lines of the text that are captions


def join_parts(value: Any) -> Joined | None:  # noqa: ANN401 - any JSON value
    """Join the text of a list or an object; None if it holds none.

    Pieces of a line (strings and formatted strings, as Telegram has them) are joined as they are,
    paragraphs and blocks by line ends. Pictures and embedded matter are left out, but for captions.
    """
    if not isinstance(value, list | dict):
        return None
    joined = Joined()
    joined.text = _join(value, joined.captions, _DEPTH) or ""
    return joined if joined.text.strip() else None


def strings_in(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Give all strings of a value that hold more than a word, as lines, whatever their names."""
    found: list[str] = []
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            found += [item] if " " in item.strip() else []
        elif isinstance(item, list | dict):
            stack += reversed(list(item.values() if isinstance(item, dict) else item))
    return "\n".join(found)


def _join(value: Any, captions: set[str], depth: int) -> str | None:  # noqa: ANN401
    if isinstance(value, str):
        return value
    if depth == 0:
        return None
    if isinstance(value, list):
        return _join_list(value, captions, depth - 1)
    if isinstance(value, dict):
        return _join_object(value, captions, depth - 1)
    return None


def _join_list(values: list[Any], captions: set[str], depth: int) -> str | None:
    found = [(value, text) for value in values if (text := _join(value, captions, depth))]
    if not found:
        return None
    pieces = [text for _, text in found]
    if _is_one_line([value for value, _ in found], pieces):
        return "".join(pieces)
    return "\n".join(piece.strip("\n") for piece in pieces)


def _is_one_line(values: list[Any], pieces: list[str]) -> bool:
    """Whether pieces belong to one line: their kinds say so, or where they end and begin."""
    kinds = {_kind(value) for value in values if isinstance(value, dict)}
    has_strings = any(isinstance(value, str) for value in values)
    if kinds & _LINE_TYPES and not has_strings:
        return False
    if kinds & _INLINE_TYPES or (kinds and has_strings):
        return True
    if any(piece.endswith((" ", "\u00a0")) for piece in pieces[:-1]):
        return True
    if any(piece.startswith((" ", "\u00a0", ",", ".")) for piece in pieces[1:]):
        return True
    # Pieces of a line end anywhere, paragraphs as sentences do.
    is_span = bool(kinds) and kinds <= _SPAN_TYPES
    return is_span and not all(piece.endswith(_ENDS) for piece in pieces[:-1])


def _kind(value: dict[str, Any]) -> str:
    kind = value.get("type", value.get("_type", value.get("kind", "")))
    return kind.lower().rpartition("/")[2] if isinstance(kind, str) else ""


def _join_object(value: dict[str, Any], captions: set[str], depth: int) -> str | None:
    kind = _kind(value)
    if kind in _NOT_TEXT_TYPES:
        return _caption_of(value, captions)
    found = []
    for key in _TEXT_KEYS:
        text = _join(value[key], captions, depth) if key in value else None
        if text and text.strip() and text not in found:
            found.append(text)
    return "\n".join(found) if found else None


def _caption_of(value: dict[str, Any], captions: set[str]) -> str | None:
    data = value.get("data")
    for holder in (value, data if isinstance(data, dict) else {}):
        for key in _CAPTION_KEYS:
            caption = holder.get(key)
            if isinstance(caption, str) and caption.strip():
                captions.add(caption.strip())
                return caption.strip()
    return None
