"""Since when and until when a name means the target: ``Starovoit @2018..2025-07``.

A person is the state, or the body, while in office. Such a name counts in an article that is dated
within its term; where no date is known it always does. Both ends belong to the term, and either
may be left out; several terms stand with commas between them.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from labels.pipeline.errors import ConfigError

_MARK = " @"
_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_DECEMBER = 12


class Term(NamedTuple):
    """A time in office, both days included."""

    since: date
    until: date


def cut_term(phrase: str) -> tuple[str, tuple[Term, ...]]:
    """Cut a name of a target file into the phrase and its terms; none mean any date.

    Raises:
        ConfigError: What follows the ``@`` is no term.
    """
    name, mark, written = phrase.partition(_MARK)
    if not mark:
        return phrase, ()
    return name.strip(), tuple(_term(part.strip(), phrase) for part in written.split(","))


def terms_of(names: Iterable[str]) -> dict[str, tuple[Term, ...]]:
    """Say when each name of a target counts, by its phrase; those that always do are left out.

    A name that stands there several times, in one language or in several, has all its terms; once
    without a term, it always counts.

    Raises:
        ConfigError: As `cut_term` does.
    """
    found: dict[str, tuple[Term, ...]] = {}
    for written in names:
        name, terms = cut_term(written)
        known = found.get(name)
        found[name] = terms if known is None else (*known, *terms) if known and terms else ()
    return {name: terms for name, terms in found.items() if terms}


def without_terms(phrases: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Give the names of a target, by language, as phrases alone."""
    return {lang: [cut_term(name)[0] for name in names] for lang, names in phrases.items()}


def counts(terms: Sequence[Term], day: date | None) -> bool:
    """Tell whether a name with these terms counts on a day; None is a day that is not known."""
    return not terms or day is None or any(term.since <= day <= term.until for term in terms)


def day_of(published: str | None) -> date | None:
    """Read the day of an article; None where it has none that can be read."""
    if published is None:
        return None
    try:
        return date.fromisoformat(published[:10])
    except ValueError:
        return None


def _term(written: str, phrase: str) -> Term:
    since, dots, until = (part.strip() for part in written.partition(".."))
    first = _day(since, at_end=False) if since else date.min
    last = _day(until, at_end=True) if until else date.max
    if not dots or not written.strip(". ") or first is None or last is None or last < first:
        raise ConfigError(
            f"{phrase!r}: expected a term as @2018..2025-07, @2021.. or @..2013-12-31, "
            f"found {written!r}"
        )
    return Term(first, last)


def _day(written: str, *, at_end: bool) -> date | None:
    found = _DAY.fullmatch(written)
    if found is None:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    month = month or (_DECEMBER if at_end else 1)
    try:
        return date(year, month, day or (monthrange(year, month)[1] if at_end else 1))
    except ValueError:
        return None
