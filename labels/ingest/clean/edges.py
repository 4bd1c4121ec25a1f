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
Found = tuple[str, str]  # kind of clutter, and the rule or test that found it

_UNKNOWN: Found = ("opening", "above_byline")  # a short line that no rule knows
_HEADLINE_WORDS = 25
_NAME_WORDS = 4
_FULL_NAME = (2, 3)  # words of a name that a lone label may introduce
_CREDIT_LIMIT = 120  # characters
_SAME_START = 3  # characters that both begin with
_ALIKE = 0.75  # of the words of a title and of a caption that repeats it
_BREADCRUMBS = re.compile(r"(?:[^>›»→/|.,:]{2,30}\s[>›»→/|]\s){1,4}[^>›»→/|.,:]{2,30}")
_DAY = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}")
_WORD = re.compile(r"\w+")
_PARTS = re.compile(r"\s?[/|•]\s?|\s[–—-]\s|,\s(?=\w+\s?:)")
_CREDIT_LABEL = re.compile(r"\(?\w[\w.]{0,20}(?: [^\W\dA-ZА-ЯЁ]\w{0,20}){0,2}\s?:\s?(?=\S)")
_PHOTO_CREDIT = re.compile(
    r"\s*(?:[(\[][^()\[\]]{2,80}[)\]]|(?:©|\b(?:\w+ )?\w+\s?:)\s?[^.:!?]{2,60}"
    r"|\s[/|—–]\s[^.!?]{2,60})\.?$"
)
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}\b|\s\|\s")
_STOP = re.compile(r"(?:\w{3,}|[A-ZА-ЯЁ]{2})[»”\")]*[.…]$")  # and no shortened word
_DATE_WORDS = 3  # in a date line that has a stop: a place, a month, a weekday,
_SMALL_WORDS = 1  # and those of them that have no capital
_NAME = re.compile(r"[^\W\d_][\w.’'-]*(?: [^\W\d_][\w.’'-]*){0,3}")
_SHORT = 2  # letters; such words may be parts of a name


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
        if is_label or edge_clutter(line, (), rules):
            continue  # a section or a date before the title
        if match_line(rules.mastheads, line.plain, line.held) and masthead is None:
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


def opening_clutter(lines: list[Line], rules: Rules) -> list[Found]:
    """Say what the lines are that stand between the title and the article.

    A short line that no rule knows (a post, an outlet) is one of them if a byline or a date
    follows; below the last of these, one outlet more.
    """
    found = _leading_clutter(lines, rules)
    if _UNKNOWN not in found:
        return found
    last_known = max(
        (n for n, known in enumerate(found[:_OPENING_LINES], start=1) if known != _UNKNOWN),
        default=0,
    )
    return found[: last_known + _ends_with_outlet(found, lines)]


def _leading_clutter(lines: list[Line], rules: Rules) -> list[Found]:
    """Name the first lines, up to one that may be the article's first sentence."""
    found: list[Found] = []
    for line in lines:
        known = edge_clutter(line, rules.openings, rules)
        if not known and not _is_bare(line, rules):
            break
        found.append(known or _UNKNOWN)
    return found


def _ends_with_outlet(found: list[Found], lines: list[Line]) -> bool:
    """Whether the last line before a long one is an outlet, alone below a date or a byline."""
    if len(found) < 2 or len(found) == len(lines) or len(lines[len(found)].plain) <= _EDGE_LIMIT:
        return False
    is_alone = found[-1] == _UNKNOWN != found[-2]
    return is_alone and len(lines[len(found) - 1].plain.split()) <= _LABEL_WORDS


def _is_bare(line: Line, rules: Rules) -> bool:
    """Whether a line is too short and unfinished to be the article's first sentence."""
    plain = line.plain
    if len(plain) > _EDGE_LIMIT or len(plain.split()) > _OPENING_WORDS:
        return False
    if plain.rstrip(CLOSERS)[-1:] in ".!?؟…:;,،" or match_line(rules.captions, plain, line.held):
        return False
    if plain[:1].islower() and "." not in plain:
        return False  # the rest of a sentence that was broken at a fixed width
    return not any(rule.pattern.match(plain) for rule in rules.labels)


def edge_clutter(line: Line, section: tuple[Rule, ...], rules: Rules) -> Found | None:
    """Say what clutter a line is at the beginning or the end of an article, if it is any."""
    plain = line.plain
    if len(plain) <= _STAMP_LIMIT and plain.rstrip(CLOSERS)[-1:] not in ",،;!?؟":
        is_long = len(plain) > _EDGE_LIMIT
        if (_DAY.search(plain) or parse_date(plain)) and (
            not _is_sentence(plain)
            if not is_long
            else plain[-1] != "." and _CLOCK.search(plain) is not None
        ):
            return "time", "date_line"
    if len(plain) <= _EDGE_LIMIT and _BREADCRUMBS.fullmatch(plain):
        return "section_name", "breadcrumbs"
    if rule := match_line(section, plain, line.held):
        return rule.kind, rule.name
    if is_credit(plain, is_last=section is rules.endings):
        return "reporter", "names_after_labels"
    return section_clutter(plain, rules)


def _is_sentence(plain: str) -> bool:
    """Whether a line with a date says more than the date, and has a stop."""
    if _STOP.search(plain.rstrip(CLOSERS)) is None:
        return False
    words = [word for word in _WORD.findall(plain) if word[0].isalpha()]
    n_small = sum(not word[0].isupper() for word in words)
    return len(words) > _DATE_WORDS and n_small > _SMALL_WORDS


def is_subheading(plain: str, words: frozenset[str]) -> bool:
    """Whether capitalised words alone are no name: one of them stands in small letters as well.

    Args:
        plain: The line.
        words: The words of the article.
    """
    if not _NAME.fullmatch(plain) or plain.isupper():
        return False
    return any(
        len(word) > _SHORT and word[0].isupper() and word.lower() in words
        for word in words_of(plain)
    )


def words_of(text: str) -> list[str]:
    """Give the words of a text, in order."""
    return _WORD.findall(text)


def section_clutter(plain: str, rules: Rules) -> Found | None:
    """Name a line that is the name of a newspaper section."""
    return ("section_name", "sections") if plain.casefold() in rules.sections else None


def is_credit(plain: str, *, is_last: bool = False) -> bool:
    """Whether a line says who did what, in any words: labels, colons and names, and no sentence.

    In scripts without case only several parts, each with its label or behind a slash, tell it. As
    the last line of an article a label and a name of an outlet are enough.
    """
    if len(plain) > _STAMP_LIMIT or plain[-1:] in ".!?؟":
        return False
    parts = [part.strip() for part in _PARTS.split(plain)]
    labels = [_CREDIT_LABEL.match(part) for part in parts]
    if labels[0] is None:
        return False
    names = [
        part[label.end() :] if label else part for part, label in zip(parts, labels, strict=True)
    ]
    if not all(0 < len(name.split()) <= _NAME_WORDS for name in names):
        return False
    if any(letter.lower() != letter.upper() for letter in plain):
        if is_last and len(parts) == 1 and names[0][0].isupper():
            return len(names[0].split()) <= max(_FULL_NAME)
        capitalised = all(word[0].isupper() for name in names for word in name.split())
        return capitalised and (len(parts) > 1 or len(names[0].split()) in _FULL_NAME)
    return len(parts) > 1


def repeats_title(plain: str, title: str) -> bool:
    """Whether a line is the title again with a photo credit behind it."""
    if not len(title) // 2 < len(plain) <= len(title) + _CREDIT_LIMIT:
        return False
    if plain[:_SAME_START].casefold() != title[:_SAME_START].casefold():
        return False
    credit = _PHOTO_CREDIT.search(plain)
    if credit is None:
        return False
    words, known = set(_words(plain[: credit.start()])), set(_words(title))
    return len(words) >= _DOUBLE_WORDS and len(words & known) >= _ALIKE * len(words | known)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def is_headline(plain: str) -> bool:
    """Whether a line may be a headline in a list of them."""
    if len(plain) > TITLE_LIMIT or len(plain.split()) > _HEADLINE_WORDS:
        return False
    return plain.rstrip(CLOSERS)[-1:] not in ".…۔;:"
