"""What the splitter knows of a language, read from ``labels/languages/<lang>/splitting.yaml``."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache

from labels.languages import LANGUAGES, load
from labels.pipeline.errors import ConfigError

_OTHER_KEYS = frozenset({"also", "pause_until"})


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Word lists of one language; abbreviations stand without their last full stop."""

    titles: frozenset[str]  # never end a sentence
    before_number: frozenset[str]  # join to a number that follows
    never_final: frozenset[str]
    may_end: frozenset[str]  # end a sentence before a capital
    rarely_end: frozenset[str]  # end a sentence before a starter
    units: frozenset[str]  # after a number, end a sentence before a capital
    years: frozenset[str]  # as units, unless they end an adjunct that opens a sentence
    prepositions: frozenset[str]  # begin such an adjunct
    starters: frozenset[str]
    never_first: frozenset[str]  # never begin a sentence
    starter_prefixes: frozenset[str]  # clitics that begin sentences, in scripts without case
    reporting: frozenset[str]  # verbs after a quoted question or exclamation
    marked_names: frozenset[str]  # names that end in ! or ?
    pause_until: int  # an ellipsis is a pause in a sentence shorter than this, in characters


@cache
def rules_of(lang: str) -> Rules:
    """Read the rules of a language; an unknown one has those of English.

    Raises:
        ConfigError: The file has an unknown key or an entry of another type.
    """
    if lang not in LANGUAGES:
        lang = "en"
    data = load(lang, "splitting")
    names = [field.name for field in fields(Rules) if field.name not in _OTHER_KEYS]
    problems = [f"unknown key {key!r}" for key in data.keys() - {*names, *_OTHER_KEYS}]
    words: dict[str, frozenset[str]] = {}
    for name in names:
        listed = data.get(name, [])
        if not isinstance(listed, list) or not all(isinstance(word, str) for word in listed):
            problems.append(f"{name}: expected a list of quoted words, got {listed!r}")
            continue
        words[name] = frozenset(listed)
    pause_until = data.get("pause_until", 0)
    if not isinstance(pause_until, int):
        problems.append(f"pause_until: expected characters, got {pause_until!r}")
    if problems:
        where = f"labels/languages/{lang}/splitting.yaml"
        raise ConfigError("\n".join(f"{where}: {problem}" for problem in sorted(problems)))
    words["titles"] |= _capitals(words["titles"])
    for name in ("before_number", "never_final", "may_end", "rarely_end"):
        words[name] |= {word[0].upper() + word[1:] for word in words[name]}
    if "also" in data:
        words = _with(words, rules_of(data["also"]))
    return Rules(**words, pause_until=pause_until)


def _capitals(titles: Iterable[str]) -> set[str]:
    """Give titles as headlines write them; two capitals are more often a person's initials."""
    capitalised = {word[0].upper() + word[1:] for word in titles}
    return capitalised | {word.upper() for word in titles if len(word) > 2}


def _with(words: dict[str, frozenset[str]], also: Rules) -> dict[str, frozenset[str]]:
    """Add the lists of another language, but for words that this one has put in another list."""
    own: frozenset[str] = frozenset().union(*words.values())
    return {name: listed | (getattr(also, name) - own) for name, listed in words.items()}
