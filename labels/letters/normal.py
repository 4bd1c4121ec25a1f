"""One way to write each letter, for all that compares texts and for what the model reads.

Keyboards, styles and programs write the same letter in several ways: ی for ي, Ｒ and 𝐑 for R, é as
one code point or as two, vowel signs, tatweel, stress marks, soft hyphens. `normalize` takes them
away; no output of the program holds its result. The same steps stand in `STEPS` for the tokenizer
of the model. The letters themselves stand in ``labels/letters/letters.yaml``, by script.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from labels.pipeline.data_file import read_data

# Soft hyphen, marks of direction, zero-width signs, variation selectors: nobody sees them.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
# What is left of these when a letter and its mark are joined is stress, a stroke or a decoration.
_COMBINING = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
# Styled letters and signs that stand for one plain character each; ℹ is more often a picture.
_STYLED = (
    (0x2102, 0x2138),
    (0x213A, 0x214F),
    (0x24B6, 0x24EA),
    (0xFF01, 0xFF61),
    (0x1D400, 0x1D7FF),
    (0x1F130, 0x1F149),
)


class Step(NamedTuple):
    """A replacement; the pattern means the same to `re` and to the engine of the tokenizers."""

    pattern: str
    by: str


_DATA: dict[str, Any] = read_data(Path(__file__).parent, "letters")


def _listed(name: str) -> Iterator[str]:
    for script in _DATA.values():
        yield from script.get(name, ())


def _letters() -> dict[str, str]:
    pairs = chain.from_iterable(script["letters"].items() for script in _DATA.values())
    return {str(plain): str(others) for plain, others in pairs}


def _alef_after() -> str:
    # A look behind has one length, so that each word has one of its own; the letter comes first,
    # which a search finds fast.
    words = [before + word for word in _listed("alef_after") for before in ("", "و", "ف")]
    return "ی(?:" + "|".join(rf"(?<=\b{word}ی)" for word in words) + r")(?!\w)"


_OTHERS = {other: plain for plain, others in _letters().items() for other in others}

BEFORE = (Step(f"[{_INVISIBLE}{''.join(_listed('dropped_first'))}]", ""),)
AFTER = (
    Step(f"[{_COMBINING}{''.join(_listed('dropped'))}]", ""),
    Step(_alef_after(), "ى"),
    *(Step(other, plain) for other, plain in _OTHERS.items()),
)
"""The steps before and after NFKC, in order."""

_FIRST = re.compile(BEFORE[0].pattern)
_MARKS = re.compile(AFTER[0].pattern)
_ALEF = re.compile(AFTER[1].pattern)
_OTHER = re.compile(f"[{''.join(_OTHERS)}]")


def normalize(text: str) -> str:
    """Write every letter in one way: NFKC, without vowel signs, stress and what nobody sees.

    Case, punctuation, digits and white space stay. й, ё, أ and é stay letters of their own.
    """
    if text.isascii():
        return text
    joined = unicodedata.normalize("NFKC", _FIRST.sub("", text))
    bare = _ALEF.sub("ى", _MARKS.sub("", joined))
    return _OTHER.sub(lambda other: _OTHERS[other.group()], bare)


def _small_capitals() -> str:
    return "".join(_DATA["latin"]["letters"].values())


def _styled() -> dict[int, str]:
    small = map(ord, _small_capitals())
    ranges = (range(first, last + 1) for first, last in _STYLED)
    plain = {code: normalize(chr(code)) for code in (*chain.from_iterable(ranges), *small)}
    return {code: one for code, one in plain.items() if len(one) == 1 and one != chr(code)}


_STYLED_LETTERS = _styled()
_ANY_STYLED = re.compile(
    "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _STYLED) + _small_capitals() + "]"
)


def unstyle(text: str) -> str:
    """Write styled letters and full-width signs plainly, each in its place: offsets stay."""
    if text.isascii() or not _ANY_STYLED.search(text):
        return text
    return text.translate(_STYLED_LETTERS)
