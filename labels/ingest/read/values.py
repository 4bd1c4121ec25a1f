"""Values of fields: missing ones, words, ids, and marks of a text that its source has cut."""

import math
import re
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from labels.pipeline.safe_yaml import load_yaml

_LONGEST_MISSING = 40
_SIGNS = re.compile(r"[-–—.…?_*/\\\[\]{}()#\s]{1,20}")
_INTEGRAL = re.compile(r"-?\d{1,18}\.0")
_URL = re.compile(r"\s*(?:https?:)?//[^\s/]+\.[^\s]+\s*|\s*www\.[^\s]+\s*", re.IGNORECASE)
_COUNTED = re.compile(
    r"\s*[\[({]\s?(?:…|\.{3})?\s?\+?\s?\d[\d.,\u00a0 ]{0,12}\s?(?:more\s)?"
    r"(?:chars?|characters?|words?|символ\w*|знак\w*|karakter|kata|حرف\w*|كلم\w*|أحرف)"
    r"(?:\s(?:more|lagi|left|remaining|omitted|truncated|cut|hidden))?\s?[\])}]\s*$",
    re.IGNORECASE,
)

_ELLIPSIS = re.compile(r"\s*[\[({]\s?(?:…|\.{2,6})\s?[\])}]\s*$")
_LONGEST_MARKER = 240
_MARKER_ENDS = frozenset("])}>→»›⟶▸")
_SENTENCE_END = re.compile(r"[.!?؟…。][\"”»’)\]]{0,3}(?=\s|$)")
_WORD = re.compile(r"\w[\w'’.-]*")


def is_missing(value: str) -> bool:
    """Tell whether a text stands for a missing value: ``NaN``, ``NULL``, ``-``."""
    if len(value) > _LONGEST_MISSING:
        return False
    bare = value.strip().casefold()
    return bare in _lists()["missing"] or _SIGNS.fullmatch(bare) is not None


def is_url(value: str) -> bool:
    """Tell whether a text is nothing but an address."""
    return len(value) < 4_000 and _URL.fullmatch(value) is not None


def cut_marker(text: str) -> tuple[int, str] | None:
    """Find where a mark begins that says that a source has cut the text.

    Such are ``[+2345 chars]``, ``[…]`` and ``... (read more)`` at the end. Returns the place and
    the kind of mark: ``length``, ``ellipsis`` or ``read_more``.
    """
    start = max(0, len(text) - _LONGEST_MARKER)
    tail = text[start:]
    last = tail.rstrip()[-1:]
    # The patterns are slow, and few texts end so.
    if last not in _MARKER_ENDS and "…" not in tail and ".." not in tail:
        return None
    for kind, pattern in (
        ("length", _COUNTED),
        ("ellipsis", _ELLIPSIS),
        ("read_more", _read_more()),
    ):
        if match := pattern.search(tail):
            return start + match.start(), kind
    return None


def word_of(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Give a date, a number, a word or the first of several as text; None for anything else."""
    if isinstance(value, list):
        value = next((item for item in value if item not in (None, "")), None)
    if isinstance(value, dict):
        value = next(
            (value[key] for key in ("name", "title", "value", "href") if key in value), None
        )
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str):
        return value.strip("\ufeff \t\r\n\u00a0") or None
    if isinstance(value, int | float) and not isinstance(value, bool) and not is_nan(value):
        return str(int(value) if isinstance(value, float) and value.is_integer() else value)
    return None


def id_of(value: Any) -> str | int | None:  # noqa: ANN401 - any JSON value
    """Give an id as its source has it, ``7`` for ``7.0``; None if it can be none."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return value


def key_of_id(value: str | int) -> str:
    """Give the id as a key: ``7`` also for the text ``7.0``, as tables of numbers write it."""
    key = str(value)
    return key[:-2] if _INTEGRAL.fullmatch(key) else key


def is_nan(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Tell whether a number is none."""
    return isinstance(value, float) and math.isnan(value)


def host_of(url: str) -> str | None:
    """Give the host of an address without ``www.``."""
    try:
        host = urlsplit(url.strip() if "//" in url else f"//{url.strip()}").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def is_prose(text: str) -> bool:
    """Tell whether a text consists of sentences: words, few signs, an end of a sentence."""
    sample = text[:2_000]
    words = _WORD.findall(sample)
    if len(words) < 6 or sample.lstrip()[:1] in ("{", "["):
        return False
    letters = sum(map(str.isalpha, sample))
    if letters < 0.6 * len(sample) or letters > 15 * len(words):
        return False
    return count_sentences(sample) > 0 and sample.count(",") + sample.count(";") < len(words) / 2


def count_sentences(text: str) -> int:
    """Count the ends of sentences."""
    return len(_SENTENCE_END.findall(text[:2_000]))


@cache
def _lists() -> dict[str, frozenset[str]]:
    source = files("labels.ingest.read") / "fields.yaml"
    values = load_yaml(source.read_text(encoding="utf-8"))
    return {name: frozenset(map(str.casefold, values[name])) for name in ("missing", "read_more")}


@cache
def _read_more() -> re.Pattern[str]:
    words = "|".join(
        re.escape(word) for word in sorted(_lists()["read_more"], key=len, reverse=True)
    )
    dots, arrow = r"(?:…|\.{2,6})", r"(?:\s?[→»›⟶▸]|\s?>{1,3}|\s?&raquo;)"
    return re.compile(
        # in brackets, behind dots (with the title that follows), or before an arrow
        rf"\s*[\[(]\s?{dots}?\s?(?:{words})\s?{dots}?{arrow}?\s?[\])]\s*$"
        rf"|(?<=…)\s*(?:{words})(?:{dots}|{arrow}|\s[^.…]{{1,160}}{arrow})?\s*$"
        rf"|(?<=\.\.)\s*(?:{words})(?:{dots}|{arrow}|\s[^.…]{{1,160}}{arrow})?\s*$"
        rf"|(?<=[.!?؟])\s+(?:{words}){arrow}\s*$",
        re.IGNORECASE,
    )
