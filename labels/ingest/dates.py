"""Read the publication date from the forms that real files use; null when unsure."""

import re
from collections.abc import Set as AbstractSet
from datetime import date
from enum import StrEnum
from functools import cache

from labels.languages import LANGUAGES, load

_FIRST_YEAR, _LAST_YEAR = 1800, 2100
_LIMIT = 120  # characters of a date field that are looked at

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_ISO = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?")
_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")


class SlashOrder(StrEnum):
    """Which number comes first in ``10/11/2025``."""

    month_first = "month_first"
    day_first = "day_first"


def parse_date(raw: str | None, order: SlashOrder | None = None) -> str | None:
    """Turn a date as written into ``YYYY-MM-DD``.

    Understood are ISO forms, RFC 2822, numbers with points, and month names of every language
    anywhere in the text (``Diperbarui 19 Jun 2025``, ``24 تشرين الأول/ أكتوبر 2022``).

    Args:
        raw: The date field, or None.
        order: Order of ``10/11/2025`` where the numbers alone do not tell; see `agreed_order`.

    Returns:
        The day, or None for a bare year, an ambiguous or impossible date, or no date at all.
    """
    if raw is None:
        return None
    text = raw.strip()[:_LIMIT].translate(_DIGITS).replace("\u200f", "").replace("\u200e", "")
    if match := _ISO.search(text):
        return _day(int(match[1]), int(match[3]), int(match[4]))
    if match := _COMPACT.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERS.search(text):
        return _from_numbers(match, order)
    return _from_names(text)


def shown_order(raw: str | None) -> SlashOrder | None:
    """Tell the order of day and month that a numeric date shows, if one of the two is over 12."""
    match = _NUMBERS.search(raw[:_LIMIT].translate(_DIGITS)) if raw else None
    if match is None or match[2] == ".":
        return None
    first, second = int(match[1]), int(match[3])
    if first > 12 >= second:
        return SlashOrder.day_first
    return SlashOrder.month_first if second > 12 >= first else None


def agreed_order(shown: AbstractSet[SlashOrder]) -> SlashOrder | None:
    """Tell the order of a source's numeric dates from the orders that some of them show.

    None when no date shows one or when they disagree: then ambiguous dates stay unknown.
    """
    return next(iter(shown)) if len(shown) == 1 else None


def _from_numbers(match: re.Match[str], order: SlashOrder | None) -> str | None:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if match[2] == "." or first > 12:  # points are day first wherever our languages are written
        return _day(year, second, first)
    if second > 12 or first == second:
        return _day(year, first, second)
    if order is None:
        return None
    month, day = (first, second) if order is SlashOrder.month_first else (second, first)
    return _day(year, month, day)


def _from_names(text: str) -> str | None:
    lowered = text.casefold()
    for pattern in (_patterns()[0], _patterns()[1]):
        if match := pattern.search(lowered):
            return _day(int(match["year"]), _months()[match["month"]], int(match["day"]))
    return None


def _day(year: int, month: int, day: int) -> str | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    return {
        name.casefold(): int(number)
        for lang in LANGUAGES
        for number, names in load(lang, "dates")["months"].items()
        for name in names
    }


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = sorted(_months(), key=lambda name: (-len(name), name))
    month = "(?P<month>" + "|".join(map(re.escape, names)) + r")\b\.?"
    second = r"(?:\s?/\s?[^\W\d]{2,12}(?:\s[^\W\d]{2,12})?)?"  # the other name of an Arabic month
    return (
        re.compile(
            rf"(?<!\d)(?P<day>\d{{1,2}})(?:-?го|st|nd|rd|th)?[\s.-]{{0,3}}(?:من\s)?{month}{second}"
            r"[\s,.،-]{0,3}(?P<year>\d{4})(?!\d)"
        ),
        re.compile(
            rf"\b{month}\s(?P<day>\d{{1,2}})(?:-?го|st|nd|rd|th)?[\s,]{{1,3}}(?P<year>\d{{4}})(?!\d)"
        ),
    )
