"""What stands above and below an article: its title, and bylines, dates, names of sections."""

import re

from labels.ingest.clean.lines import CLOSERS, Line, key_of, match_line
from labels.ingest.clean.rules import Rule, Rules
from labels.ingest.dates import parse_date

TITLE_LIMIT = 200
_TITLE_WORDS = 30
_TITLE_LINES = 4  # a title stands among the first lines that are left
_LABEL_WORDS = 2
_DOUBLE_WORDS = 3  # a shorter line that stands twice may be a label
_OPENING_LINES = 5  # a byline or a date may stand that far below the title
_OPENING_WORDS = 7  # and what stands above it is as short as this
_EDGE_LIMIT = 60  # a longer line with a date in it is a sentence,
_STAMP_LIMIT = 110  # unless it has a time of day or a bar as well
_UNKNOWN = "opening"  # the kind of a short line that no rule knows
_BREADCRUMBS = re.compile(r"(?:[^>›»→/|.,:]{2,30}\s[>›»→/|]\s){1,4}[^>›»→/|.,:]{2,30}")
_DAY = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}")
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}\b|\s\|\s")


def title_number(lines: list[Line], rules: Rules) -> int | None:
    """Give the number of the line that is the title of a text file, if one of the first is."""
    double = _find_double_title(lines)
    if double is not None:
        return double
    masthead = None
    for number, line in enumerate(lines[:_TITLE_LINES]):
        rest = lines[number + 1 :]
        if not rest or not _is_short(line.plain):
            return masthead
        is_label = line.plain.isupper() and len(line.plain.split()) <= _LABEL_WORDS
        if is_label or edge_kind(line.plain, (), rules):
            continue  # a section or a date before the title
        if match_line(rules.mastheads, line.plain) and masthead is None:
            masthead = number  # an outlet's name, if a title follows it
            continue
        if line.plain.rstrip(CLOSERS)[-1:] in ".,،؛:;":
            return masthead
        is_longest = max(len(following.plain) for following in rest) <= len(line.plain)
        return masthead if is_longest else number
    return masthead


def _find_double_title(lines: list[Line]) -> int | None:
    for number, line in enumerate(lines[:_TITLE_LINES]):
        if not _is_short(line.plain):
            return None
        least = 1 if number == 0 else _DOUBLE_WORDS
        following = lines[number + 1 : number + 4]
        is_double = any(key_of(double.plain) == key_of(line.plain) for double in following)
        if is_double and len(line.plain.split()) >= least:
            return number
    return None


def _is_short(plain: str) -> bool:
    return len(plain) <= TITLE_LIMIT and len(plain.split()) <= _TITLE_WORDS


def opening_kinds(lines: list[Line], rules: Rules) -> list[str]:
    """Name the kinds of the lines between the title and the article.

    A short line that no rule knows (a post, an outlet) is one of them if a byline or a date
    follows; below the last of these, one outlet more.
    """
    kinds = _leading_kinds(lines, rules)
    if _UNKNOWN not in kinds:
        return kinds
    last_known = max(
        (n for n, kind in enumerate(kinds[:_OPENING_LINES], start=1) if kind != _UNKNOWN), default=0
    )
    return kinds[: last_known + _ends_with_outlet(kinds, lines)]


def _leading_kinds(lines: list[Line], rules: Rules) -> list[str]:
    """Name the kinds of the first lines, up to one that may be the article's first sentence."""
    kinds: list[str] = []
    for line in lines:
        kind = edge_kind(line.plain, rules.openings, rules)
        if not kind and not _is_bare(line.plain, rules):
            break
        kinds.append(kind or _UNKNOWN)
    return kinds


def _ends_with_outlet(kinds: list[str], lines: list[Line]) -> bool:
    """Whether the last line before a long one is an outlet, alone below a date or a byline."""
    if len(kinds) < 2 or len(kinds) == len(lines) or len(lines[len(kinds)].plain) <= _EDGE_LIMIT:
        return False
    is_alone = kinds[-1] == _UNKNOWN != kinds[-2]
    return is_alone and len(lines[len(kinds) - 1].plain.split()) <= _LABEL_WORDS


def _is_bare(plain: str, rules: Rules) -> bool:
    """Whether a line is too short and unfinished to be the article's first sentence."""
    if len(plain) > _EDGE_LIMIT or len(plain.split()) > _OPENING_WORDS:
        return False
    if plain.rstrip(CLOSERS)[-1:] in ".!?؟…:;,،" or match_line(rules.captions, plain):
        return False
    if plain[:1].islower() and "." not in plain:
        return False  # the rest of a sentence that was broken at a fixed width
    return not any(pattern.match(plain) for _, pattern in rules.labels)


def edge_kind(plain: str, section: tuple[Rule, ...], rules: Rules) -> str | None:
    """Name the clutter that a line is at the beginning or the end of an article."""
    if len(plain) <= _STAMP_LIMIT and plain.rstrip(CLOSERS)[-1:] not in ",،;!?؟":
        is_long = len(plain) > _EDGE_LIMIT
        if (_DAY.search(plain) or parse_date(plain)) and (
            not is_long or (plain[-1] != "." and _CLOCK.search(plain))
        ):
            return "time"
    if len(plain) <= _EDGE_LIMIT and _BREADCRUMBS.fullmatch(plain):
        return "section_name"
    return match_line(section, plain) or section_kind(plain, rules)


def section_kind(plain: str, rules: Rules) -> str | None:
    """Name a line that is the name of a newspaper section."""
    return "section_name" if plain.casefold() in rules.sections else None
