"""The lines of an article and how rules are tried on them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from labels.ingest.clean.rules import Rule
from labels.pipeline.schema import SentenceKind

LINE_LIMIT = 300  # longer lines are text: line rules are not tried on them
_LINE = re.compile("[^\n\r\x0b\x0c\x85\u2028\u2029]+")
INVISIBLE = (  # NUL, soft hyphen, zero width and directional marks, byte order mark
    "\x00\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufeff"
)
BLANK = "".join(  # all that is not seen, for `str.strip`: the order does not matter
    {chr(code) for code in range(0x21)}
    | {chr(code) for code in range(0x7F, 0xA1)}
    | {chr(code) for code in range(0x2000, 0x200B)}
    | set("\u1680\u202f\u205f\u3000")
    | set(INVISIBLE)
)
_NO_INVISIBLE = str.maketrans("", "", INVISIBLE)
_VARIANTS = "\ufe0e\ufe0f"  # emoji forms of the character before
_BULLETS = "•●▪◦‣∙►▶➤▸■□◆◾◽"
_HEAD = re.compile(r"(?:#{1,6} |\*\*|__|\\)+")
_FOOT = re.compile(r"(?:\*\*|__|\\)+$")
_ORNAMENT = " <>[]=*~|•·!#–—→➡⬇👇\ufe0f-"  # around labels and teasers
_LINK = re.compile(r"\[([^\[\]]{0,200})\]\((?:[^()]{0,300})\)")
_MARKUP = re.compile(r"[*_`~]{2,}|\\(?=[\[\]#*_])")
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[\W_]+")
CLOSERS = "\"'”’»)]"


@dataclass(kw_only=True)
class Line:
    """A line of the text without white space and bullets at its ends."""

    start: int
    end: int
    plain: str  # without links, markup and leading symbols, for line rules
    kind: SentenceKind = SentenceKind.body


def read_lines(text: str) -> Iterator[Line]:
    """Give the lines that hold anything, with their offsets in the text."""
    for match in _LINE.finditer(text):
        raw = match.group()
        stripped = raw.strip(BLANK)
        if not stripped:
            continue
        start = match.start() + len(raw) - len(raw.lstrip(BLANK))
        end = start + len(stripped)
        start, end = _trim(text, start, end)
        if start < end:
            bare = text[start:end]
            plain = _without_markup(bare) if len(bare) <= 2 * LINE_LIMIT else bare
            yield Line(start=start, end=end, plain=plain)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out list bullets and the marks of markup around a line."""
    line = text[start:end]
    head = len(line) - len(line.lstrip(_BULLETS + BLANK))
    if head and line[head - 1] in _BULLETS:
        head += len(line[head:]) - len(line[head:].lstrip(_VARIANTS + BLANK))
    mark = _HEAD.match(line, head)
    if mark:
        head = mark.end()
    foot = _FOOT.search(line, max(head, len(line) - 20))
    tail = len(line) - foot.start() if foot else 0
    if head + tail >= len(line):
        return start, end  # nothing but marks; the separator rule counts it
    start, end = start + head, end - tail
    kept = text[start:end]
    return (
        start + len(kept) - len(kept.lstrip(BLANK)),
        end - (len(kept) - len(kept.rstrip(BLANK))),
    )


def _without_markup(line: str) -> str:
    line = _MARKUP.sub("", _LINK.sub(r"\1", line))
    line = line.translate(_NO_INVISIBLE)
    start = 0
    while start < len(line) and line[start] != "©" and _is_symbol(line[start]):
        start += 1
    return _SPACES.sub(" ", line[start:]).strip()


def _is_symbol(character: str) -> bool:
    return unicodedata.category(character) in ("So", "Sk", "Mn", "Zs", "Cf")


def match_line(rules: tuple[Rule, ...], plain: str) -> str | None:
    """Name the kind of the first rule that matches the whole line; long lines match none."""
    if len(plain) > LINE_LIMIT:
        return None
    for kind, pattern in rules:
        if pattern.fullmatch(plain):
            return kind
    return None


def match_bare(rules: tuple[Rule, ...], plain: str) -> str | None:
    """Match a line as it is, and without the ornaments around it."""
    if found := match_line(rules, plain):
        return found
    bare = plain.strip(_ORNAMENT) if len(plain) <= LINE_LIMIT else plain
    return match_line(rules, bare) if bare not in ("", plain) else None


def key_of(line: str) -> str:
    """Reduce a line to its letters and digits, for comparing."""
    return _NOT_WORD.sub("", line.casefold())
