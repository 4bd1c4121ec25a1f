"""Tell an article's own text from the clutter around it, without changing a character.

`clean` marks which spans of the given text are kept; every offset is a code point of that text, so
it holds for prediction, where the text is the user's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from labels.ingest.clean.edges import (
    TITLE_LIMIT,
    edge_kind,
    opening_kinds,
    section_kind,
    title_number,
)
from labels.ingest.clean.lines import (
    BLANK,
    CLOSERS,
    LINE_LIMIT,
    Line,
    key_of,
    match_bare,
    match_line,
    read_lines,
)
from labels.ingest.clean.rules import Rule, Rules, rules_of
from labels.ingest.clean.wrapping import join_wrapped
from labels.pipeline.schema import Block, SentenceKind

_TAIL_WINDOW = 250  # tail rules see the last characters of a line only
_LINK_WINDOW = 600  # or more where there is a link among them
_CAPTION_WORDS = 3  # words in small letters that a caption has and a credit has not
_DOUBLE_LIMIT = 60  # letters; a paragraph this long that stands twice is a double
_AFTER_HEADING = 8  # headlines that may follow a heading such as "Read also"
_TEASERS = ("video", "read_also", "poll")  # a post may begin like one: "Watch: ..."


@dataclass(frozen=True, kw_only=True)
class Removed:
    """A span of the text that is clutter; ``kind`` as named in the rules."""

    kind: str
    start: int
    end: int
    rule: str = ""  # what found it: section and number of a rule, or the name of a test


@dataclass(kw_only=True)
class Cleaned:
    """What is kept and what is not; a title that stands in the text is a block of kind title."""

    blocks: list[Block] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)


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
    lines = list(read_lines(text))
    lines = _drop_lines(lines, title is not None, rules, result)
    found = title_number(lines, rules) if find_title and title is None else None
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
                result.removed.append(_removed(credit, line))
                continue
        if line.kind is SentenceKind.caption and not _cut_label(line, text, rules, result):
            continue
        result.blocks.extend(_cut(line, text, rules, number == last, result))
    _drop_trailing_section(result, text, rules)
    result.blocks = join_wrapped(result.blocks, text)
    result.removed.sort(key=lambda span: (span.start, span.end))
    return result


@dataclass
class _Listing:
    """The headlines that may stand below a heading such as "Read also": clutter of its kind."""

    kind: str = ""
    n_left: int = 0

    def takes(self, plain: str) -> bool:
        """Tell whether a line that no rule knows is the next headline; text ends the list."""
        is_next = self.n_left > 0 and _is_headline(plain)
        self.n_left = self.n_left - 1 if is_next else 0
        return is_next


def _drop_lines(lines: list[Line], has_title: bool, rules: Rules, result: Cleaned) -> list[Line]:
    """Drop the lines that rules know, and headings with the headlines below them."""
    kept: list[Line] = []
    listing = _Listing()
    for number, line in enumerate(lines):
        kind = _whole_line_kind(line.plain, rules)
        if kind in _TEASERS and not kept and not has_title:
            kind = None
        is_inside = kind is None and kept
        closing = match_bare(rules.from_here, line.plain) if is_inside else None
        if closing and _is_rest(kept, lines[number:]):
            result.removed.extend(_removed(closing, rest) for rest in lines[number:])
            break
        heading = closing or match_bare(rules.headings, line.plain)
        if heading:
            kind, listing = heading, _Listing(heading, _AFTER_HEADING)
        elif kind is None and listing.takes(line.plain):
            kind = listing.kind
        if kind is None:
            kept.append(line)
        else:
            result.removed.append(_removed(kind, line))
    return kept


def _whole_line_kind(plain: str, rules: Rules) -> str | None:
    if not any(character.isalnum() for character in plain[:LINE_LIMIT]):
        return "separator"
    return match_bare(rules.lines, plain)


def _is_rest(kept: list[Line], rest: list[Line]) -> bool:
    """Whether what follows a closing heading is short beside the article, as lists of links are."""
    before = sum(line.end - line.start for line in kept)
    return sum(line.end - line.start for line in rest) <= max(before, 2 * LINE_LIMIT)


def _is_headline(plain: str) -> bool:
    if len(plain) > TITLE_LIMIT or len(plain.split()) > 25:
        return False
    return plain.rstrip(CLOSERS)[-1:] not in ".…۔;:"


def _drop_doubles(
    lines: list[Line], title_line: Line | None, title: str | None, text: str, result: Cleaned
) -> list[Line]:
    """Drop the title where it stands again, and paragraphs that stand twice."""
    title_key = key_of(title) if title else ""
    seen: set[str] = set()
    kept = []
    for line in lines:
        key = key_of(text[line.start : line.end])
        double = ""
        if title_key and key == title_key and line is not title_line:
            double = "doubled_title"
        elif len(key) >= _DOUBLE_LIMIT and key in seen:
            double = "doubled_line"
        seen.add(key)
        if double:
            result.removed.append(_removed(double, line))
        else:
            kept.append(line)
    return kept


def _drop_edges(lines: list[Line], has_title: bool, rules: Rules, result: Cleaned) -> list[Line]:
    """Drop what only clutters the beginning or the end: places, times, bylines, section names."""
    first, last = 0, len(lines)
    while first < last and lines[first].kind is SentenceKind.title:
        first += 1
    head = first
    opening = opening_kinds(lines[first : last - 1], rules) if has_title else []
    for above, line in zip(opening, lines[first:], strict=False):
        result.removed.append(_removed(above, line))
    first += len(opening)
    while last - 1 > first or (has_title and last - 1 >= first and last > head):
        kind = edge_kind(lines[last - 1].plain, rules.endings, rules)
        if not kind:
            break
        result.removed.append(_removed(kind, lines[last - 1]))
        last -= 1
    return lines[:head] + lines[first:last]


def _removed(kind: str, line: Line) -> Removed:
    return Removed(kind=kind, start=line.start, end=line.end)


def _drop_trailing_section(result: Cleaned, text: str, rules: Rules) -> None:
    """Drop a section name that only a cut tail has left at the end."""
    while len(result.blocks) > 1:
        block = result.blocks[-1]
        if section_kind(text[block.start : block.end], rules) is None:
            return
        result.blocks.pop()
        result.removed.append(Removed(kind="section_name", start=block.start, end=block.end))


def _caption(plain: str, rules: Rules) -> tuple[SentenceKind, str | None]:
    for kind, pattern in rules.labels:
        if len(plain) <= LINE_LIMIT and (label := pattern.match(plain)):
            is_text = kind == "caption" or _says_something(plain[label.end() :], rules)
            return (SentenceKind.caption, None) if is_text else (SentenceKind.body, kind)
    found = match_line(rules.captions, plain)
    if found == "photo_credit":
        return SentenceKind.body, found
    return (SentenceKind.caption if found else SentenceKind.body), None


def _says_something(plain: str, rules: Rules) -> bool:
    """Whether a caption is more than names, as credits are; scripts without case always say."""
    for _, pattern in rules.credits:
        plain = pattern.sub("", plain)
    words = [word for word in plain.split() if len(word) > 1 and word[0].isalpha()]
    is_sentence = plain.rstrip(CLOSERS)[-1:] in ".!?؟…" and plain != ""
    return sum(not word[0].isupper() for word in words) >= _CAPTION_WORDS - is_sentence


def _cut_label(line: Line, text: str, rules: Rules, result: Cleaned) -> bool:
    """Cut off what introduces a caption; tell whether anything is left."""
    for kind, pattern in rules.labels:
        label = pattern.match(text, line.start, line.end)
        if label:
            result.removed.append(Removed(kind=kind, start=label.start(), end=label.end()))
            line.start = label.end()
    return line.start < line.end


def _cut(line: Line, text: str, rules: Rules, is_last: bool, result: Cleaned) -> Iterator[Block]:
    """Cut tails and inline clutter out of a kept line."""
    start, end = line.start, line.end
    if line.kind is SentenceKind.body:
        tails = rules.tails + rules.end_tails if is_last else rules.tails
    else:
        tails = tuple(rule for rule in rules.tails if rule[0] == "photo_credit") + rules.credits
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
    start += len(piece) - len(piece.lstrip(BLANK))
    end -= len(piece) - len(piece.rstrip(BLANK))
    if start < end and any(character.isalnum() for character in text[start:end]):
        yield Block(start=start, end=end, kind=kind)
