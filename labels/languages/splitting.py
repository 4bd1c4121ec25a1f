"""Split a paragraph into sentences.

Every mark that could end a sentence is a candidate. Our rules judge it by the words on both sides;
where they are silent (a short capitalised word that may be an abbreviation we do not list), the
library's splitter decides. It is asked about the words at the mark only: given the paragraph, it
would leave whatever stands in quotation marks or brackets unsplit, and most news is quotation.
Every look to the left or right is bounded, so the time is linear.

An emoji belongs to the sentence that it opens, a face or a gesture to the one that it closes; the
bullet of a list belongs to none.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from sentencex import get_sentence_boundaries

from labels.languages.splitting_rules import Rules, rules_of
from labels.letters import unstyle

Span = tuple[int, int]

_LEFT = 48  # characters looked at before a mark
_WORDS = 6  # words of them that matter
_RIGHT = 96  # and after it
_LIST_ITEM = 300  # characters that an item of a list may have
_SHORT = 60  # an adjunct of time that opens a sentence is no longer than this

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0e\ufe0f\u20e3"
# Faces and gestures close what they comment on; arrows, lights and flags open a line.
_FEELING = (
    "\U0001f600-\U0001f64f\U0001f910-\U0001f92f\U0001f970-\U0001f97a\U0001f389\U0001f44d\U0001f44f"
)
_BULLETS = "•▪●◦‣◾▫◽◼"

# A group is repeated inside an atomic group: the possessive repeat of a group keeps what a failed
# round has matched in Python 3.11.2, as Debian 12 has it, and sentences were not split there.
_PARAGRAPH = re.compile(r"(?>(?:[^\n\u2029]++|\n(?![ \t\r]*+\n))+)")
_MARKS = ".!?؟…۔。！？‼⁇⁈⁉"
_FULL_STOP = "。"  # of scripts that have no spaces
_FIRST = re.compile(f"[{_MARKS}{_BULLETS}{_FEELING}]")  # a class alone is searched for fast
_CANDIDATE = re.compile(
    rf"""
    (?P<mark> [{_MARKS}]++ (?> (?: [ \u00a0] [.!?؟…]++ (?![\w/]) )* ) )
    (?P<closing> (?> (?:
        \]\([^\s()]{{1,300}}\)
      | [»”)\]}}]
      | [ \u00a0] [»”)\]}}] (?!\w)
      | ["'’“*_{_INVISIBLE}{_EMOJI}]++ (?!\w)
      | [ \u00a0] ["'] (?=\s|\Z)
      | [’‘*_¹²³⁰-⁹{_INVISIBLE}{_EMOJI}]
      | \[\d{{1,3}}\]
      | [ ] [{_FEELING}]++
    )* ) )
  | (?P<bullet> (?<=\s) [{_BULLETS}] (?=\s) )
  | (?P<feeling> [{_FEELING}]++ (?=\s) )
    """,
    re.VERBOSE,
)
_INITIALS = re.compile(r"(?>(?:[A-ZА-ЯЁ]\. ){4,}|(?:[a-zа-яё]\. ){4,}|(?:[ء-ي]\. ){4,})")
_LEAD = re.compile(r"[\W_]*+")
_WORD = re.compile(r"\w+(?>(?:[.'’&-]\w+)*)!?")
_NUMBER = re.compile(r"\d[\d.,:/–-]*(?:\w{1,2})?\)?|[IVXLCDM]+|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+")
_ROMAN = re.compile(r"[IVX]{2,}|[VX]")  # a lone I is a word or an initial
_LIST_MARK = re.compile(r"[\W_]*+(?:\d{1,3}(?>(?:\.\d{1,2})*)|[A-Za-zА-Яа-яء-ي]|[IVX]{1,5})")
_DATE = re.compile(r"\d{1,2}\.[ \u00a0]?(?:\d{1,2}\.[ \u00a0]?)?\d{2,4}\b")
_DOTTED = re.compile(r"\w{1,2}(?>(?:\.\w{1,2})+)")
_TRAILER = re.compile(
    r"\s*+(?>(?:(?:[#@]\w{1,60}|https?://\S{1,200}|pic\.twitter\S{1,60})[^\w#@]{0,20}+){1,12})"
    r"(?=\n|\Z)"
)
_DOMAIN = re.compile(r"\w{3,}\.\w{2,}")
_NOTE = re.compile(r"\s*[(\[]\d{1,3}[)\]]\W*")
_CLAUSE = re.compile(r"[^.!?؟:،,]{0,25}\.(?=\s|\Z)")  # short enough to be nothing else
_TATWEEL = "\u0640"  # stretches an Arabic word, here one that was cut in two
_OPENING = "\"'“”«»„‘’([{*_<" + "\u200e\u200f"
_QUOTES = frozenset("\"”»’“'")
_DASHES = frozenset("-–—―")
_CONTINUING = frozenset(",;:،؛)]}»")


def split_text(text: str, lang: str) -> list[Span]:
    """Split text into sentences.

    A blank line always ends a sentence; a single line break is white space.

    Args:
        text: A paragraph of any length.
        lang: Language code; an unknown one is split by the rules of English.

    Returns:
        Spans ``(start, end)`` in code points, in order, apart from one another, without white
        space at their ends, which together cover everything but white space.
    """
    rules = rules_of(lang)
    text = unstyle(text)
    spans: list[Span] = []
    for paragraph in _PARAGRAPH.finditer(text):
        start = paragraph.start()
        for end in _Paragraph(text, paragraph.start(), paragraph.end(), lang, rules).ends():
            _append_trimmed(spans, text, start, end)
            start = end
        _append_trimmed(spans, text, start, paragraph.end())
    return spans


def _append_trimmed(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.lstrip()
    if stripped:
        first = end - len(stripped)
        spans.append((first, first + len(stripped.rstrip())))


class _Right(NamedTuple):
    """What follows a mark: white space and signs without the white space, a word, and the rest."""

    lead: str
    word: str
    rest: str

    @property
    def is_number(self) -> bool:
        word = self.word
        return word[0].isdigit() or self.lead == "№" or _ROMAN.fullmatch(word) is not None


class _Paragraph:
    """One paragraph and the judgement of its candidates, from left to right."""

    def __init__(self, text: str, start: int, end: int, lang: str, rules: Rules) -> None:
        self._text = text
        self._first = start
        self._start = start  # of the sentence that is open
        self._end = end
        self._lang = lang
        self._rules = rules

    def ends(self) -> Iterator[int]:
        """Give the inner ends of sentences, in order."""
        judged = self._first
        for first in _FIRST.finditer(self._text, self._first, self._end):
            if first.start() < judged:
                continue
            if initials := _INITIALS.match(self._text, max(first.start() - 1, 0), self._end):
                judged = initials.end() - 2  # all but the last are followed by an initial
                continue
            match = _CANDIDATE.match(self._text, first.start(), self._end)
            if match is None:
                continue
            judged = match.end()
            end = match.start() if match["bullet"] else match.end()
            if end < self._end and self._is_end(match):
                yield end
                self._start = end

    def _is_end(self, match: re.Match[str]) -> bool:
        if match["bullet"]:
            return bool(self._left(match))
        after = self._text[match.end() : min(match.end() + _RIGHT, self._end)]
        lead = _LEAD.match(after)
        assert lead is not None
        word = _WORD.match(after, lead.end())
        if word is None:
            return False  # nothing but signs follows: they belong to this sentence
        right = _Right(lead.group().strip(), word.group(), after[word.end() :])
        if match["feeling"]:
            return right.word[0].isupper() and any(word[-1].isalnum() for word in self._left(match))
        if not after[0].isspace():
            return self._is_unspaced_end(match, right)
        return self._is_spaced_end(match, right)

    def _left(self, match: re.Match[str]) -> list[str]:
        window = self._text[max(self._start, match.start() - _LEFT) : match.start()]
        return window.rsplit(None, _WORDS)[-_WORDS:]

    def _is_unspaced_end(self, match: re.Match[str], right: _Right) -> bool:
        """Judge a mark with no white space after it: a space lost in scraping, or no end at all."""
        left, word = self._left(match), right.word
        if _FULL_STOP in match["mark"]:
            return bool(left)
        before = left[-1].lstrip(_OPENING) if left else ""
        if (
            word[0] == _TATWEEL
            or right.lead.strip(_OPENING)
            or len(before) < 3
            or not before.isalpha()
            or len(word) < 2
        ):
            return False
        if word[0].isupper():
            return before[1:].islower() and (before[0].islower() or word in self._rules.starters)
        caseless = not word[0].islower() and before.lower() == before.upper()
        return caseless and word[0].isalpha() and len(word) > 3

    def _is_spaced_end(self, match: re.Match[str], right: _Right) -> bool:
        mark, closing = match["mark"], match["closing"]
        if self._goes_on(match, right):
            return False
        quoted = not _QUOTES.isdisjoint(closing)
        if (quoted or mark != ".") and self._is_attribution(right):
            return False
        if quoted and right.lead[:1] in _DASHES and "." not in mark:
            return False  # «...!» — the speaker
        if mark == ".":
            return self._stop_ends(match, right)
        if not mark.strip(".… \u00a0"):
            return self._ellipsis_ends(match, quoted)
        left = self._left(match)
        before = left[-1].lstrip(_OPENING) if left else ""
        if not before:
            return False  # (!) is a comment, not an end
        if before + mark in self._rules.marked_names:
            return False
        return not (quoted and self._is_reporting(right))

    def _goes_on(self, match: re.Match[str], right: _Right) -> bool:
        """Tell whether what follows can only continue a sentence, whatever the mark."""
        lead, word = right.lead, right.word
        if lead[:1] in _CONTINUING or word[0] == _TATWEEL or word in self._rules.never_first:
            return True
        if word[0].islower():
            # A name may begin with a small letter, as iPhone or rbc.ru does.
            return not any(letter.isupper() for letter in word[1:4]) and not _DOMAIN.match(word)
        if not lead:
            return False
        end = match.end()
        return bool(
            _TRAILER.match(self._text, end, self._end)
            or _NOTE.fullmatch(self._text, end, self._end)
        )

    def _ellipsis_ends(self, match: re.Match[str], quoted: bool) -> bool:
        if not self._left(match):
            return False  # an ellipsis that opens a sentence
        return quoted or match.end() - self._start >= self._rules.pause_until

    def _is_attribution(self, right: _Right) -> bool:
        """Tell whether a verb of saying and its subject are all that the next sentence would be."""
        return right.word in self._rules.reporting and _CLAUSE.match(right.rest) is not None

    def _is_reporting(self, right: _Right) -> bool:
        """Tell whether a reporting clause follows: the verb, or a name and the verb."""
        verbs = self._rules.reporting
        if right.word in verbs:
            return True
        if not right.word[0].isupper() or right.word in self._rules.starters:
            return False
        for word in right.rest.split()[:4]:
            if word.strip(".,:") in verbs:
                return True
            if not word[0].isupper():
                return False
        return False

    def _stop_ends(self, match: re.Match[str], right: _Right) -> bool:
        """Judge a single full stop that white space follows."""
        left = self._left(match)
        before = _last_word(left, self._rules)
        if not before:
            return bool(left)
        closing = match["closing"]
        if closing == ")" and left[-1][0] == "(" and before.islower() and len(before) < 5:
            return False  # a rank or a language in brackets: (ret.)
        if not closing and self._is_list_mark(match, left):
            return False
        if before[-1].isdigit():
            in_date = right.is_number and not closing and before.isdigit()
            return not (in_date and _DATE.match(self._text, match.start() - len(before)))
        bare = before.lstrip("0123456789.,")
        counted = bare != before or (
            len(left) > 1 and _NUMBER.fullmatch(left[-2].lstrip(_OPENING)) is not None
        )
        forms = (_chain(left, bare), bare)
        years = self._rules.years.intersection(forms)
        if years and (counted or any("." in form for form in years)):
            capital = right.word[0].isupper() and not self._is_adjunct(match)
            return not right.is_number and (capital or self._is_starter(right))
        if bare != before or (counted and not self._rules.units.isdisjoint(forms)):
            return not right.is_number
        if len(bare) > 2 and not _QUOTES.isdisjoint(closing):
            return True
        known = self._abbreviation_ends(forms, right)
        if known is not None:
            return known and len(left) > 1  # an abbreviation alone is no sentence
        if len(bare) > 4 or closing or not bare[0].isupper() or bare in self._rules.starters:
            return True
        return self._is_starter(right) or _library_splits(self._lang, bare, right.word)

    def _abbreviation_ends(self, forms: tuple[str, str], right: _Right) -> bool | None:
        """Judge the stop of an abbreviation; None when the word is not known to be one."""
        rules = self._rules
        if forms[1] in rules.before_number and right.is_number:
            return False
        for form in forms:
            if form in rules.titles or form in rules.never_final:
                return False
            if form in rules.may_end:
                return not right.is_number
            if form in rules.rarely_end:
                return self._is_starter(right)
        if (len(forms[1]) == 1 and forms[1].isalpha()) or _DOTTED.fullmatch(forms[0]):
            return self._is_starter(right)
        return None

    def _is_adjunct(self, match: re.Match[str]) -> bool:
        """Tell whether the sentence has come no further than ``In 2013``."""
        if match.start() - self._start > _SHORT:
            return False
        first = self._text[self._start : match.start()].lower().split()[:2]
        return any(word in self._rules.prepositions or word[0].isdigit() for word in first)

    def _is_list_mark(self, match: re.Match[str], left: list[str]) -> bool:
        """Tell whether the stop belongs to the mark of a list item, as in ``2. Second``."""
        if match.start() - self._start < 12 and _LIST_MARK.fullmatch(
            self._text, self._start, match.start()
        ):
            return True
        number = left[-1]
        if len(left) < 2 or len(number) > 2 or not number.isdecimal():
            return False
        # In a list that runs on in a line, the number before this one stands further left.
        previous = f" {int(number) - 1}. "
        return (
            left[-2][-1] in ":;"
            or previous in self._text[max(self._first, match.start() - _LIST_ITEM) : match.start()]
        )

    def _is_starter(self, right: _Right) -> bool:
        word = right.word
        if len(word) == 1 and right.rest[:1] == ".":
            return False  # the next initial
        if word in self._rules.starters:
            return True
        return len(word) > 2 and word[0] in self._rules.starter_prefixes


def _last_word(left: list[str], rules: Rules) -> str:
    before = left[-1].lstrip(_OPENING + "/—–…") if left else ""
    last = before.rpartition("/")[2]
    if len(last) == 1 and before not in rules.before_number:
        return last  # the initial of a photographer after the agency
    return before


@lru_cache(maxsize=1 << 16)
def _library_splits(lang: str, before: str, word: str) -> bool:
    return len(get_sentence_boundaries(lang, f"{before}. {word}")) > 1


def _chain(left: list[str], before: str) -> str:
    """Write a spaced abbreviation as one word: ``н. э`` as ``н.э``, ``J. K`` as ``J.K``."""
    chain = before
    for piece in reversed(left[:-1]):
        piece = piece.lstrip(_OPENING)
        if not piece.endswith(".") or not 1 < len(piece) < 4 or len(before) > 2:
            break
        chain = piece + chain
    return chain
