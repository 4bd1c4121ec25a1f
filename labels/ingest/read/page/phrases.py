"""Words by which a page shows that it, or a part of it, is not an article, in every language."""

import re
from functools import cache

from labels.ingest.clean.literals import literals_of
from labels.languages import LANGUAGES, load
from labels.pipeline.errors import ConfigError

SECTIONS = frozenset(
    "not_found browser_check consent subscription comments other_matter live".split()
)


@cache
def phrases_of(section: str) -> tuple[re.Pattern[str], ...]:
    """Compile a section of ``labels/languages/<lang>/pages.yaml``, of all languages.

    Raises:
        ConfigError: A section or a rule is wrong.
    """
    patterns = []
    for lang in LANGUAGES:
        sections = load(lang, "pages")
        if wrong := sorted(sections.keys() ^ SECTIONS):
            raise ConfigError(f"labels/languages/{lang}/pages.yaml: missing or unknown {wrong}")
        for number, entry in enumerate(sections[section], start=1):
            try:
                patterns.append(re.compile(entry["rule"], re.IGNORECASE))
            except re.error as error:
                where = f"labels/languages/{lang}/pages.yaml: {section}.{number}"
                raise ConfigError(f"{where}: {error}") from error
    return tuple(patterns)


def possible(section: str, small: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of a section that may stand in a text, given in small letters: few of many."""
    return tuple(
        pattern
        for pattern in phrases_of(section)
        if not (literals := _literals(pattern)) or any(literal in small for literal in literals)
    )


@cache
def _literals(pattern: re.Pattern[str]) -> frozenset[str]:
    return literals_of(pattern.pattern).strings
