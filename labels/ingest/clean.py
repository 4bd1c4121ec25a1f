"""Tell an article's own text from the clutter around it, without changing a character.

`clean` marks which spans of the given text are kept; every offset is a code point of that text, so
it holds for prediction, where the text is the user's.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from labels.ingest.dates import parse_date
from labels.ingest.rules import Rule, Rules, rules_of
from labels.schema import Block, SentenceKind

_LINE_LIMIT = 300  # longer lines are text: line rules are not tried on them
_TAIL_WINDOW = 250  # tail rules see the last characters of a line only
_LINK_WINDOW = 600  # or more where there is a link among them
_TITLE_LIMIT = 200
_TITLE_LINES = 4  # a title stands among the first lines that are left
_LABEL_WORDS = 2
_EDGE_LIMIT = 60  # a longer line with a date in it is a sentence
_TITLE_WORDS = 30
_DOUBLE_LIMIT = 60  # letters; a paragraph this long that stands twice is a double
_DATELINE_WINDOW = 160
_AFTER_HEADING = 8  # headlines that may follow a heading such as "Read also"

_LINE = re.compile("[^\n\r\x0b\x0c\x85\u2028\u2029]+")
INVISIBLE = (  # NUL, soft hyphen, zero width and directional marks, byte order mark
    "\x00\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_BLANK = "".join(
    {chr(code) for code in range(0x21)}
    | {chr(code) for code in range(0x7F, 0xA1)}
    | {chr(code) for code in range(0x2000, 0x200B)}
    | set("\u1680\u202f\u205f\u3000")
    | set(INVISIBLE)
)
_NO_INVISIBLE = str.maketrans("", "", INVISIBLE)
_BULLETS = "•●▪◦‣∙►▶➤▸■□◆◾◽"
_HEAD = re.compile(r"(?:#{1,6} |\*\*|__|\\)+")
_FOOT = re.compile(r"(?:\*\*|__|\\)+$")
_BREADCRUMBS = re.compile(r"(?:[^>›»/|.,:]{2,30}\s[>›»/|]\s){1,4}[^>›»/|.,:]{2,30}")
_LINK = re.compile(r"\[([^\[\]]{0,200})\]\((?:[^()]{0,300})\)")
_MARKUP = re.compile(r"[*_`~]{2,}|\\(?=[\[\]#*_])")
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[\W_]+")
_CLOSERS = "\"'”’»)]"
_TEASERS = ("video", "read_also")  # a post may begin like one: "Watch: ..."


@dataclass(frozen=True, kw_only=True)
class Removed:
    """A span of the text that is clutter; ``kind`` as named in the rules."""

    kind: str
    start: int
    end: int


@dataclass(kw_only=True)
class Cleaned:
    """What is kept and what is not; a title that stands in the text is a block of kind title."""

    blocks: list[Block] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)

    @property
    def title(self) -> tuple[int, int] | None:
        """Where the title stands in the text, if it was found there."""
        for block in self.blocks:
            if block.kind is SentenceKind.title:
                return block.start, block.end
        return None


@dataclass(kw_only=True)
class _Line:
    start: int
    end: int
    plain: str  # without links, markup and leading symbols, for line rules
    kind: SentenceKind = SentenceKind.body


def clean(
    title: str | None,
    text: str,
    lang: str,
    *,
    find_title: bool = False,
    captions: frozenset[str] = frozenset(),
) -> Cleaned:
    """Mark the paragraphs of an article that are its own.

    Args:
        title: The title if it is known apart from the text; its doubles in the text are clutter.
        text: The text as the source gives it, of any length; one line is one paragraph.
        lang: One of `labels.languages.LANGUAGES`.
        captions: Lines of the text that are known to be captions.
        find_title: Whether the text is a whole file, whose first line may be the title.

    Returns:
        Blocks in order, without overlap, and the clutter by kind. White space belongs to neither.
    """
    rules = rules_of(lang)
    result = Cleaned()
    lines = list(_lines(text))
    lines = _drop_lines(lines, title is not None, rules, result)
    found = _find_title(lines, rules) if find_title and title is None else None
    title_line = None if found is None else lines[found]
    if found and title_line is not None:
        result.removed.extend(_removed("section_name", line) for line in lines[:found])
        lines = lines[found:]
    if title_line is not None:
        title_line.kind = SentenceKind.title
        title = text[title_line.start : title_line.end]
    lines = _drop_doubles(lines, title_line, title, text, result)
    lines = _drop_edges(lines, title is not None, rules, result)
    last = len(lines) - 1
    for number, line in enumerate(lines):
        if line.kind is SentenceKind.title:
            result.blocks.append(Block(start=line.start, end=line.end, kind=line.kind))
            continue
        if text[line.start : line.end] in captions:
            line.kind = SentenceKind.caption
        elif number != last or number == 0:
            line.kind, credit = _caption(line.plain, rules)
            if credit:
                result.removed.append(Removed(kind=credit, start=line.start, end=line.end))
                continue
        result.blocks.extend(_cut(line, text, rules, number == last, result))
    _drop_trailing_section(result, text, rules)
    result.removed.sort(key=lambda one: (one.start, one.end))
    return result


def dateline_end(text: str, lang: str) -> int:
    """Find where the dateline at the start of a paragraph ends, in code points; 0 without one.

    A place named there says where the report was written, not what it is about.
    """
    match = rules_of(lang).dateline.match(text[:_DATELINE_WINDOW])
    return match.end() if match and match.end() < len(text) else 0


def _lines(text: str) -> Iterator[_Line]:
    for match in _LINE.finditer(text):
        raw = match.group()
        stripped = raw.strip(_BLANK)
        if not stripped:
            continue
        start = match.start() + len(raw) - len(raw.lstrip(_BLANK))
        end = start + len(stripped)
        start, end = _trim(text, start, end)
        if start < end:
            plain = _plain(text[start:end]) if end - start <= 2 * _LINE_LIMIT else text[start:end]
            yield _Line(start=start, end=end, plain=plain)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out list bullets and the marks of markup around a line."""
    line = text[start:end]
    head = len(line) - len(line.lstrip(_BULLETS + _BLANK))
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
        start + len(kept) - len(kept.lstrip(_BLANK)),
        end - (len(kept) - len(kept.rstrip(_BLANK))),
    )


def _plain(line: str) -> str:
    line = _MARKUP.sub("", _LINK.sub(r"\1", line))
    line = line.translate(_NO_INVISIBLE)
    start = 0
    while start < len(line) and line[start] != "©" and _is_symbol(line[start]):
        start += 1
    return _SPACES.sub(" ", line[start:]).strip()


def _is_symbol(character: str) -> bool:
    return unicodedata.category(character) in ("So", "Sk", "Mn", "Zs", "Cf")


def _drop_lines(lines: list[_Line], has_title: bool, rules: Rules, result: Cleaned) -> list[_Line]:
    kept: list[_Line] = []
    after_heading = 0
    heading = ""
    for number, line in enumerate(lines):
        kind = _whole_line_kind(line.plain, rules)
        if kind in _TEASERS and not kept and not has_title:
            kind = None
        if kind is None and kept and (found := _match(rules.from_here, line.plain)):
            if _is_rest(kept, lines[number:]):
                for rest in lines[number:]:
                    result.removed.append(Removed(kind=found, start=rest.start, end=rest.end))
                break
            kind = found
            after_heading, heading = _AFTER_HEADING, found
        elif found := _match(rules.headings, line.plain):
            kind, after_heading, heading = found, _AFTER_HEADING, found
        elif kind is None and after_heading and _is_headline(line.plain):
            kind = heading
            after_heading -= 1
        elif kind is None:
            after_heading = 0
        if kind is None:
            kept.append(line)
        else:
            result.removed.append(Removed(kind=kind, start=line.start, end=line.end))
    return kept


def _whole_line_kind(plain: str, rules: Rules) -> str | None:
    if not any(character.isalnum() for character in plain[:_LINE_LIMIT]):
        return "separator"
    return _match(rules.lines, plain)


def _match(rules: tuple[Rule, ...], plain: str) -> str | None:
    if len(plain) > _LINE_LIMIT:
        return None
    for kind, pattern in rules:
        if pattern.fullmatch(plain):
            return kind
    return None


def _is_rest(kept: list[_Line], rest: list[_Line]) -> bool:
    """Whether what follows a closing heading is short beside the article, as lists of links are."""
    before = sum(line.end - line.start for line in kept)
    return sum(line.end - line.start for line in rest) <= max(before, 2 * _LINE_LIMIT)


def _is_headline(plain: str) -> bool:
    if len(plain) > _TITLE_LIMIT or len(plain.split()) > 25:
        return False
    return plain.rstrip(_CLOSERS)[-1:] not in ".…۔;:"


def _find_title(lines: list[_Line], rules: Rules) -> int | None:
    """Give the number of the line that is the title of a text file, if one of the first is."""
    for number, line in enumerate(lines[:_TITLE_LINES]):
        rest = lines[number + 1 :]
        if not rest or len(line.plain) > _TITLE_LIMIT or len(line.plain.split()) > _TITLE_WORDS:
            return None
        if any(_key(other.plain) == _key(line.plain) for other in rest[:3]):
            return number
        is_label = line.plain.isupper() and len(line.plain.split()) <= _LABEL_WORDS
        if is_label or _edge_kind(line.plain, (), rules):
            continue  # a section or a date before the title
        if line.plain.rstrip(_CLOSERS)[-1:] in ".,،؛:;":
            return None
        return number if max(len(other.plain) for other in rest) > len(line.plain) else None
    return None


def _drop_doubles(
    lines: list[_Line], title_line: _Line | None, title: str | None, text: str, result: Cleaned
) -> list[_Line]:
    """Drop the title where it stands again, and paragraphs that stand twice."""
    title_key = _key(title) if title else ""
    seen: set[str] = set()
    kept = []
    for line in lines:
        key = _key(text[line.start : line.end])
        double = ""
        if title_key and key == title_key and line is not title_line:
            double = "doubled_title"
        elif len(key) >= _DOUBLE_LIMIT and key in seen:
            double = "doubled_line"
        seen.add(key)
        if double:
            result.removed.append(Removed(kind=double, start=line.start, end=line.end))
        else:
            kept.append(line)
    return kept


def _drop_edges(lines: list[_Line], has_title: bool, rules: Rules, result: Cleaned) -> list[_Line]:
    """Drop what only clutters the beginning or the end: places, times, bylines, section names."""
    first, last = 0, len(lines)
    while first < last and lines[first].kind is SentenceKind.title:
        first += 1
    head = first
    while has_title and first < last - 1:
        kind = _edge_kind(lines[first].plain, rules.openings, rules)
        if not kind:
            break
        result.removed.append(_removed(kind, lines[first]))
        first += 1
    while last - 1 > first or (has_title and last - 1 >= first and last > head):
        kind = _edge_kind(lines[last - 1].plain, rules.endings, rules)
        if not kind:
            break
        result.removed.append(_removed(kind, lines[last - 1]))
        last -= 1
    return lines[:head] + lines[first:last]


def _removed(kind: str, line: _Line) -> Removed:
    return Removed(kind=kind, start=line.start, end=line.end)


def _edge_kind(plain: str, section: tuple[Rule, ...], rules: Rules) -> str | None:
    """Name the clutter that a line is at the beginning or the end of an article."""
    if len(plain) <= _EDGE_LIMIT:
        if plain.rstrip(_CLOSERS)[-1:] not in ",،;!?؟" and parse_date(plain):
            return "time"
        if _BREADCRUMBS.fullmatch(plain):
            return "section_name"
    return _match(section, plain) or _section(plain, rules)


def _section(plain: str, rules: Rules) -> str | None:
    return "section_name" if plain.casefold() in rules.sections else None


def _drop_trailing_section(result: Cleaned, text: str, rules: Rules) -> None:
    """Drop a section name that only a cut tail has left at the end."""
    while len(result.blocks) > 1:
        block = result.blocks[-1]
        if _section(text[block.start : block.end], rules) is None:
            return
        result.blocks.pop()
        result.removed.append(Removed(kind="section_name", start=block.start, end=block.end))


def _caption(plain: str, rules: Rules) -> tuple[SentenceKind, str | None]:
    kind = _match(rules.captions, plain)
    if kind == "photo_credit":
        return SentenceKind.body, kind
    return (SentenceKind.caption if kind else SentenceKind.body), None


def _cut(line: _Line, text: str, rules: Rules, is_last: bool, result: Cleaned) -> Iterator[Block]:
    """Cut tails and inline clutter out of a kept line."""
    start, end = line.start, line.end
    if line.kind is SentenceKind.body:
        tails = rules.tails + rules.end_tails if is_last else rules.tails
    else:
        tails = tuple(rule for rule in rules.tails if rule[0] == "photo_credit")
    end = _cut_tails(start, end, text, tails, result)
    position = start
    for kind, pattern in rules.inline:
        for match in pattern.finditer(text, start, end):
            if match.start() < position:
                continue
            yield from _block(text, position, match.start(), line.kind)
            result.removed.append(Removed(kind=kind, start=match.start(), end=match.end()))
            position = match.end()
    yield from _block(text, position, end, line.kind)


def _cut_tails(start: int, end: int, text: str, tails: tuple[Rule, ...], result: Cleaned) -> int:
    found = True
    while found and end > start:
        found = False
        has_link = "://" in text[max(start, end - _LINK_WINDOW) : end]
        window = max(start, end - (_LINK_WINDOW if has_link else _TAIL_WINDOW))
        tail = text[window:end]
        for kind, pattern in tails:
            match = pattern.search(tail)
            if match and match.start() < match.end():
                result.removed.append(Removed(kind=kind, start=window + match.start(), end=end))
                end = window + match.start()
                found = True
                break
    return end


def _block(text: str, start: int, end: int, kind: SentenceKind) -> Iterator[Block]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip(_BLANK))
    end -= len(piece) - len(piece.rstrip(_BLANK))
    if start < end and any(character.isalnum() for character in text[start:end]):
        yield Block(start=start, end=end, kind=kind)


def _key(line: str) -> str:
    return _NOT_WORD.sub("", line.casefold())
