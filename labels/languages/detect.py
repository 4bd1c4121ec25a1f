"""Which language a text is in: the script first, then a statistical model, never a guess.

Indonesian and Malay are one class, since no identifier tells them apart on a few sentences.
"""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from labels.languages import LANGUAGES, load

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_SAMPLE_CHARACTERS = 2_000  # enough for the model; keeps a line of megabytes cheap
_SHORT_LETTERS = 60  # below this the model's word on Latin script is not trusted against ours
_SURE = 0.9  # probability above which a foreign language counts as clear

# The neighbours that are mistaken for ours, and the languages that news folders often mix in.
_RIVALS = (
    "ms jv uk be bg sr mk kk fa ur ps ku ug hi bn fr de es pt it nl tr pl sv ro cs fi hu vi tl sw"
    " he el zh ja ko th"
).split()
_SAME = {"ms": "id"}
# Russian in Latin letters has no language model: it is taken for a relative, or for nonsense.
_SLAVIC = frozenset("sr uk be bg mk pl cs".split())
_PLAIN_LATIN = 0.98  # fraction of letters without accents, which the relatives have many of

_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_NOT_ARABIC = re.compile("[پچژگڤکیےہٹڈڑںۆێەۋ]")  # Persian, Urdu, Kurdish, Uighur letters
_NOT_RUSSIAN = re.compile("[іїєґўјљњћђџѓќѕәғқңөұүһ]", re.IGNORECASE)
_RUSSIAN_ONLY = re.compile("[ыэъё]", re.IGNORECASE)
_LINKS = re.compile(r"https?://\S{1,500}|[@#]\w{1,100}")


def normalize(declared: str | None) -> str | None:
    """Turn a source's word for a language into one of our codes, or its own code if it is none.

    Region and case do not matter: ``ID``, ``id-ID``, ``ind``, ``Indonesian`` and ``ms`` all give
    ``id``. An empty or missing word gives None.
    """
    if declared is None or not declared.strip():
        return None
    word = declared.strip().lower().replace("_", "-")
    return _codes().get(word) or _codes().get(word.split("-")[0]) or word


def script_of_language(lang: str) -> str:
    """Name the script of one of our languages, as `main_script` does."""
    return str(load(lang, "detection")["script"])


@cache
def _codes() -> dict[str, str]:
    return {name: lang for lang in LANGUAGES for name in load(lang, "detection")["names"]}


def detect(text: str) -> str | None:
    """Name the language of a text as an ISO 639-1 code, or None when it has too few letters.

    Malay gives ``id``. A code outside `labels.languages.LANGUAGES` is given only when it is clear:
    from letters that ours do not use, or from enough text.
    """
    sample = _LINKS.sub(" ", text[:_SAMPLE_CHARACTERS])
    arabic, cyrillic, latin = _count_letters(sample).values()
    letters = sum(character.isalpha() for character in sample)
    if letters < 2:
        return None
    largest = max(arabic, cyrillic, latin)
    if largest * 2 < letters:
        guess, probability = _classify(sample)
        return guess if probability >= _SURE else None
    if largest == arabic:
        return _detect_arabic(sample, arabic)
    if largest == cyrillic:
        return _detect_cyrillic(sample, cyrillic)
    return _detect_latin(sample, latin)


def is_transliterated(text: str, declared: str) -> bool:
    """Tell whether a text may be the declared language in Latin letters.

    So it is unless the identifier is sure of another language; of a Slavic one written without
    accents it cannot be sure.
    """
    sample = _LINKS.sub(" ", text[:_SAMPLE_CHARACTERS])
    latin = _LATIN.findall(sample)
    if declared not in LANGUAGES or script_of_language(declared) == "latin":
        return False
    if main_script(sample) != "latin":
        return False
    guess, probability = _classify(sample)
    if declared == "ru" and guess in _SLAVIC:
        n_plain = sum(letter.isascii() for letter in latin)
        return bool(n_plain >= _PLAIN_LATIN * len(latin))
    return bool(probability < _SURE or len(latin) < _SHORT_LETTERS)


def main_script(text: str) -> str | None:
    """Name the script of most letters: ``arabic``, ``cyrillic``, ``latin``, or None."""
    sample = _LINKS.sub(" ", text[:_SAMPLE_CHARACTERS])
    counts = _count_letters(sample)
    name = max(counts, key=lambda key: counts[key])
    return name if counts[name] >= 2 else None


def _count_letters(sample: str) -> dict[str, int]:
    return {
        "arabic": len(_ARABIC.findall(sample)),
        "cyrillic": len(_CYRILLIC.findall(sample)),
        "latin": len(_LATIN.findall(sample)),
    }


def _detect_arabic(sample: str, letters: int) -> str:
    foreign = len(_NOT_ARABIC.findall(sample))
    if foreign == 0:
        return "ar"
    guess, _ = _classify(sample)
    return guess if foreign * 50 > letters and guess in ("fa", "ur", "ps", "ku", "ug") else "ar"


def _detect_cyrillic(sample: str, letters: int) -> str:
    foreign = len(_NOT_RUSSIAN.findall(sample))
    guess, probability = _classify(sample)
    if foreign * 50 > letters and not _RUSSIAN_ONLY.search(sample):
        return guess if guess != "ru" else "uk"
    if foreign * 25 > letters and guess != "ru":
        return guess
    clear = probability >= _SURE and letters >= 2 * _SHORT_LETTERS
    return guess if clear and not _RUSSIAN_ONLY.search(sample) else "ru"


def _detect_latin(sample: str, letters: int) -> str | None:
    guess, probability = _classify(sample)
    if guess in LANGUAGES:
        return guess
    if letters >= _SHORT_LETTERS and probability >= _SURE:
        return guess
    ours, _ = _classify_ours(sample)
    return ours if ours in LANGUAGES else None


def _classify(sample: str) -> tuple[str, float]:
    languages = tuple(dict.fromkeys((*LANGUAGES, *_RIVALS)))
    code, probability = _identifier(languages).classify(sample)
    return _SAME.get(code, code), float(probability)


def _classify_ours(sample: str) -> tuple[str, float]:
    ours = tuple(lang for lang in LANGUAGES if script_of_language(lang) == "latin")
    code, probability = _identifier((*ours, *_SAME)).classify(sample)
    return _SAME.get(code, code), float(probability)


@cache
def _identifier(languages: tuple[str, ...]) -> "LanguageIdentifier":
    # Imported here, with numpy behind it: a text whose declared language its script confirms
    # needs no identifier.
    from py3langid import langid

    # An own instance: the package's functions share one, and set_languages on it is global.
    path = Path(langid.__file__).parent / langid.MODEL_FILE
    identifier = langid.LanguageIdentifier.from_modelpath(path, norm_probs=True)
    identifier.set_languages(languages)
    return identifier
