"""How plausible it is that a text was decoded rightly, from its letters outside ASCII alone.

Code pages agree on ASCII and disagree on the rest, so only the rest is looked at: whether the
letters are as frequent as they are in the language, and capitals stand where words begin.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from math import log2

# Per thousand letters, the most frequent ones first.
# Source: Ляшевская, Шаров 2009, Частотный словарь современного русского языка (Russian);
# Madi 2010, A study of Arabic letter frequency analysis (Arabic), rounded.
_RUSSIAN = (
    "о110 е84 а80 и74 н67 т63 с55 р47 в45 л44 к35 м32 д30 п28 у26 я20 ы19 ь17 г17 з16 б16 ч14 й12"
    " х10 ж9 ш7 ю6 ц5 щ4 э3 ф3 ё1 ъ0.4"
)
_ARABIC = (
    "ا125 ل118 ي74 م62 و61 ن58 ر46 ت44 ب38 ة36 ع35 ه33 د32 س28 ف28 أ26 ق24 ك23 ح20 ج14 إ13 ش12"
    " ص11 ى10 ط10 خ8 ذ6 ض6 ث6 ز6 غ5 ئ4 ء4 ظ2 آ2 ؤ2"
)
_ARABIC_MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0640"
_RELATED = "іїєґўјљњћђџѓќѕәғқңөұүһҷӣӯҳӈ" + "پچژگڤکیےہٹڈڑںھۆێەۋۀۂ"  # of other languages
_RELATED_COST = 9.0  # bits
_OTHER_SCRIPTS = "\u0530"  # Armenian, Hebrew and on: no code page of ours has them
_RARE = 0.00002  # share of any other letter
_ODD = 0.000002  # share of a sign that no text of ours has
COMMON_SIGNS = (
    "«»£§©®°·±²³´×÷¼½¾\u00a0\u00ad،؛؟٪٫٬٠-٩۰-۹۔ـ\u2000-\u2070\u20a0-\u214f\u2190-\u21ff\u2300-\u23ff"
    "\u25a0-\u2bff\u3000-\u303f\ufb50-\ufdff\ufe00-\ufe0f\ufe70-\uffef\U0001d400-\U0001faff"
    "\u0300-\u036f\u0610-\u061a\U000e0000-\U000e0fff"
)
_SIGN = re.compile(f"[{COMMON_SIGNS}\x00-\x7f]+")
_LATIN_LETTERS = "éèêëàâäáãåæçíìîïñóòôöõøœúùûüýÿšžßğışİ"
_LATIN_SHARE = 0.004  # of an accented letter in a text that is written in ASCII but for names
_PLAIN = re.compile("[A-Za-z]")
_MISPLACED = re.compile(r"(?<=[а-яё])[А-ЯЁ]")
_MISPLACED_COST = 12.0  # bits
_TOO_MANY_ACCENTS = 0.25  # of the letters
_ACCENT_COST = 6.0  # bits, for each one too many


def improbability(text: str) -> float:
    """Average bits per letter outside ASCII: 4 to 5.3 in Russian and Arabic, 8 in accented Latin.

    Garbage has more: 6 and more in a script of its own, 9 and more in Latin. 0 where there is no
    such letter.
    """
    counts = Counter(_SIGN.sub("", text))
    total = counts.total()
    if not total:
        return 0.0
    script = script_of(counts)
    model = _model(script)
    bits = sum(
        count * (model[mark] if mark in model else _cost_of_other(mark))
        for mark, count in counts.items()
    )
    if script == "cyrillic":
        bits += _MISPLACED_COST * len(_MISPLACED.findall(text))
    elif script == "latin":
        plain = len(_PLAIN.findall(text))
        accents = sum(count for mark, count in counts.items() if mark < _OTHER_SCRIPTS)
        bits += _ACCENT_COST * max(0.0, accents - _TOO_MANY_ACCENTS * (plain + accents))
    return bits / total


def script_of(counts: Mapping[str, int]) -> str:
    """Name the script of most of the letters outside ASCII, given how often each stands."""
    cyrillic = sum(count for mark, count in counts.items() if "\u0400" <= mark <= "\u04ff")
    arabic = sum(count for mark, count in counts.items() if "\u0600" <= mark <= "\u06ff")
    other = sum(count for mark, count in counts.items() if mark > "\x7f") - cyrillic - arabic
    return max((cyrillic, "cyrillic"), (arabic, "arabic"), (other, "latin"))[1]


def _cost_of_other(mark: str) -> float:
    if mark >= _OTHER_SCRIPTS and mark.isalpha():
        return _RELATED_COST
    return -log2(_RARE if mark.isalpha() else _ODD)


@cache
def _model(script: str) -> dict[str, float]:
    if script == "latin":
        return {mark: -log2(_LATIN_SHARE) for mark in _LATIN_LETTERS + _LATIN_LETTERS.upper()}
    table = _RUSSIAN if script == "cyrillic" else _ARABIC
    shares = {pair[0]: float(pair[1:]) / 1000 for pair in table.split()}
    model = {mark: -log2(share) for mark, share in shares.items()}
    model |= dict.fromkeys(_RELATED + _ARABIC_MARKS, _RELATED_COST)
    if script == "cyrillic":  # where a capital stands is judged apart
        model |= {mark.upper(): cost for mark, cost in model.items()}
    else:
        model |= dict.fromkeys(_ARABIC_MARKS, 5.0)
    return model
