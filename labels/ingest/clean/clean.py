"""Tell an article's own text from the clutter around it, without changing a character.

`clean` marks which spans of the given text are kept; every offset is a code point of that text, so
it holds for prediction, where the text is the user's.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from labels.ingest.clean.boilerplate import Boilerplate
from labels.ingest.clean.captions import caption_kind, cut_caption
from labels.ingest.clean.edges import (
    Found,
    edge_clutter,
    is_headline,
    is_subheading,
    opening_clutter,
    repeats_title,
    section_clutter,
    title_number,
    words_of,
)
from labels.ingest.clean.judge import Judge
from labels.ingest.clean.lines import (
    CLOSERS,
    LINE_LIMIT,
    Line,
    Piece,
    key_of,
    match_bare,
    read_lines,
)
from labels.ingest.clean.rules import Rules, rules_of
from labels.ingest.clean.spelling import respelt, spelt
from labels.ingest.clean.wrapping import join_wrapped
from labels.pipeline.schema import Block, SentenceKind

_DOUBLE_LIMIT = 60  # letters; a paragraph this long that stands twice is a double
_HEAD = 20  # letters
_STANDFIRST = 4  # lines that may sum up an article, whose first paragraph may be the same
_ITEM = re.compile(r"[-–—*+•]|\w{1,3}[.)]\s|\w[^.:!?]{0,30}:\s")  # and what it may begin with
_AFTER_HEADING = 8  # headlines that may follow a heading such as "Read also"
_TEASERS = ("video", "read_also", "poll")  # a post may begin like one: "Watch: ..."


@dataclass(kw_only=True)
class Removed:
    """A span of the text that is clutter; ``kind`` as named in the rules."""

    kind: str
    start: int
    end: int
    rule: str  # what found it: ``en.lines.promotion.3``, or the name of a test


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
    times: frozenset[str] = frozenset(),
    boilerplate: Boilerplate | None = None,
    source: str | None = None,
) -> Cleaned:
    """Mark the paragraphs of an article that are its own.

    Args:
        title: The title if it is known apart from the text; its doubles in the text are clutter.
        text: The text as the source gives it, of any length; one line is one paragraph.
        lang: One of `labels.languages.LANGUAGES`.
        find_title: Whether the text is a whole file, whose first line may be the title.
        captions: Lines of the text that are known to be captions.
        times: Lines of the text that are known to be times of posts.
        boilerplate: What recurs in the articles of each source.
        source: The article's source, as `boilerplate` names it; a rule for one site asks for it.

    Returns:
        Blocks in order, without overlap, and the clutter by kind. White space belongs to neither.
    """
    spelling = spelt(text)
    found = _clean(
        respelt(title) if title else title,
        spelling.text if spelling else text,
        lang,
        find_title=find_title,
        captions=frozenset(map(respelt, captions)),
        times=frozenset(map(respelt, times)),
        boilerplate=boilerplate if boilerplate and source in boilerplate.sources else None,
        source=source,
    )
    if spelling is None or not spelling.starts:
        return found
    spans: list[Block | Removed] = [*found.blocks, *found.removed]
    for span in spans:
        span.start, span.end = spelling.original(span.start), spelling.original(span.end)
    return found


def _clean(
    title: str | None,
    text: str,
    lang: str,
    *,
    find_title: bool,
    captions: frozenset[str],
    times: frozenset[str],
    boilerplate: Boilerplate | None,
    source: str | None,
) -> Cleaned:
    """Clean a text that is spelt as the rules are."""
    rules = rules_of(lang).for_source(source)
    judge = Judge(text=text, lang=lang, rules=rules, boilerplate=boilerplate, source=source)
    cleaning = _Cleaning(text, rules, judge)
    lines = list(read_lines(text, rules.finder.find(text)))
    lines = cleaning.drop_lines(lines, times, has_title=title is not None)
    title_line = None
    if find_title and title is None:
        title_line, lines = cleaning.find_title(lines)
    if title_line is not None:
        title = text[title_line.start : title_line.end]
    lines = cleaning.drop_doubles(lines, title_line, title)
    lines = cleaning.drop_opening(lines, has_title=title is not None)
    lines = cleaning.drop_ending(lines, has_title=title is not None)
    return cleaning.finish(lines, captions)


@dataclass
class _Listing:
    """The headlines that may stand below a heading such as "Read also": clutter of its kind."""

    found: Found = ("", "")
    n_left: int = 0

    def takes(self, plain: str) -> bool:
        """Tell whether a line that no rule knows is the next headline; text ends the list."""
        is_next = self.n_left > 0 and is_headline(plain)
        self.n_left = self.n_left - 1 if is_next else 0
        return is_next


class _Cleaning:
    """The steps of cleaning one article, each on the lines that the one before has left."""

    def __init__(self, text: str, rules: Rules, judge: Judge) -> None:
        self._text = text
        self._rules = rules
        self._judge = judge
        self._removed: list[Removed] = []

    def drop_lines(
        self, lines: list[Line], times: frozenset[str], *, has_title: bool
    ) -> list[Line]:
        """Drop the lines of which nothing is left, and headings with the headlines below them."""
        kept: list[Line] = []
        listing = _Listing()
        for number, line in enumerate(lines):
            heading = match_bare(self._rules.headings, line)
            closing = match_bare(self._rules.from_here, line) if kept else None
            if closing and _is_rest(kept, lines[number:]):
                for rest in lines[number:]:
                    self._remove(rest, (closing.kind, closing.name))
                break
            if found := self._test(line, times):
                self._remove(line, found)
                continue
            if heading := closing or heading:
                listing = _Listing((heading.kind, heading.name), _AFTER_HEADING)
                self._remove(line, listing.found)
                continue
            line.pieces = self._judge.pieces(line)
            if not (kept or has_title) and line.pieces and line.pieces[0].kind in _TEASERS:
                line.pieces[0].kind = ""
            if not line.is_kept:
                self._remove_pieces(line.pieces)
            elif listing.takes(line.plain):
                self._remove(line, listing.found)
            else:
                kept.append(line)
        return kept

    def _test(self, line: Line, times: frozenset[str]) -> Found | None:
        if not any(map(str.isalnum, line.plain[:LINE_LIMIT])):
            return "separator", "separator"
        if times and self._text[line.start : line.end] in times:
            return "post_time", "post_time"
        if self._judge.recurs(line.start, line.end):
            return "recurring", "recurrence"
        return None

    def find_title(self, lines: list[Line]) -> tuple[Line | None, list[Line]]:
        """Find the line that is the title of a text file, and drop what stands above it."""
        lines = self._drop_first(lines)
        number = title_number(lines, self._rules)
        if number is None:
            return None, lines
        for line in lines[:number]:
            self._remove(line, ("section_name", "above_title"))
        lines[number].kind = SentenceKind.title
        return lines[number], lines[number:]

    def drop_doubles(
        self, lines: list[Line], title_line: Line | None, title: str | None
    ) -> list[Line]:
        """Drop the title where it stands again, and paragraphs that stand twice."""
        title_key = key_of(title) if title else ""
        doubled = self._doubled(lines)
        kept = []
        for number, line in enumerate(lines):
            found = "doubled_line" if number in doubled else ""
            if title_key and line is not title_line:
                if self._has_key(line, title_key):
                    found = "doubled_title"
                elif title and repeats_title(line.plain, title):
                    found = "title_with_credit"
            if found:
                kind = "doubled_title" if found == "title_with_credit" else found
                self._remove(line, (kind, found))
            else:
                kept.append(line)
        return kept

    def _has_key(self, line: Line, key: str) -> bool:
        is_near = line.end - line.start <= 2 * len(key) + _HEAD  # signs and spaces are no letters
        return is_near and key_of(self._text[line.start : line.end]) == key

    def _doubled(self, lines: list[Line]) -> set[int]:
        """Give the numbers of the lines that are second copies.

        An item of a list, a question or a heading may be said again: it is a copy where it follows
        the first one at once, where it repeats what stands above the article, and where a paragraph
        beside it is copied as well.
        """
        heads: dict[str, list[int]] = {}  # which are found faster than whole keys
        for number, line in enumerate(lines):
            if line.end - line.start >= _DOUBLE_LIMIT:
                head = key_of(self._text[line.start : line.start + _DOUBLE_LIMIT])[:_HEAD]
                heads.setdefault(head, []).append(number)
        places: dict[str, list[int]] = {}
        for number in chain.from_iterable(alike for alike in heads.values() if len(alike) > 1):
            key = key_of(self._text[lines[number].start : lines[number].end])
            if len(key) >= _DOUBLE_LIMIT:
                places.setdefault(key, []).append(number)
        copies = {
            number: (first, len(others)) for first, *others in places.values() for number in others
        }
        prose = {number for number in copies if self._is_prose(lines[number])}
        return {
            number
            for number, (first, n_copies) in copies.items()
            if number in prose
            or first == number - 1
            or (n_copies == 1 and first < _STANDFIRST)
            or any(
                number + step in prose and copies[number + step][0] == first + step
                for step in (-1, 1)
            )
        }

    def _is_prose(self, line: Line) -> bool:
        """Whether a line is a paragraph of sentences, and no item of a list."""
        before = self._text[max(0, line.start - 2) : line.start].rpartition("\n")[2].strip()
        return (
            not before and not _ITEM.match(line.plain) and line.plain.rstrip(CLOSERS)[-1:] in ".!…"
        )

    def drop_opening(self, lines: list[Line], *, has_title: bool) -> list[Line]:
        """Drop what only clutters the beginning: places, times, bylines, section names."""
        first = 0
        while first < len(lines) and lines[first].kind is SentenceKind.title:
            first += 1
        titles, lines = lines[:first], lines[first:]
        opening = opening_clutter(lines[:-1], self._rules) if has_title else []
        for found, line in zip(opening, lines, strict=False):
            self._remove(line, found)
        lines = lines[len(opening) :]
        return titles + self._drop_first(lines)

    def _drop_first(self, lines: list[Line]) -> list[Line]:
        """Drop the first lines as far as only the edge was missing to make them clutter."""
        while len(lines) > 1 and self._settles(lines[0], lines[0].pieces[0]):
            lines = lines[1:]
        return lines

    def _settles(self, line: Line, piece: Piece) -> bool:
        """Remove a whole line that waited for a sign; the edge of the article is one."""
        is_line = (piece.start, piece.end) == (line.start, line.end)
        if not (is_line and self._judge.settle_at_edge(piece, (line.start, line.end))):
            return False
        self._remove_pieces(line.pieces)
        return True

    def drop_ending(self, lines: list[Line], *, has_title: bool) -> list[Line]:
        """Drop what only clutters the end, line by line and sentence by sentence."""
        least = 0 if has_title and not any(line.kind is SentenceKind.title for line in lines) else 1
        while len(lines) > least:
            line = lines[-1]
            if line.kind is SentenceKind.title:
                break
            if found := self._ending(line):
                self._remove(line, found)
            else:
                self._judge.cut_end(line.pieces, (line.start, line.end), is_only=len(lines) == 1)
                if line.is_kept:
                    break
                self._remove_pieces(line.pieces)
            lines = lines[:-1]
        return lines

    def _ending(self, line: Line) -> Found | None:
        """Say what clutter the last line is, if nothing has been cut out of it."""
        if not line.is_whole:
            return None
        found = edge_clutter(line, self._rules.endings, self._rules)
        is_name = found is not None and found[0] == "reporter"
        return None if is_name and is_subheading(line.plain, self._words) else found

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(words_of(self._text))

    def finish(self, lines: list[Line], captions: frozenset[str]) -> Cleaned:
        """Make blocks of what is left."""
        blocks: list[Block] = []
        last = len(lines) - 1
        for number, line in enumerate(lines):
            if line.kind is SentenceKind.title:
                blocks.append(Block(start=line.start, end=line.end, kind=line.kind))
                continue
            if self._text[line.start : line.end] in captions:
                line.kind = SentenceKind.caption
            elif number != last or number == 0:
                line.kind, credit = caption_kind(line, self._rules)
                if credit:
                    self._remove(line, (credit.kind, credit.name))
                    continue
            if line.kind is SentenceKind.caption:
                line.pieces = cut_caption(self._text, line.start, line.end, self._rules)
            self._remove_pieces(line.pieces)
            blocks.extend(
                Block(start=start, end=end, kind=line.kind) for start, end in line.kept_spans()
            )
        self._drop_trailing_section(blocks)
        removed = sorted(self._removed, key=lambda span: (span.start, span.end))
        return Cleaned(blocks=join_wrapped(blocks, self._text), removed=removed)

    def _drop_trailing_section(self, blocks: list[Block]) -> None:
        """Drop a section name that only a cut tail has left at the end."""
        while len(blocks) > 1:
            found = section_clutter(self._text[blocks[-1].start : blocks[-1].end], self._rules)
            if found is None:
                return
            block = blocks.pop()
            self._removed.append(
                Removed(kind=found[0], start=block.start, end=block.end, rule=found[1])
            )

    def _remove(self, line: Line, found: Found) -> None:
        kind, rule = found
        self._removed.append(Removed(kind=kind, start=line.start, end=line.end, rule=rule))

    def _remove_pieces(self, pieces: list[Piece]) -> None:
        self._removed.extend(
            Removed(kind=piece.kind, start=piece.start, end=piece.end, rule=piece.found_by)
            for piece in pieces
            if not piece.is_kept
        )


def _is_rest(kept: list[Line], rest: list[Line]) -> bool:
    """Whether what follows a closing heading is short beside the article, as lists of links are."""
    before = sum(line.end - line.start for line in kept)
    return sum(line.end - line.start for line in rest) <= max(before, 2 * LINE_LIMIT)
