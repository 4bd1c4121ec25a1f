"""Which language a text is in: one of ours, another, or none, from words, letters and a model.

Four kinds of evidence are added up as log ratios: the identifier's margin of the best of ours over
the best other language; words and endings that the neighbours of ours lack; words and endings that
only those neighbours have; words with letters that ours lack. Indonesian and Malay are one class.
"""

import re
from dataclasses import dataclass
from functools import cache

from labels.languages import LANGUAGES, load
from labels.languages.identifier import Guess, identify
from labels.languages.profile import (
    letters_by_script,
    only_script,
    profile_of,
    without_accented_names,
    without_international,
    words_of,
    written_in,
)
from labels.letters import normalize as plain_letters
from labels.letters import unstyle

_SAMPLE_CHARACTERS = 600  # enough for the model; keeps a line of megabytes cheap
_FEW_LETTERS = 40  # below this a name alone may decide for the identifier: nothing is clear
_MANY_LETTERS = 120

_WORD = 1.2  # what one word of evidence weighs, about as much as a factor of three
_MOST_WORDS = 3  # no more are counted: words of a neighbour come in groups
_LETTER = {"latin": 0.8, "cyrillic": 2.0, "arabic": 2.0}  # a word with a letter that ours lack
_MOST_STRANGERS = 6
_ARABIC_LETTERS = 1.0  # what it weighs that a text has none of the letters that Persian has for ي
_ACCEPTED = -0.2  # evidence above which the best of ours is taken
_ACCEPTED_BARE = 0.0  # the same for a short text with no word of its own
_TINY_LETTERS = 16  # two or three words, which the identifier cannot tell
_ACCEPTED_TINY = -6.0  # so ours are taken unless something speaks against them
_UNSURE = 0.25  # probability of the best other language below which names tell nothing
_UNSURE_BONUS = 1.5
_CLEAR = 3.0  # evidence, for or against ours, that overrules the source's word

# In so many words the own ones of a language tell it without the identifier; fewer are enough for
# the language that the source names. 9 of 10 articles of ours have a larger share of them, no text
# of 25 other languages has half of it.
_ENOUGH_WORDS, _ENOUGH_DECLARED = 30, 14
_OWN_SHARE = 0.12
_STRANGER_SHARE = 0.05
_QUOTED_SHARE = 0.03  # of the declared language: it quotes the one that has more

_KEYBOARD = re.compile("[یکہھۀۂےېۍڪ]")  # letters that Arabic has only from other keyboards
# Russian in Latin letters has no language model: it is taken for a relative, or for nonsense.
_SLAVIC = frozenset("sr hr bs sl sk uk be bg mk pl cs".split())
_PLAIN_LATIN = 0.98  # fraction of letters without accents, which the relatives have many of
_SURE = 0.9
_LETTERS = re.compile(r"[^\W\d_]+")
_LINKS = re.compile(r"https?://\S{1,500}|[@#]\w{1,100}")
_UNDECLARED = frozenset(
    "und undefined undetermined unknown none null nan n/a mul multiple other auto xx zxx".split()
)


@dataclass(frozen=True)
class Verdict:
    """What the text says of its language."""

    lang: str | None  # ISO 639 code, one of ours or not; None when it has too few letters
    is_clear: bool = False  # strong enough to overrule what a source says


def normalize(declared: str | None) -> str | None:
    """Turn a source's word for a language into one of our codes, or its own code if it is none.

    Region and case do not matter: ``ID``, ``id-ID``, ``ind``, ``Indonesian`` and ``ms`` all give
    ``id``. An empty or missing word, and one that means *unknown*, gives None.
    """
    if declared is None:
        return None
    word = re.sub(r"[_\s(]+", "-", declared.strip().lower()).strip("-")
    if not word or word in _UNDECLARED:
        return None
    return _codes().get(word) or _codes().get(re.split("[-,;)]", word)[0]) or word


def script_of_language(lang: str) -> str:
    """Name the script of one of our languages, as `main_script` does."""
    return profile_of(lang).script


def detect(text: str) -> str | None:
    """Name the language of a text as an ISO 639 code, or None when it has too few letters.

    Malay gives ``id``. A few names without any word of evidence count as ours.
    """
    return judge(text).lang


def judge(text: str, declared: str | None = None) -> Verdict:
    """Weigh what speaks for the best of our languages against the best of all others.

    Args:
        text: Its beginning is looked at.
        declared: The language that the source names: fewer words confirm it, which saves time.
    """
    sample = _sample(text)
    n_letters = sum(map(len, _LETTERS.findall(sample)))
    if n_letters < 2:
        return Verdict(None)
    counts = letters_by_script(sample)
    script = max(counts, key=lambda name: counts[name])
    if counts[script] * 2 < n_letters:
        return Verdict(identify(sample).other, n_letters >= _FEW_LETTERS)
    if counts[script] < n_letters:
        sample = only_script(sample, script)
    text_in_script = _Sample(sample, script, counts[script])
    return text_in_script.confirmed(declared) or text_in_script.weighed()


def is_transliterated(text: str, declared: str) -> bool:
    """Tell whether a text may be the declared language in Latin letters.

    So it is unless the identifier is sure of another language; of a relative written without
    accents it cannot be sure.
    """
    if declared not in LANGUAGES or script_of_language(declared) == "latin":
        return False
    if main_script(text) != "latin":
        return False
    sample = only_script(_sample(text), "latin")
    letters = "".join(_LETTERS.findall(sample))
    guess = identify(sample)
    if declared == "ru" and guess.other in _SLAVIC:
        return sum(map(str.isascii, letters)) >= _PLAIN_LATIN * len(letters)
    best = max(guess.other_probability, *guess.ours.values())
    return best < _SURE or len(letters) < _FEW_LETTERS


def main_script(text: str) -> str | None:
    """Name the script of most letters: ``arabic``, ``cyrillic``, ``latin``, or None."""
    counts = letters_by_script(_sample(text))
    name = max(counts, key=lambda key: counts[key])
    return name if counts[name] >= 2 else None


class _Sample:
    """The beginning of a text, in one script."""

    def __init__(self, sample: str, script: str, n_letters: int) -> None:
        self._sample = sample
        self._script = script
        self._n_letters = n_letters
        self._plain = plain_letters(sample)
        words = words_of(self._plain)
        if script == "latin" and not self._plain.isascii():
            words = without_accented_names(words)
        self._words = words
        self._lowered = [word.lower() for word in words]
        self._balances = {
            lang: profile_of(lang).balance(self._lowered) for lang in written_in(script)
        }

    def confirmed(self, declared: str | None) -> Verdict | None:
        """Take the language whose own words are many enough, if there is one."""
        lang = max(self._balances, key=lambda lang: self._balances[lang])
        enough = _ENOUGH_DECLARED if lang == declared else _ENOUGH_WORDS
        if self._balances[lang] < _OWN_SHARE * max(enough, len(self._words)):
            return None
        if profile_of(lang).strangers(self._lowered) > _STRANGER_SHARE * len(self._words):
            return None
        is_quoted = self._balances.get(declared or "", 0) >= _QUOTED_SHARE * len(self._words)
        return Verdict(lang, is_clear=lang == declared or not is_quoted)

    def weighed(self) -> Verdict:
        """Add up all evidence for the best of ours."""
        guess = identify(self._telling())
        lang = max(
            self._balances, key=lambda lang: guess.margin(lang) + _WORD * self._balances[lang]
        )
        balance = max(-_MOST_WORDS, min(_MOST_WORDS, self._balances[lang]))
        strangers = min(_MOST_STRANGERS, profile_of(lang).strangers(self._lowered))
        evidence = _WORD * balance - _LETTER[self._script] * strangers
        other = guess.other
        if self._script == "arabic" and _KEYBOARD.search(self._sample):
            # In plain letters Persian looks like Arabic, in its own Arabic looks like Persian.
            as_written = identify(self._sample)
            evidence += guess.margin(lang) + as_written.margin(lang)
            other = as_written.other
        else:
            evidence += self._margin(guess, lang)
        accepted = _ACCEPTED_BARE if self._is_bare(balance) else _ACCEPTED
        if self._n_letters < _TINY_LETTERS and not strangers:
            accepted = _ACCEPTED_TINY
        is_clear = abs(evidence) >= _CLEAR and self._n_letters >= _FEW_LETTERS
        return Verdict(lang if evidence >= accepted else other, is_clear)

    def _telling(self) -> str:
        """Return what tells the language: names in a headline do not."""
        words = self._words
        if self._n_letters < _MANY_LETTERS:
            words = without_international(words, self._script)
        return self._plain if len(words) == len(words_of(self._plain)) else " ".join(words)

    def _margin(self, guess: Guess, lang: str) -> float:
        margin = guess.margin(lang)
        if self._script == "arabic":
            return margin + _ARABIC_LETTERS
        if self._is_in_capitals():
            margin = (margin + identify(self._telling().lower()).margin(lang)) / 2
        is_names = all(word[0].isupper() or len(word) < 2 for word in self._words)
        is_short = self._n_letters < _FEW_LETTERS
        if is_names and is_short and guess.other_probability < _UNSURE:
            margin += _UNSURE_BONUS
        return margin

    def _is_bare(self, balance: int) -> bool:
        return balance <= 0 and self._n_letters < _FEW_LETTERS and not self._is_in_capitals()

    def _is_in_capitals(self) -> bool:
        """Whether it is a headline in which most words begin with a capital letter."""
        long = [word for word in self._words if len(word) > 3]
        n_capitals = sum(word[0].isupper() for word in long)
        is_headline = self._n_letters < _MANY_LETTERS and len(long) > 2
        return is_headline and n_capitals > 0.8 * len(long)


def _sample(text: str) -> str:
    return _LINKS.sub(" ", unstyle(text[:_SAMPLE_CHARACTERS]))


@cache
def _codes() -> dict[str, str]:
    return {
        re.sub(r"\s", "-", name): lang
        for lang in LANGUAGES
        for name in load(lang, "detection")["names"]
    }
