"""One spelling for the rules: a text without vowel signs, strokes and unbreakable spaces.

The rules are written in plain letters; what they find is told in offsets of the text as it stands.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from labels.letters import AFTER, normalize

_SPACES = "\u00a0\u2007\u2009\u202f"  # that keep words together
_HYPHEN = "\u2011"  # the same of the hyphen
_MARK = AFTER[0].pattern
_PLAIN = str.maketrans(  # one character for one
    {step.pattern: step.by for step in AFTER if len(step.pattern) == len(step.by) == 1}
    | dict.fromkeys(_SPACES, " ")
    | {_HYPHEN: "-"}
)
_ANY = re.compile("[" + "".join(map(chr, _PLAIN)) + _MARK[1:])
_MARKS = re.compile(f"{_MARK}+")


@dataclass(frozen=True, kw_only=True)
class Spelling:
    """A text in the spelling of the rules, and where each part of it stands in the original."""

    text: str
    starts: tuple[int, ...]  # places in `text` behind which characters of the original are missing
    shifts: tuple[int, ...]  # and how many are missing up to there

    def original(self, position: int) -> int:
        """Give a place in `text` as one in the original, behind the signs on the letter before."""
        number = bisect_right(self.starts, position)
        return position + self.shifts[number - 1] if number else position


def spelt(text: str) -> Spelling | None:
    """Spell a text as the rules do; nothing if it is so already."""
    if text.isascii():
        return None
    if not _ANY.search(text):
        return None
    pieces: list[str] = []
    starts: list[int] = []
    shifts: list[int] = []
    position = length = 0
    for match in _MARKS.finditer(text):
        first = max(position, match.start() - 1)
        plain = _joined(text[first : match.end()])
        pieces += text[position:first], plain
        length += first - position + len(plain)
        position = match.end()
        if position - length != (shifts[-1] if shifts else 0):
            starts.append(length)
            shifts.append(position - length)
    pieces.append(text[position:])
    spelling = "".join(pieces).translate(_PLAIN)
    return Spelling(text=spelling, starts=tuple(starts), shifts=tuple(shifts))


def respelt(text: str) -> str:
    """Spell a text as the rules do."""
    spelling = spelt(text)
    return spelling.text if spelling else text


@lru_cache(maxsize=10_000)
def _joined(marked: str) -> str:
    """Write a letter and the signs on it as one letter."""
    plain = normalize(marked) if marked[0].isalnum() else _MARKS.sub("", marked)
    return plain if len(plain) <= 1 else marked
