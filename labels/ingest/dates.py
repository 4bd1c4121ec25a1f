"""Read the publication date from the forms that real files use; null when unsure."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache

from labels.languages import LANGUAGES, load
from labels.letters import normalize

_FIRST_YEAR, _LAST_YEAR = 1800, 2100
_TWENTIETH, _UNSURE = range(70, 100), range(40, 70)  # years of two digits; the others are 20xx
_LIMIT = 120  # characters of a date field that are looked at

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_ISO = re.compile(r"(?<!\d)(\d{4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)?")
_EPOCH = re.compile(r"(\d{10})(?:\d{3}){0,3}(?:\.\d{1,9})?")  # seconds, or their thousandths
_NUMBERS = re.compile(
    r"(?<![\d./:-])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d:]|[./-]\d)"
)
_WORD = re.compile(r"[^\W\d_]+")
_SHORT_YEAR = r"['’]?\d{2}(?=\s?(?:$|[,،|()–—]|г\.|-\s|(?:t|\s)\d{1,2}[:.]\d{2}))"
_ORDINAL = r"(?:-?го|-?е|st|nd|rd|th)?"


class SlashOrder(StrEnum):
    """Which number comes first in ``10/11/2025``."""

    month_first = "month_first"
    day_first = "day_first"


def parse_date(raw: str | None, order: SlashOrder | None = None) -> str | None:
    """Turn a date as written into ``YYYY-MM-DD``: the day in the time zone that it is written in.

    Understood are ISO forms, RFC 2822, seconds and milliseconds since 1970 (the day in UTC),
    numbers with points, and month names of every language anywhere in the text (``Diperbarui 19
    Jun 2025``, ``24 تشرين الأول/ أكتوبر 2022``, ``12 Ogos 25``). Of two dates that of publication
    counts, where a word says which it is. Years of other calendars are no years.

    Args:
        raw: The date field, or None.
        order: Order of ``10/11/2025`` where neither the numbers nor a weekday beside them tell;
            see `agreed_order`.

    Returns:
        The day, or None for a bare year, an ambiguous or impossible date, or no date at all.
    """
    if raw is None:
        return None
    text = _plain(raw)
    if not any(map(str.isdigit, text)):
        return None
    if (published := _said("published").search(text)) and (
        day := _read(text[published.end() :], order)
    ):
        return day
    return _read(text, order)


def shown_order(raw: str | None) -> SlashOrder | None:
    """Tell the order of day and month that a numeric date shows, if one of the two is over 12."""
    match = _NUMBERS.search(_plain(raw)) if raw else None
    if match is None or match[2] == "." or (match[2] == "-" and len(match[4]) == 2):
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


def is_of_change(written: str) -> bool:
    """Tell whether a date is said to be that of a later change, and none that of publication."""
    text = _plain(written)
    return bool(_said("updated").search(text)) and not _said("published").search(text)


def _plain(raw: str) -> str:
    return normalize(raw.strip()[:_LIMIT]).translate(_DIGITS).casefold()


def _read(text: str, order: SlashOrder | None) -> str | None:
    return next(filter(None, _readings(text, order)), None)


def _readings(text: str, order: SlashOrder | None) -> Iterator[str | None]:
    stripped = text.strip().upper()
    if match := _COMPACT.fullmatch(stripped):
        yield _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _EPOCH.fullmatch(stripped):
        yield _day(*datetime.fromtimestamp(int(match[1]), UTC).timetuple()[:3])
    for match in _ISO.finditer(text):
        yield _day(int(match[1]), int(match[3]), int(match[4]))
    for match in _NUMBERS.finditer(text):
        yield _from_numbers(match, order, text)
    words = _WORD.findall(text)
    patterns = () if _month_words().isdisjoint(words) else _named()  # which are slow
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield _day(_year(match["year"]), _months()[match["month"]], int(match["day"]))


def _from_numbers(match: re.Match[str], order: SlashOrder | None, text: str) -> str | None:
    first, second, year = int(match[1]), int(match[3]), _year(match[4])
    is_short = len(match[4]) == 2
    if is_short and _clock().match(text, match.end()):
        return None  # a time with points
    day_first, month_first = _day(year, second, first), _day(year, first, second)
    if match[2] == ".":  # points are day first wherever our languages are written
        return day_first
    if is_short and match[2] == "-" and _day(_year(match[1]), second, int(match[4])):
        return None  # the year may stand first
    if day_first is None or month_first is None or first == second:
        return day_first or month_first
    weekdays = _weekdays_in(text)
    fitting = {
        day for day in (day_first, month_first) if date.fromisoformat(day).weekday() in weekdays
    }
    if len(fitting) == 1:
        return fitting.pop()
    if order is None:
        return None
    return month_first if order is SlashOrder.month_first else day_first


def _year(digits: str) -> int:
    year = int(digits.lstrip("'’"))
    if len(digits) == 4:
        return year
    if year in _UNSURE:
        return 0
    return year + (1900 if year in _TWENTIETH else 2000)


def _day(year: int, month: int, day: int) -> str | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _weekdays_in(text: str) -> set[int]:
    return {_weekdays()[word] for word in _WORD.findall(text) if word in _weekdays()}


def _words(name: str) -> Iterator[str]:
    for lang in LANGUAGES:
        yield from (normalize(word).casefold() for word in load(lang, "dates")[name])


def _any_of(words: Iterator[str]) -> str:
    return "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word))))


@cache
def _weekdays() -> dict[str, int]:
    return {
        normalize(word).casefold(): number
        for lang in LANGUAGES
        for number, words in enumerate(load(lang, "dates")["weekdays"])
        for word in words
    }


@cache
def _months() -> dict[str, int]:
    return {
        normalize(name).casefold(): int(number)
        for lang in LANGUAGES
        for number, names in load(lang, "dates")["months"].items()
        for name in names
    }


@cache
def _month_words() -> frozenset[str]:
    return frozenset(name.split()[0] for name in _months())


@cache
def _said(what: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any_of(_words(what))})\b")


@cache
def _clock() -> re.Pattern[str]:
    return re.compile(rf"\s?(?:[ap]\.?m\b|(?:{_any_of(_words('zones'))})\b)")


@cache
def _named() -> tuple[re.Pattern[str], ...]:
    month = rf"(?P<month>{_any_of(iter(_months()))})\b\.?"
    # The other name of an Arabic month.
    other = r"(?:\s?[/(-]\s?[^\W\d]{2,12}(?:\s[^\W\d]{2,12})?\)?)?"
    day = rf"(?<!\d)(?P<day>\d{{1,2}}){_ORDINAL}"
    year = rf"(?P<year>\d{{4}}(?!\d)|{_SHORT_YEAR})"
    before_year = rf"(?:(?:{_any_of(_words('year_words'))})\s)?"
    return (
        re.compile(
            rf"{day}[\s.,-]{{0,3}}(?:من\s|of\s)?{month}{other}[\s,.،-]{{0,3}}{before_year}{year}"
        ),
        re.compile(rf"\b{month}\s{day}[\s,،]{{1,3}}{before_year}{year}"),
        re.compile(
            rf"\b{month}\s{{1,2}}{day}\s\d\d:\d\d:\d\d(?:\s[+\w-]{{1,5}})?\s(?P<year>\d{{4}})(?!\d)"
        ),
        re.compile(rf"(?<!\d)(?P<year>\d{{4}})[\s,./-]{{1,3}}{month}[\s./-]{{1,2}}{day}(?![\d:])"),
    )
