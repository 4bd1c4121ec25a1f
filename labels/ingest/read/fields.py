"""Which field of an input is what: the names in ``fields.yaml``, beside this module."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from labels.pipeline.errors import ConfigError
from labels.pipeline.safe_yaml import load_yaml

FIELDS = ("id", "parent_id", "title", "text", "summary", "lang", "published", "url", "source")
ASIDE = "aside"

_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[^\W\dA-ZА-ЯЁ_])(?=[A-ZА-ЯЁ])")
_DEPTH = 3  # of nested objects that are looked into
_MAX_NAMES = 400  # of one record; more is data, not fields

Mapped = tuple[tuple[str, str], ...]  # pairs of a field and the name that a setting gives it


@dataclass(frozen=True)
class Layout:
    """What the fields of a record are, from their names."""

    names: dict[str, tuple[str, ...]]  # by field, the preferred one first
    others: tuple[str, ...]  # names that say nothing
    missing: tuple[str, ...]  # names of the setting that the record has not


@dataclass(frozen=True)
class _Table:
    ranks: dict[str, tuple[str, int]]  # by joined name: field and place in its list
    affixes: tuple[str, ...]
    wrappers: frozenset[str]
    leaves: frozenset[str]


def check_mapping(fields: Mapping[str, str] | None) -> Mapped:
    """Turn the setting ``fields`` into pairs of a field and the name that it has in the input.

    Args:
        fields: Names of the input by field, such as ``{"text": "isi"}``; a field may have any name
            that ``fields.yaml`` knows, so ``body`` is ``text`` as well.

    Raises:
        ConfigError: A key is no field, or a name is empty.
    """
    pairs = []
    problems = []
    for key, name in (fields or {}).items():
        found = field_of(key)
        if found is None or found == ASIDE:
            expected = ", ".join(FIELDS)
            problems.append(f"fields: expected one of {expected}, found {key!r}")
        elif not isinstance(name, str) or not _words(name):
            problems.append(f"fields.{key}: expected the name of a field, found {name!r}")
        else:
            pairs.append((found, _joined(name)))
    if problems:
        raise ConfigError("\n".join(problems))
    return tuple(pairs)


def layout_of(names: Iterable[str], mapped: Mapped = ()) -> Layout:
    """Find out what the fields of a record are; names as `flatten` gives them."""
    return _layout(tuple(names), mapped)


def field_of(name: str) -> str | None:
    """Tell which field a name stands for, `ASIDE` for known matter beside the article, or None."""
    found = _resolve(name)
    return found[0] if found else None


def is_vague(name: str) -> bool:
    """Tell whether a name only says what a record is: ``post`` may hold a text or an id."""
    joined = _joined(name)
    return joined in _table().affixes and joined != "text"


def flatten(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Give the values of nested objects under dotted names: ``{"title": {"rendered": …}}``."""
    flat: dict[str, Any] = {}
    _flatten(row, "", flat, _DEPTH)
    return flat


def _flatten(row: Mapping[Any, Any], prefix: str, flat: dict[str, Any], depth: int) -> None:
    for key, value in row.items():
        if key is None or len(flat) > _MAX_NAMES:
            continue
        name = f"{prefix}{key}".strip("\ufeff \t\r\n")
        if isinstance(value, dict) and depth:
            _flatten(value, f"{name}.", flat, depth - 1)
        else:
            flat[name] = value


@lru_cache(maxsize=4096)
def _layout(names: tuple[str, ...], mapped: Mapped) -> Layout:
    given = {}
    for field, wanted in mapped:
        hits = [name for name in names if _joined(name) == wanted]
        if hits:
            given[field] = tuple(hits)
    ranked: dict[str, list[tuple[int, str]]] = {}
    others = []
    taken = {name for hits in given.values() for name in hits}
    for name in names:
        if name in taken:
            continue
        found = _resolve(name)
        if found is None or (found[0] == ASIDE or found[0] in given):
            others.append(name)
        else:
            ranked.setdefault(found[0], []).append((found[1], name))
    if "text" in given:  # whoever says where the text stands does not mean the summary
        others += [name for _, name in ranked.pop("summary", [])]
    found_names = {
        field: tuple(name for _, name in sorted(hits, key=lambda hit: hit[0]))
        for field, hits in ranked.items()
    }
    missing = tuple(name for field, name in mapped if field not in given)
    return Layout(found_names | given, tuple(others), missing)


@lru_cache(maxsize=65_536)
def _resolve(name: str) -> tuple[str, int] | None:
    """Find the field of a dotted name, and how far it is from the name that is looked for first."""
    table = _table()
    parts = [part for part in (_joined(piece) for piece in name.split(".")) if part]
    if not parts:
        return None
    if found := table.ranks.get(".".join(parts)):
        return found
    if len(parts) > 1:
        if parts[0] in table.wrappers and (found := _resolve(".".join(parts[1:]))):
            return found[0], found[1] + 2_000
        if parts[-1] in table.leaves and (found := _resolve(".".join(parts[:-1]))):
            return found[0], found[1] + 1_000
        # or no path: `Full.Text`, as R names columns
        return _resolve(" ".join(name.split(".")))
    return _without_affixes(_words(name), parts[0], table)


def _without_affixes(words: list[str], joined: str, table: _Table) -> tuple[str, int] | None:
    left = [word for word in words if word not in table.affixes]
    # Where nothing else is said, the last word says it: `full article text`.
    left = left or words[-1:]
    if len(left) < len(words) and (found := table.ranks.get("".join(left))):
        return _derived(found)
    # Several words for the same: `time published`, `content body`.
    fields = {table.ranks[word][0] if word in table.ranks else None for word in left}
    if len(left) > 1 and len(fields) == 1 and None not in fields:
        return _derived(max(table.ranks[word] for word in left))
    for affix in table.affixes:
        for rest in (joined.removeprefix(affix), joined.removesuffix(affix)):
            if rest != joined and len(rest) > 2 and (found := table.ranks.get(rest)):
                return _derived(found)
    return None


def _derived(found: tuple[str, int]) -> tuple[str, int] | None:
    # Not an id: the id of a page or an item may be that of the outlet, the same on every row.
    field, rank = found
    return None if field in ("id", "parent_id") else (field, rank + 500)


def _joined(name: str) -> str:
    return "".join(_words(name)) if "." not in name else ".".join(map(_joined, name.split(".")))


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", name)
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark) or mark in "\u0306")
    return [word.casefold() for word in _WORD.findall(_CAMEL.sub(" ", plain))]


@cache
def _table() -> _Table:
    source = files("labels.ingest.read") / "fields.yaml"
    values: dict[str, list[str]] = load_yaml(source.read_text(encoding="utf-8"))
    ranks: dict[str, tuple[str, int]] = {}
    for field in (*FIELDS, ASIDE):
        for place, name in enumerate(values[field]):
            ranks.setdefault(_joined(name), (field, place))
    affixes = sorted(map(_joined, values["affixes"]), key=len, reverse=True)
    return _Table(
        ranks,
        tuple(affixes),
        frozenset(map(_joined, values["wrappers"])),
        frozenset(map(_joined, values["leaves"])),
    )
