"""The cleaning rules of each language, from ``labels/languages/<lang>/cleaning.yaml``.

Pages in every language carry English boilerplate, so the English rules hold for all of them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

from labels.ingest.clean.literals import Finder, Held, literals_of
from labels.languages import LANGUAGES, load
from labels.pipeline.errors import ConfigError

SECTIONS = (
    "lines teasers mastheads openings endings headings from_here tails end_tails inline labels"
    " credits captions"
).split()
_IGNORE_CASE = frozenset("lines teasers mastheads openings endings headings from_here".split())
_AT_END = frozenset("tails end_tails credits".split())
_EVERYWHERE = "en"
_DATELINES = "datelines"  # for `labels.languages.dateline`
_NEEDED = frozenset({"rule", "cuts", "keeps"})
_OPTIONAL = frozenset({"weak", "site"})


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One entry of a section."""

    name: str  # language, section, kind and number in the YAML file: ``en.lines.promotion.3``
    kind: str  # of clutter
    expression: str  # regular expression
    flags: int  # of `re`
    cuts: str  # a text that it must match
    keeps: str  # and one that it must spare
    weak: bool = False  # its words may be an article's own: it needs a second sign
    site: str | None = None  # part of the name or host of the only outlet that it is for
    literals: frozenset[str] = frozenset()  # one of them stands in every match; none: unknown
    opens: bool = False  # a match begins near the literal

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled expression; most rules of a run never meet a text that needs theirs.

        Raises:
            ConfigError: It is no regular expression, by what only the compiler finds.
        """
        try:
            return re.compile(self.expression, self.flags)
        except re.error as error:
            raise ConfigError(f"cleaning rule {self.name}: {error}") from error


def candidates(rules: Iterable[Rule], held: Held | None) -> list[Rule]:
    """Leave out the rules that ask for words that a text does not hold (None: not known)."""
    if held is None:
        return list(rules)
    anywhere = held.anywhere
    if not anywhere:
        return [rule for rule in rules if not rule.literals]
    return [rule for rule in rules if not rule.literals or not anywhere.isdisjoint(rule.literals)]


@dataclass(frozen=True, kw_only=True, eq=False)
class Rules:
    """The rules of one language; the sections are explained in the English file."""

    lines: tuple[Rule, ...]
    teasers: tuple[Rule, ...]
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

    def for_source(self, source: str | None) -> "Rules":
        """Leave out the rules for other sites than the one that an article is known to be from."""
        if source is None or "." not in source:
            return self  # no host, so its name may say nothing of the site
        name = source.casefold()
        others = frozenset(site for site in self.sites if site not in name)
        return _without(self, others) if others else self

    @cached_property
    def finder(self) -> Finder:
        """Finds the literals of all rules."""
        rules = (rule for section in SECTIONS for rule in getattr(self, section))
        return Finder(literal for rule in rules for literal in rule.literals)

    @cached_property
    def named_lines(self) -> tuple[Rule, ...]:
        """The rules for lines that ask for certain words; the weak ones come last."""
        rules = [rule for rule in self.lines if rule.literals]
        return tuple(sorted(rules, key=lambda rule: rule.weak))

    def sentence_rules(self, held: Held | None) -> tuple[Rule, ...]:
        """The rules for lines that ask for words, and may match a sentence of a line."""
        if held is None:
            return self.named_lines
        numbers = {
            number
            for literal in held.anywhere
            for number in self._by_literal.get(literal, ())
            if not self.named_lines[number].opens or literal in held.opening
        }
        return tuple(self.named_lines[number] for number in sorted(numbers))

    @cached_property
    def _by_literal(self) -> dict[str, list[int]]:
        """The numbers of the rules among `named_lines` that ask for a literal."""
        found: dict[str, list[int]] = {}
        for number, rule in enumerate(self.named_lines):
            for literal in rule.literals:
                found.setdefault(literal, []).append(number)
        return found

    @cached_property
    def any_form(self) -> re.Pattern[str]:
        """Matches what any of `forms` matches."""
        return re.compile("|".join(rule.expression for rule in self.forms), re.IGNORECASE)

    @cached_property
    def forms(self) -> tuple[Rule, ...]:
        """The rules for lines that ask for a form alone."""
        rules = [rule for rule in self.lines if not rule.literals]
        return tuple(sorted(rules, key=lambda rule: rule.weak))

    @cached_property
    def sites(self) -> frozenset[str]:
        """The sites that have rules of their own."""
        return frozenset(
            rule.site for section in SECTIONS for rule in getattr(self, section) if rule.site
        )


@cache
def rules_of(lang: str) -> Rules:
    """Read the rules for articles in ``lang``, one of `LANGUAGES`.

    Raises:
        ConfigError: The language is unknown, or a rule is no regular expression.
    """
    if lang not in LANGUAGES:
        raise ConfigError(f"language: expected one of {', '.join(LANGUAGES)}, got {lang!r}")
    sources = [lang] if lang == _EVERYWHERE else [lang, _EVERYWHERE]
    files = {source: load(source, "cleaning") for source in sources}
    wrong = sorted(
        {key for file in files.values() for key in file} - {*SECTIONS, "sections", _DATELINES}
    )
    if wrong:
        raise ConfigError(f"labels/languages/{lang}/cleaning.yaml: unknown section(s) {wrong}")
    return Rules(
        sections=frozenset(name.casefold() for file in files.values() for name in file["sections"]),
        **{section: tuple(_section(section, files)) for section in SECTIONS},
    )


@cache
def _without(rules: Rules, sites: frozenset[str]) -> Rules:
    left: dict[str, Any] = {
        section: tuple(rule for rule in getattr(rules, section) if rule.site not in sites)
        for section in SECTIONS
    }
    return replace(rules, **left)


def _section(section: str, files: dict[str, dict[str, Any]]) -> Iterable[Rule]:
    for lang, file in files.items():
        for kind, entries in (file.get(section) or {}).items():
            for number, entry in enumerate(entries, start=1):
                yield _rule(f"{lang}.{section}.{kind}.{number}", section, kind, entry)


def _rule(name: str, section: str, kind: str, fields: dict[str, Any]) -> Rule:
    lang, _, where = name.partition(".")
    path = f"labels/languages/{lang}/cleaning.yaml: {where}"
    if not isinstance(fields, dict) or not _NEEDED <= fields.keys() <= _NEEDED | _OPTIONAL:
        raise ConfigError(
            f"{path}: expected {', '.join(sorted(_NEEDED))} and perhaps"
            f" {', '.join(sorted(_OPTIONAL))}, found {fields!r}"
        )
    pattern = f"(?:{fields['rule']})"
    if section in _AT_END:
        pattern += r"\s*$"
    if section == "teasers":
        pattern = rf"(?<![^\s(\[«“\"*<>]){pattern}\s?(?:[:|›»>]+|\.{{2,3}}|…|[–—](?=\s))\s?"
    try:
        literals = literals_of(pattern)
    except re.error as error:
        raise ConfigError(f"{path}: {error}") from error
    return Rule(
        name=name,
        kind=kind,
        expression=pattern,
        flags=re.IGNORECASE if section in _IGNORE_CASE else 0,
        cuts=fields["cuts"],
        keeps=fields["keeps"],
        weak=fields.get("weak", False),
        site=fields.get("site"),
        literals=literals.strings,
        opens=literals.opens,
    )
