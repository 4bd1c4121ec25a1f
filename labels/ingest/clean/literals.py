"""What a text must hold before a regular expression is worth trying on it."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from re import _parser  # type: ignore[attr-defined]  # the parse tree is offered nowhere else
from typing import Any, NamedTuple

_Value = Any  # an operand of the parse tree, whose type depends on the operation
_Node = dict[str, "_Node"]  # letters that may follow; the empty one ends a string
_SHORTEST = 3  # letters; shorter strings stand in nearly every text
_LONG = 6  # letters; longer strings are no rarer
_MOST_SPELLINGS = 24  # of one string whose letters vary
_OPENING = 12
_FAR = 10_000
# What may stand before a sentence, a bracket or a label that opens within some characters.
_BOUNDARY = re.compile(r"[.!?؟…:()\[\]\"”»“«|•>*]")
_NEAR = _OPENING + 10


class Literals(NamedTuple):
    """Strings in small letters, one of which every match holds; none if there are none to tell."""

    strings: frozenset[str]
    opens: bool  # the match begins no more than a few characters before the string


def literals_of(pattern: str) -> Literals:
    """Find what every match of a pattern must hold."""
    found = _best(_parser.parse(pattern))
    if not found.strings or _n_letters(found.strings) < _SHORTEST:
        return Literals(frozenset(), False)
    return Literals(found.strings, found.before <= _OPENING)


class _Asked(NamedTuple):
    strings: frozenset[str] = frozenset()
    before: int = 0  # characters that may stand in a match before the string, at most

    @property
    def worth(self) -> tuple[int, bool]:
        return min(_n_letters(self.strings), _LONG), self.before <= _OPENING


def _n_letters(strings: frozenset[str]) -> int:
    """Count the letters and digits of the string that has fewest."""
    return min(sum(map(str.isalnum, string)) + _SHORTEST * string.count("©") for string in strings)


def _best(items: _Value) -> _Asked:
    """Choose the best of the sets of strings that a sequence of items asks for."""
    asked: list[_Asked] = []
    run, run_start, width = frozenset({""}), 0, 0
    for number, (operation, value) in enumerate(items):
        letters = _letters(operation, value)
        if letters and len(run) * len(letters) <= _MOST_SPELLINGS:
            run_start = width if run == {""} else run_start
            run = frozenset(string + letter for string in run for letter in letters)
        else:
            asked.append(_Asked(run, run_start))
            run = frozenset({""})
            inner = _inner(operation, value)
            asked.append(_Asked(inner.strings, min(width + inner.before, _FAR)))
        width = min(width + items[number : number + 1].getwidth()[1], _FAR)
    asked.append(_Asked(run, run_start))
    return max(
        (found for found in asked if found.strings),
        key=lambda found: found.worth,
        default=_Asked(),
    )


def _letters(operation: object, value: _Value) -> frozenset[str]:
    """Give the letters that an item stands for, whatever their case; none if it is no letter."""
    if operation is _parser.LITERAL:
        return frozenset({chr(value).lower()})
    if operation is _parser.IN and all(kind is _parser.LITERAL for kind, _ in value):
        return frozenset(chr(code).lower() for _, code in value)
    if operation is _parser.MAX_REPEAT and value[:2] == (0, 1) and len(value[2]) == 1:
        letters = _letters(*value[2][0])
        return letters | {""} if letters else letters
    return frozenset()


def _inner(operation: object, value: _Value) -> _Asked:
    if operation is _parser.SUBPATTERN:
        return _best(value[-1])
    if operation in (_parser.MAX_REPEAT, _parser.MIN_REPEAT, _parser.POSSESSIVE_REPEAT):
        least, _, body = value
        return _best(body) if least else _Asked()
    if operation is _parser.ATOMIC_GROUP:
        return _best(value)
    if operation is _parser.BRANCH:
        branches = [_best(branch) for branch in value[1]]
        if all(branch.strings for branch in branches):
            strings = frozenset().union(*(branch.strings for branch in branches))
            return _Asked(strings, max(branch.before for branch in branches))
    return _Asked()


class Finder:
    """Finds many strings in a text at once."""

    def __init__(self, literals: Iterable[str]) -> None:
        """Make one expression of all strings, in which common beginnings are one."""
        known = frozenset(literals)
        root: _Node = {}
        for literal in known:
            node = root
            for letter in literal:
                node = node.setdefault(letter, {})
            node[""] = {}
        self._pattern = re.compile(_expression(root))
        # The expression finds the longest string at a place: the others in it come with it.
        self._inside = {
            literal: frozenset(part for part in known if part in literal) for literal in known
        }

    def find(self, text: str) -> "Hits":
        """Find the strings in a text, whatever the case."""
        small = text.lower()
        if len(small) != len(text):  # a few letters are two in small
            small = "".join(map(_lower, text))
        hits = Hits(text)
        match = self._pattern.search(small)
        while match:
            hits.append(match.start(), self._inside[match.group()])
            match = self._pattern.search(small, match.start() + 1)
        return hits


class Hits:
    """Where in a text strings stand."""

    def __init__(self, text: str) -> None:
        """Begin without any."""
        self._text = text
        self._starts: list[int] = []
        self._found: list[frozenset[str]] = []

    def append(self, start: int, found: frozenset[str]) -> None:
        """Add a place, behind the others, and the strings that begin there."""
        self._starts.append(start)
        self._found.append(found)

    def within(self, start: int, end: int) -> "Held":
        """Give the strings that begin in a part of the text."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        if first == last:
            return _NOTHING
        opening = [
            found
            for place, found in zip(self._starts[first:last], self._found[first:last], strict=True)
            if place - start <= _NEAR or _BOUNDARY.search(self._text, place - _NEAR, place)
        ]
        return Held(frozenset().union(*self._found[first:last]), frozenset().union(*opening))


class Held(NamedTuple):
    """The strings in a part of a text."""

    anywhere: frozenset[str]
    opening: frozenset[str]  # near the beginning of a sentence, or of brackets


_NOTHING = Held(frozenset(), frozenset())


def _lower(letter: str) -> str:
    small = letter.lower()
    return small if len(small) == 1 else letter


def _expression(node: "_Node") -> str:
    branches = [
        re.escape(letter) + _expression(following)
        for letter, following in sorted(node.items())
        if letter
    ]
    if not branches:
        return ""
    if len(branches) == 1 and "" not in node:
        return branches[0]
    return f"(?:{'|'.join(branches)})" + ("?" if "" in node else "")
