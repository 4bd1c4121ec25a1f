"""The lines of an article and how rules are tried on them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from labels.ingest.clean.literals import Held, Hits
from labels.ingest.clean.rules import Rule, candidates
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
_FOOT_MARKS = "*_\\"
_ORNAMENT = " <>[]=*~|•·!#–—→➡⬇👇\ufe0f-"  # around labels and teasers
_LINK = re.compile(r"\[([^\[\]]{0,200})\]\((?:[^()]{0,300})\)")
_MARKS = frozenset("*_`~\\")
_MARKUP = re.compile(r"[*_`~]{2,}|\\(?=[\[\]#*_])")
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[\W_]+")
_SYMBOLS = ("So", "Sk", "Mn", "Zs", "Cf")
CLOSERS = "\"'”’»)]"


@dataclass(kw_only=True)
class Piece:
    """A part of a line: kept, removed, or waiting for one more sign that it is clutter."""

    start: int
    end: int
    kind: str = ""  # of clutter, if it is removed
    found_by: str = ""  # name of a rule or a test
    waits_for: Rule | None = None  # a rule that matches it

    @property
    def is_kept(self) -> bool:
        """Whether nothing removes the piece."""
        return not self.kind

    def remove(self, rule: Rule) -> None:
        """Say which rule removes the piece."""
        self.kind, self.found_by = rule.kind, rule.name


@dataclass(kw_only=True)
class Line:
    """A line of the text without white space and bullets at its ends."""

    start: int
    end: int
    plain: str  # without links, markup and leading symbols, for line rules
    held: Held | None = None  # the literals of rules in it; None: not known
    kind: SentenceKind = SentenceKind.body
    pieces: list[Piece] = field(default_factory=list)  # in order, once it has been judged

    @property
    def is_kept(self) -> bool:
        """Whether any of the line is kept."""
        return any(piece.is_kept for piece in self.pieces)

    @property
    def is_whole(self) -> bool:
        """Whether all of the line is kept."""
        return all(piece.is_kept for piece in self.pieces)

    def kept_spans(self) -> Iterator[tuple[int, int]]:
        """Give the stretches of the line between what is removed."""
        span: tuple[int, int] | None = None
        for piece in self.pieces:
            if piece.is_kept:
                span = (span[0] if span else piece.start, piece.end)
            elif span:
                yield span
                span = None
        if span:
            yield span


def read_lines(text: str, hits: Hits | None = None) -> Iterator[Line]:
    """Give the lines that hold anything, with their offsets in the text.

    Args:
        text: The article's text.
        hits: Where in it the literals of rules stand.
    """
    for start, end in line_spans(text):
        bare = text[start:end]
        plain = plain_of(bare) if len(bare) <= 2 * LINE_LIMIT else bare
        held = hits.within(start, end) if hits and plain in bare else None
        yield Line(start=start, end=end, plain=plain, held=held)


def line_spans(text: str) -> Iterator[tuple[int, int]]:
    """Give where the lines stand that hold anything, without what `Line` leaves out."""
    for match in _LINE.finditer(text):
        raw = match.group()
        stripped = raw.strip(BLANK)
        if not stripped:
            continue
        start = match.start() + len(raw) - len(raw.lstrip(BLANK))
        start, end = _trim(text, start, start + len(stripped))
        if start < end:
            yield start, end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out list bullets and the marks of markup around a line."""
    line = text[start:end]
    if line[0].isalnum() and line[-1] not in _FOOT_MARKS:
        return start, end  # as nearly all lines
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


def plain_of(line: str) -> str:
    """Give a line without links, markup and leading symbols."""
    if "](" in line:
        line = _LINK.sub(r"\1", line)
    if not _MARKS.isdisjoint(line):
        line = _MARKUP.sub("", line)
    if not line.isprintable():
        line = line.translate(_NO_INVISIBLE)
        line = _SPACES.sub(" ", line)
    elif "  " in line:
        line = _SPACES.sub(" ", line)
    start = 0
    while start < len(line) and not line[start].isalnum() and _is_symbol(line[start]):
        start += 1
    return line[start:].strip()


def _is_symbol(character: str) -> bool:
    return character != "©" and unicodedata.category(character) in _SYMBOLS


def match_line(rules: tuple[Rule, ...], plain: str, held: Held | None = None) -> Rule | None:
    """Find the first rule that matches the whole line; long lines match none.

    Args:
        rules: Rules of one section.
        plain: The line.
        held: The literals of rules that the line holds, where they are known.
    """
    if len(plain) > LINE_LIMIT:
        return None
    for rule in candidates(rules, held):
        if rule.pattern.fullmatch(plain):
            return rule
    return None


def bare_forms(plain: str) -> tuple[str, ...]:
    """Give a line as it is, and without the ornaments around it."""
    bare = plain.strip(_ORNAMENT) if len(plain) <= LINE_LIMIT else plain
    return (plain,) if bare in ("", plain) else (plain, bare)


def match_bare(rules: tuple[Rule, ...], line: Line) -> Rule | None:
    """Match a line as it is, and without the ornaments around it."""
    if len(line.plain) > LINE_LIMIT:
        return None
    for form in bare_forms(line.plain):
        if found := match_line(rules, form, line.held):
            return found
    return None


def key_of(line: str) -> str:
    """Reduce a line to its letters and digits, for comparing."""
    return _NOT_WORD.sub("", line.casefold())
