"""Headlines of other articles inside a paragraph: where "Read also: ..." begins and ends."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from labels.ingest.clean.evidence import speaks
from labels.ingest.clean.lines import CLOSERS, LINE_LIMIT
from labels.ingest.clean.pieces import Span
from labels.ingest.clean.rules import Rule
from labels.languages.splitting_rules import rules_of as splitting_rules_of

_CLOSING = {"(": ")", "[": "]", "«": "»", "“": "”"}
_HEADLINE_LIMIT = 160  # characters up to a full stop; what is longer is the article's sentence,
_CASELESS_LIMIT = 100  # and so it is earlier in a script that does not show where one begins
_TOKEN = re.compile(r"\S+")
_LONG = 4  # letters of a word whose case tells how a headline is written
_REST = 3  # words that a sentence has after its first
_MOSTLY = 0.6
_ORNAMENTS = 3  # characters that may stand before a label
_BREAKS = ",;:–—-"
_CLITICS = "وف"


Label = tuple[int, int, str, Rule]  # where it begins, less where it ends, and its rule


def labels_in(text: str, line: Span, rules: list[Rule]) -> list[Label]:
    """Find the labels in a line, the longest first where two begin together."""
    return sorted(
        (match.start(), -match.end(), rule.name, rule)
        for rule in rules
        for match in rule.pattern.finditer(text, *line)
    )


def teasers(
    text: str, line: Span, spans: list[Span], labels: list[Label], lang: str
) -> Iterator[tuple[Span, Rule]]:
    """Find the teasers in a line: from label to the end of the headline.

    Args:
        text: The article's text.
        line: Where the line stands in it.
        spans: Its sentences, as offsets into the text.
        labels: The labels in the line.
        lang: Language code.
    """
    position = line[0]
    for first, negative_end, _, rule in labels:
        if first < position or not _begins(text, first, spans):
            continue
        span = _extent(text, first, -negative_end, line, spans, lang)
        yield span, rule
        position = span[1]


def _begins(text: str, first: int, spans: list[Span]) -> bool:
    """Whether a label stands at the beginning of a sentence, in brackets, or with a capital."""
    number = bisect_right(spans, first, key=lambda span: span[0]) - 1
    if number >= 0 and first <= spans[number][0] + _ORNAMENTS:
        return True
    before = text[first - 1] if first else ""
    return before in _CLOSING or text[first].isupper() or text[first].lower() == text[first].upper()


def _extent(text: str, first: int, headline: int, line: Span, spans: list[Span], lang: str) -> Span:
    opener = text[first - 1] if first > line[0] else ""
    if opener in _CLOSING:
        closing = text.find(_CLOSING[opener], headline, min(line[1], headline + LINE_LIMIT))
        if closing >= 0:
            stop = closing + 1
            return first - 1, stop + (text[stop : stop + 1] == "." and stop < line[1])
    if first - line[0] <= _ORNAMENTS and _takes_line(text, first, line, spans, lang):
        return first, line[1]
    number = bisect_right(spans, headline, key=lambda span: span[1])
    end = spans[number][1] if number < len(spans) else line[1]
    last = _last_letter(text, headline, end)
    if last in "?!؟…" and last:
        return first, end
    if last != ".":  # a headline has no stop: the rest of the line is one, or its careless end
        return first, end if end - headline <= LINE_LIMIT else headline
    glue = _glue(text[headline : min(end, headline + LINE_LIMIT)], lang)
    if glue is None:  # where the headline ends is not told: what may be the article's stays
        return first, headline
    if glue:
        return first, headline + glue
    is_cased = text[headline:end].lower() != text[headline:end].upper()
    limit = _HEADLINE_LIMIT if is_cased else _CASELESS_LIMIT
    return first, end if end - headline <= limit else headline


def _takes_line(text: str, first: int, line: Span, spans: list[Span], lang: str) -> bool:
    """Whether a teaser that begins a line of several sentences is all of it.

    Headlines may be two sentences ("He won. What now?"), but the last has no full stop.
    """
    if line[1] - first > LINE_LIMIT or _last_letter(text, first, line[1]) == ".":
        return False
    return not any(speaks(text[begin:end], lang) for begin, end in spans[1:])


def _last_letter(text: str, start: int, end: int) -> str:
    return text[start:end].rstrip(CLOSERS)[-1:]


def _glue(headline: str, lang: str) -> int | None:
    """Find where the article goes on behind a headline that nothing closes.

    Returns:
        The place; 0 if it goes on nowhere, None if it may in several places.
    """
    tokens = [(match.start(), match.group()) for match in _TOKEN.finditer(headline)]
    words = splitting_rules_of(lang)
    glue = 0
    for number in range(2, len(tokens) - _REST):
        offset, token = tokens[number]
        if glue and len(token) >= _LONG and token[0].islower():
            break  # what begins a sentence is the last such word before its small letters
        if tokens[number - 1][1][-1] in _BREAKS:
            continue
        if token in words.starters and _is_small(tokens[number + 1 :]):
            glue = offset
        elif token.lower() == token.upper() and token.lstrip(_CLITICS) in words.reporting:
            return offset
    if glue:
        return glue
    return _end_of_capitals(tokens) or _only_capital(tokens)


def _end_of_capitals(tokens: list[tuple[int, str]]) -> int:
    """Find the capitalised word before which a headline in capitalised words ends."""
    for number, (_, token) in enumerate(tokens):
        if number < 2 or len(token) < _LONG or not token[0].islower():
            continue
        start = number - 1
        while start and len(tokens[start][1]) < _LONG and tokens[start][1].islower():
            start -= 1
        if not tokens[start][1][0].isupper():
            return 0
        head, rest = tokens[:start], tokens[start + 1 :]
        is_title = _is_small(head, wanted=False)
        return tokens[start][0] if is_title and len(rest) >= _REST and _is_small(rest) else 0
    return 0


def _only_capital(tokens: list[tuple[int, str]]) -> int | None:
    """Find the one word with a capital, after a small one, that may begin a sentence."""
    places = [
        after[0]
        for number, (before, after) in enumerate(pairwise(tokens), start=1)
        if number >= 2
        and before[1][0].islower()
        and before[1][-1] not in _BREAKS
        and after[1][0].isupper()
        and len(tokens) - number > _REST
        and _is_small(tokens[number + 1 :])
    ]
    if len(places) > 1:
        return None
    return places[0] if places else 0


def _is_small(tokens: list[tuple[int, str]], *, wanted: bool = True) -> bool:
    """Whether most of the longer words begin with a small letter, or else with a capital."""
    words = [token for _, token in tokens if len(token) >= _LONG and token[0].isalpha()]
    return bool(words) and sum(word[0].islower() == wanted for word in words) >= _MOSTLY * len(
        words
    )
