"""The statistical identifier: how much better one of our languages explains a text than others.

py3langid knows 142 languages and dialects in a few megabytes and a third of a millisecond; lingua
reads short texts no better here and takes 12 s to load, 1.1 GB, and 4 ms a text.
"""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from labels.languages import LANGUAGES

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Malay is told apart from Indonesian by none; the spoken Arabic of Egypt and Morocco is written
# beside the common one; Nigerian Pidgin is guessed for English headlines in capitals.
_CODES = {"ar": ("ar", "arz", "ary"), "en": ("en", "pcm"), "id": ("id", "ms")}
_NO_LANGUAGE = "zxx"
_NAMES = {"hbo": "he", "uzs": "uz", "gcf": "ht"}  # varieties that are guessed for a few words
_SMALLEST = 1e-12
_OURS = {_NO_LANGUAGE, *LANGUAGES}.union(*_CODES.values())


@dataclass(frozen=True)
class Guess:
    """What the identifier makes of a text: the best of ours, and the best of all others."""

    ours: dict[str, float]  # probability of each of our languages
    other: str  # ISO 639 code
    other_probability: float

    def margin(self, lang: str) -> float:
        """Tell how much likelier one of ours is than the best other, as a log ratio."""
        other = max(self.other_probability, _SMALLEST)
        return math.log(max(self.ours[lang], _SMALLEST) / other)


def identify(text: str) -> Guess:
    """Ask the identifier; the languages that it cannot tell apart from ours count as ours."""
    ranked = _identifier().rank(text)
    probabilities = dict(ranked)
    ours = {
        lang: float(sum(probabilities[code] for code in _CODES.get(lang, (lang,))))
        for lang in LANGUAGES
    }
    other, probability = next(pair for pair in ranked if pair[0] not in _OURS)
    return Guess(ours, _NAMES.get(other, str(other)), float(probability))


@cache
def _identifier() -> "LanguageIdentifier":
    # Imported here, with numpy behind it: a text whose own words confirm the declared language
    # needs no identifier. An own instance, since the package's functions share a global one.
    from py3langid import langid

    path = Path(langid.__file__).parent / langid.MODEL_FILE
    return langid.LanguageIdentifier.from_modelpath(path, norm_probs=True)
