"""Find the records in a JSON document: an array, an array in a wrapper, a table, or one object."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from labels.ingest.read.fields import ASIDE, Mapped, field_of, flatten, is_vague, layout_of
from labels.ingest.read.parts import join_parts
from labels.ingest.read.values import word_of
from labels.pipeline.schema import Reject, rejected

_DEPTH = 6  # of wrappers
# The name of what holds the records, where it is that of their outlet: a feed, a chat.
_OUTLET_KEYS = ("name", "title")
_OUTLET_BESIDE = frozenset(("messages", "item", "items", "entry", "entries"))
_CONTAINERS = frozenset(
    "items item entries entry articles messages posts results data docs value stories hits news"
    " records rows objects list feed channel response".split()
)
_SINGLE = ("item", "entry", "article", "post")
_BESIDE = frozenset(("feed", "channel", "meta", "header"))


@dataclass(frozen=True)
class Found:
    """A record of a document."""

    values: Any  # an object; anything else is no record, which the reader says
    key: str | None = None  # by which it stands in an object
    outlet: str | None = None  # the name of the feed or chat that it stands in
    group: str = ""  # where in the document the array is that it stands in


@dataclass(frozen=True)
class _Place:
    outlet: str | None = None
    path: tuple[str, ...] = ()

    def below(self, key: object) -> "_Place":
        return _Place(self.outlet, (*self.path, str(key)))

    def found(self, values: object, key: str | None = None) -> Found:
        return Found(values, key, self.outlet, ".".join(self.path))


def parse_json(text: str, where: str) -> list[Any] | Reject:
    """Parse a JSON document, or several one after the other."""
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    position = 0
    try:
        while True:
            while position < len(text) and text[position] in " \t\r\n\ufeff\x1e,":
                position += 1
            if position == len(text):
                return values
            value, position = decoder.raw_decode(text, position)
            values.append(value)
    except json.JSONDecodeError as error:
        found = f"{error.msg} at line {error.lineno} column {error.colno}"
        return rejected(where, "broken_json", f"expected JSON: {found}")
    except ValueError as error:  # a number of thousands of digits
        return rejected(where, "broken_json", f"expected JSON: {error}")
    except RecursionError:
        return rejected(where, "broken_json", "expected JSON, found endless nesting")


def records_of(value: Any, mapped: Mapped = ()) -> list[Found]:  # noqa: ANN401 - any JSON value
    """Find the records of a document; none where it holds nothing that looks like one."""
    if isinstance(value, list):
        return _of_list(value)
    if not isinstance(value, dict):
        return []
    if isinstance(value.get("_source"), dict) and "hits" not in value:
        return [_unwrapped(value)]
    if _has_text(value, mapped):
        return [Found(value)]
    found = _of_table(value) or list(_inside(value, mapped, _Place(), _DEPTH))
    names = layout_of(flatten(value), mapped).names
    is_record = bool(names.get("title") or names.get("summary"))
    if found and (not is_record or _CONTAINERS & {str(key).lower() for key in value}):
        return found
    return [Found(value)] if is_record or not _holds_objects(value) else []


def _of_list(values: list[Any]) -> list[Found]:
    if values and all(isinstance(row, list) for row in values):
        header = values[0]
        if all(isinstance(name, str) for name in header) and any(map(_is_main, header)):
            return [Found(dict(zip(header, row, strict=False))) for row in values[1:]]
    if values and all(isinstance(row, str) for row in values):
        return [Found({"text": row}) for row in values]
    return [_unwrapped(row) if isinstance(row, dict) else Found(row) for row in values]


def _unwrapped(value: dict[str, Any]) -> Found:
    """Take an Elasticsearch hit apart."""
    source = value.get("_source")
    if not isinstance(source, dict):
        return Found(value)
    return Found({"_id": value.get("_id"), **source} if "_id" in value else source)


def _of_table(value: dict[str, Any]) -> list[Found]:
    """Read what pandas writes: ``{"columns": […], "data": […]}``, ``{"title": {"0": …}}``."""
    columns, data = value.get("columns"), value.get("data")
    if (
        isinstance(columns, list)
        and isinstance(data, list)
        and all(isinstance(row, list) for row in data)
    ):
        return [Found(dict(zip(map(str, columns), row, strict=False))) for row in data]
    inner = list(value.values())
    if not inner or not all(isinstance(column, dict) and column for column in inner):
        return []
    keys = inner[0].keys()
    is_columns = any(map(_is_main, value)) and all(column.keys() == keys for column in inner)
    if is_columns and all(str(key).isdigit() for key in keys):
        return [
            Found({name: column[key] for name, column in value.items()}, str(key)) for key in keys
        ]
    return []


def _inside(value: dict[str, Any], mapped: Mapped, place: _Place, depth: int) -> Iterator[Found]:
    """Find arrays of records, and objects of records by key, at any depth."""
    if depth == 0:
        return
    place = _Place(_outlet_of(value) or place.outlet, place.path)
    inner = list(value.values())
    if len(inner) > 1 and all(
        isinstance(item, dict) and _is_record(item, mapped) for item in inner
    ):
        yield from (place.found(item, str(key)) for key, item in value.items())
        return
    for key, item in value.items():
        if field_of(str(key)) == ASIDE:
            continue
        if isinstance(item, list):
            yield from _inside_list(item, mapped, place.below(key), depth)
        elif isinstance(item, dict):
            if key in _SINGLE and _is_record(item, mapped):
                yield place.found(item)  # the only one: no array around it
            else:
                yield from _inside(item, mapped, place.below(key), depth - 1)


def _inside_list(values: list[Any], mapped: Mapped, place: _Place, depth: int) -> Iterator[Found]:
    rows = [_unwrapped(row).values if isinstance(row, dict) else row for row in values]
    if any(_is_record(row, mapped) for row in rows):
        yield from map(place.found, rows)
        return
    for number, row in enumerate(values):
        if isinstance(row, dict):
            yield from _inside(row, mapped, place.below(number), depth - 1)


def _is_record(value: Any, mapped: Mapped) -> bool:  # noqa: ANN401 - any JSON value
    if not isinstance(value, dict):
        return False
    names = layout_of(flatten(value), mapped).names
    return bool(names.get("text") or names.get("title") or names.get("summary"))


def _has_text(value: dict[str, Any], mapped: Mapped) -> bool:
    """Whether an object has a body of its own, be it in parts."""
    flat = flatten(value)
    return any(
        bool(flat[name].strip()) if isinstance(flat[name], str) else bool(join_parts(flat[name]))
        for name in layout_of(flat, mapped).names.get("text", ())
        if not (isinstance(flat[name], list) and _is_array(name, flat[name], mapped))
    )


def _is_array(name: str, values: list[Any], mapped: Mapped) -> bool:
    """Whether a list under the name of a text holds records, and not the parts of one."""
    for value in values:
        names = layout_of(flatten(value), mapped).names if isinstance(value, dict) else {}
        if names.get("title") and (names.get("url") or names.get("published")):
            return True
        if names.get("title") and names.get("text") and is_vague(name):
            return True
    return False


def _is_main(name: str) -> bool:
    return field_of(name) in ("text", "title", "summary")


def _holds_objects(value: dict[str, Any]) -> bool:
    return any(
        isinstance(item, list) and any(isinstance(row, dict) for row in item)
        for item in value.values()
    )


def _outlet_of(value: dict[str, Any]) -> str | None:
    beside = next((value[key] for key in _BESIDE if isinstance(value.get(key), dict)), None)
    for holder in (value if _OUTLET_BESIDE & value.keys() else {}, beside or {}):
        for key in _OUTLET_KEYS:
            if name := word_of(holder.get(key)):
                return name
    return None
