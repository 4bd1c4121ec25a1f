"""The pairs of the behavioural suite, read and checked."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.schema import AUTHOR, POLAR_STANCES, STANCES, VOICES

CAPABILITIES = (
    "negation",
    "double_negation",
    "reported_or_own",
    "target_swap",
    "passive",
    "concession",
    "condition",
    "irony",
    "alias_spelling",
    "clitics_and_cases",
    "place_or_government",
    "ceasefire_elsewhere",
    "numbers_and_dates",
    "punctuation_and_marks",
)
DIFFERS, SAME = EXPECTED = ("differs", "same")  # of the two labels of a pair
_SHOWN = 20  # problems that a message lists


@dataclass(frozen=True, kw_only=True)
class Item:
    """One sentence of a pair, and the stance towards one target that a reader finds in it."""

    id: str
    pair: str  # the same in every language that the pair was written in
    capability: str
    expect: str  # whether the labels of the pair differ or are the same
    lang: str
    text: str
    target: str
    label: str
    holder: str | None  # of a polar stance: words of the text, or ``author``
    voice: str | None  # of a polar stance


@dataclass(frozen=True)
class Pair:
    """Two sentences that differ in one thing."""

    items: tuple[Item, Item]

    @property
    def first(self) -> Item:
        """The item that says what both have in common."""
        return self.items[0]


NAMES = tuple(field.name for field in fields(Item))
_MAY_BE_NULL = ("holder", "voice")
_ONE_OF = {
    "capability": CAPABILITIES,
    "expect": EXPECTED,
    "label": STANCES,
    "voice": VOICES,
}


def read_pairs(folder: Path) -> list[Pair]:
    """Read the files ``LANG.jsonl`` of a folder, in the order of their names.

    Raises:
        ConfigError: The folder holds no such file.
        DataError: It lists what is wrong with which line or pair.
    """
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise ConfigError(f"pairs: expected a folder with files such as en.jsonl, got {folder}")
    problems: list[str] = []
    items: dict[str, Item] = {}
    for path in paths:
        for where, line in _lines(path):
            found = _read(line, path.stem)
            if isinstance(found, Item) and found.id in items:
                found = [f"id: expected each once, found {found.id} again"]
            if isinstance(found, Item):
                items[found.id] = found
            else:
                problems += [f"{where}: {problem}" for problem in found]
    grouped: defaultdict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items.values():
        grouped[item.lang, item.pair].append(item)
    if not problems:  # else a pair may lack a line that is listed already
        problems = [problem for group in grouped.values() for problem in _wrong_pair(group)]
        problems += _wrong_across(items.values())
    if not items and not problems:
        problems = [f"{folder}: expected at least one pair, found none"]
    _check(problems)
    return [Pair((first, second)) for first, second in grouped.values()]


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Give the lines that are not blank, each with where it stands."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: expected UTF-8: {error}") from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"{path}:{number}", line


def _read(line: str, lang: str) -> Item | list[str]:
    """Read a line, or say what is wrong with it by itself."""
    try:
        record = json.loads(line)
    except ValueError as error:
        return [f"expected a JSON object: {error}"]
    if not isinstance(record, dict):
        return [f"expected a JSON object, found {record!r:.60}"]
    if set(record) != set(NAMES):
        return [f"expected the fields {', '.join(NAMES)}, found {', '.join(record)}"]
    odd = [f"{name}: {problem}" for name in NAMES if (problem := _wrong_value(name, record[name]))]
    if not odd:
        odd = [*_wrong_language(record["lang"], lang), *_wrong_attribution(record)]
    return odd or Item(**record)


def _wrong_language(found: str, lang: str) -> Iterator[str]:
    if found != lang:
        yield f"lang: expected {lang}, as the file is called, found {found}"


def _wrong_value(name: str, value: Any) -> str | None:  # noqa: ANN401 - what a file holds
    if value is None and name in _MAY_BE_NULL:
        return None
    if not isinstance(value, str) or not value.strip():
        return f"expected a text, found {value!r:.60}"
    if any("\ud800" <= character <= "\udfff" for character in value):
        return f"expected whole characters, found {value!r:.60}"
    known = _ONE_OF.get(name)
    if known is not None and value not in known:
        return f"expected one of {', '.join(known)}, found {value}"
    return None


def _wrong_attribution(record: Mapping[str, str | None]) -> Iterator[str]:
    """Check that a polar stance, and no other, has a holder of the sentence and a voice."""
    is_polar = record["label"] in POLAR_STANCES
    for name in _MAY_BE_NULL:
        if is_polar != (record[name] is not None):
            expected = "a text" if is_polar else "null"
            yield f"{name}: expected {expected} for {record['label']}, found {record[name]}"
    holder = record["holder"]
    if is_polar and holder and holder != AUTHOR and holder not in str(record["text"]):
        yield f"holder: expected words of the text or {AUTHOR}, found {holder}"


def _wrong_pair(items: Sequence[Item]) -> Iterator[str]:
    where = f"{items[0].lang}.jsonl, pair {items[0].pair}"
    if len(items) != 2:
        yield f"{where}: expected two lines, found {len(items)}"
        return
    first, second = items
    for name in ("capability", "target", "expect"):
        values = getattr(first, name), getattr(second, name)
        if values[0] != values[1]:
            yield f"{where}: {name}: expected the same in both lines, found {' and '.join(values)}"
    if first.text == second.text:
        yield f"{where}: text: expected two sentences, found the same twice"
    if (first.label == second.label) != (first.expect == SAME):
        yield (
            f"{where}: label: expected labels that are as expect says, {first.expect}, found "
            f"{first.label} and {second.label}"
        )


def _wrong_across(items: Iterable[Item]) -> Iterator[str]:
    """Check that a pair is of the same capability in every language."""
    known: dict[str, Item] = {}
    for item in items:
        first = known.setdefault(item.pair, item)
        if first.capability != item.capability:
            yield (
                f"{item.id}: expected {first.capability}, as {first.id} is, found {item.capability}"
            )


def _check(problems: Sequence[str]) -> None:
    if problems:
        more = len(problems) - _SHOWN
        rest = [f"and {more} more"] if more > 0 else []
        raise DataError("\n".join([*problems[:_SHOWN], *rest]))
