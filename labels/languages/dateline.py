"""The dateline that opens a news report, as in ``GAZA CITY (AP) — The minister arrived``.

What it looks like stands under ``datelines`` in ``labels/languages/<lang>/cleaning.yaml``.
"""

import re
from functools import cache

from labels.languages import LANGUAGES, load
from labels.pipeline.errors import ConfigError

_WINDOW = 160  # characters that a dateline may have
_FALLBACK = "en"  # whose rules hold for a language that has none


def dateline_of(text: str, lang: str) -> str:
    """Return the dateline at the start of a paragraph, which may be all of it; empty without one.

    Raises:
        ConfigError: A rule of the language is no regular expression.
    """
    match = _pattern(lang if lang in LANGUAGES else _FALLBACK).match(text[:_WINDOW])
    return match.group() if match else ""


def dateline_end(text: str, lang: str) -> int:
    """Find where a report begins after its dateline, in code points; 0 without one.

    A place named in a dateline says where the report was written, not what it is about. A
    paragraph that is nothing but a dateline is taken for the report.

    Raises:
        ConfigError: A rule of the language is no regular expression.
    """
    end = len(dateline_of(text, lang))
    return end if end < len(text) else 0


@cache
def _pattern(lang: str) -> re.Pattern[str]:
    rules = load(lang, "cleaning")["datelines"]
    try:
        return re.compile("|".join(f"(?:{rule})" for rule in rules))
    except re.error as error:
        raise ConfigError(f"labels/languages/{lang}/cleaning.yaml: datelines: {error}") from error
