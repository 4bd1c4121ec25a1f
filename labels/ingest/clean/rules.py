"""The cleaning rules of each language, compiled from ``labels/languages/<lang>/cleaning.yaml``.

Pages in every language carry English boilerplate, so the English rules hold for all of them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from labels.languages import LANGUAGES, load
from labels.pipeline.errors import ConfigError

Rule = tuple[str, re.Pattern[str]]  # kind of clutter, and what it looks like

_SECTIONS = (
    "lines mastheads openings endings headings from_here tails end_tails inline labels credits"
    " captions"
).split()
_IGNORE_CASE = frozenset("lines mastheads openings endings headings from_here".split())
_AT_END = frozenset("tails end_tails credits".split())
_EVERYWHERE = "en"
_DATELINES = "datelines"  # for `labels.languages.dateline`


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Compiled rules of one language; the sections are explained in the English file."""

    lines: tuple[Rule, ...]
    mastheads: tuple[Rule, ...]
    openings: tuple[Rule, ...]
    endings: tuple[Rule, ...]
    headings: tuple[Rule, ...]
    from_here: tuple[Rule, ...]
    tails: tuple[Rule, ...]
    end_tails: tuple[Rule, ...]
    inline: tuple[Rule, ...]
    labels: tuple[Rule, ...]
    credits: tuple[Rule, ...]
    captions: tuple[Rule, ...]
    sections: frozenset[str]  # names of newspaper sections, case folded


@cache
def rules_of(lang: str) -> Rules:
    """Compile the rules for articles in ``lang``, one of `LANGUAGES`.

    Raises:
        ConfigError: The language is unknown, or a rule is no regular expression.
    """
    if lang not in LANGUAGES:
        raise ConfigError(f"language: expected one of {', '.join(LANGUAGES)}, got {lang!r}")
    sources = [lang] if lang == _EVERYWHERE else [lang, _EVERYWHERE]
    files = [load(source, "cleaning") for source in sources]
    wrong = sorted({key for file in files for key in file} - {*_SECTIONS, "sections", _DATELINES})
    if wrong:
        raise ConfigError(f"labels/languages/{lang}/cleaning.yaml: unknown section(s) {wrong}")
    return Rules(
        sections=frozenset(name.casefold() for file in files for name in file["sections"]),
        **{section: tuple(_section(lang, section, files)) for section in _SECTIONS},
    )


def _section(lang: str, section: str, files: Iterable[dict[str, Any]]) -> Iterable[Rule]:
    flags = re.IGNORECASE if section in _IGNORE_CASE else 0
    anchor = r"\s*$" if section in _AT_END else ""
    for file in files:
        for kind, entries in (file.get(section) or {}).items():
            yield kind, _compile(lang, f"{section}.{kind}", entries, anchor, flags)


def _compile(
    lang: str, where: str, entries: list[str | dict[str, str]], anchor: str, flags: int
) -> re.Pattern[str]:
    patterns = [entry if isinstance(entry, str) else entry["rule"] for entry in entries]
    try:
        return re.compile(
            "(?:" + "|".join(f"(?:{pattern})" for pattern in patterns) + ")" + anchor, flags
        )
    except re.error as error:
        raise ConfigError(f"labels/languages/{lang}/cleaning.yaml: {where}: {error}") from error
