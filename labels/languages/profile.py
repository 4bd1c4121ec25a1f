"""How each of our languages is told from its neighbours: by script, letters, words and endings.

The words stand in ``labels/languages/<lang>/detection.yaml``; all are compared in plain letters.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from labels.languages import LANGUAGES, load

_RANGES = {
    "arabic": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
    "cyrillic": "\u0400-\u052f",
    "latin": "A-Za-z\u00c0-\u024f\u1e00-\u1eff",
}
_SCRIPTS = {name: re.compile(f"[{letters}]+") for name, letters in _RANGES.items()}
_WORD = re.compile(r"[^\W\d_]+(?:['’ʻʼ`-][^\W\d_]+)*")
_IN_WORDS = frozenset("'’ʻʼ`-")


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One of our languages, in small letters."""

    script: str  # latin, arabic or cyrillic
    alphabet: frozenset[str]
    words: frozenset[str]
    starts: tuple[str, ...]
    endings: tuple[str, ...]
    neighbours: frozenset[str]
    neighbour_endings: tuple[str, ...]
    international: frozenset[str]

    def balance(self, words: Sequence[str]) -> int:
        """Count the words that are its own, less those that only its neighbours have."""
        balance = sum(map(self.words.__contains__, words))
        balance -= sum(map(self.neighbours.__contains__, words))
        if self.endings:
            balance += sum(word.endswith(self.endings) for word in words)
        if self.neighbour_endings:
            balance -= sum(word.endswith(self.neighbour_endings) for word in words)
        if self.starts:
            balance += sum(word.startswith(self.starts) for word in words)
        return balance

    def strangers(self, words: Sequence[str]) -> int:
        """Count the words with a letter that the language has not."""
        return sum(not self.alphabet.issuperset(word) for word in words)


@cache
def profile_of(lang: str) -> Profile:
    """Read what tells a language of ours."""
    values = load(lang, "detection")
    return Profile(
        script=str(values["script"]),
        alphabet=frozenset(values["alphabet"]) | _IN_WORDS,
        words=frozenset(values["words"]),
        starts=tuple(values.get("starts", ())),
        endings=tuple(values.get("endings", ())),
        neighbours=frozenset(values["neighbours"]),
        neighbour_endings=tuple(values.get("neighbour_endings", ())),
        international=frozenset(values.get("international", ())),
    )


@cache
def written_in(script: str) -> tuple[str, ...]:
    """Name our languages of a script."""
    return tuple(lang for lang in LANGUAGES if profile_of(lang).script == script)


def words_of(text: str) -> list[str]:
    """Cut a text into its words, as written; an apostrophe or a hyphen may stand inside one."""
    return _WORD.findall(text)


def letters_by_script(text: str) -> dict[str, int]:
    """Count the letters of each script that one of our languages is written in."""
    if text.isascii():
        return {**dict.fromkeys(_SCRIPTS, 0), "latin": _count("latin", text)}
    return {script: _count(script, text) for script in _SCRIPTS}


def only_script(text: str, script: str) -> str:
    """Leave out the words of our other scripts: names, quotations."""
    return _others(script).sub(" ", text)


def without_international(words: list[str], script: str) -> list[str]:
    """Leave out names that are written alike in many languages, unless nothing else is there."""
    rest = [word for word in words if word.lower() not in _international(script)]
    return rest if any(len(word) > 2 for word in rest) else words


def without_accented_names(words: list[str]) -> list[str]:
    """Leave out names with accents, as in ``Erdoğan meets Guimarães``.

    Not so where the rest has no word of ours: then it may be the language that has the accents.
    """
    rest = [word for word in words if word.isascii() or not word[0].isupper()]
    lowered = [word.lower() for word in rest]
    is_ours = any(profile_of(lang).balance(lowered) > 0 for lang in written_in("latin"))
    return rest if is_ours else words


def _count(script: str, text: str) -> int:
    return sum(map(len, _SCRIPTS[script].findall(text)))


@cache
def _others(script: str) -> re.Pattern[str]:
    return re.compile(f"[{''.join(_RANGES[name] for name in _RANGES if name != script)}]+")


@cache
def _international(script: str) -> frozenset[str]:
    return frozenset().union(*(profile_of(lang).international for lang in written_in(script)))
