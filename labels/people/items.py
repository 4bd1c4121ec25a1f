"""Sentences to label and the answers of people, as their files hold them, JSON lines."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from labels.pipeline.errors import DataError
from labels.pipeline.files import atomic_path
from labels.pipeline.json_lines import JsonLine, objects_of
from labels.pipeline.schema import VOICES, Task

HOLDER, VOICE = "holder", "voice"  # what is asked of a polar stance besides
_VERSION = 12  # hexadecimal digits
_SHOWN = 3  # problems of a file that are named


class Given(TypedDict):
    """What somebody answered, as it is shown to who adjudicates."""

    annotator: str
    values: dict[str, str]  # by question


class Item(TypedDict):
    """A sentence to label: a line of ``tasks.jsonl``, ``adjudicate.jsonl``, ``suspects.jsonl``."""

    id: str  # of the sentence; it stands in every export and import
    article_id: str
    lang: str
    text: str
    version: str  # of the text: an answer to another one is refused
    ask: list[str]  # keys of the tasks to answer
    proposed: dict[str, str]  # by task: what a model would answer
    why: str  # it was chosen
    given: NotRequired[list[Given]]  # of those who disagree


class Answer(TypedDict):
    """What one annotator says of one sentence: a line of ``answers.jsonl``."""

    id: str
    version: str
    annotator: str
    values: dict[str, str]  # by question: a class, or the words of a holder


@dataclass(frozen=True)
class Question:
    """A field that annotators fill."""

    key: str  # of the task, or ``TASK.holder``, ``TASK.voice``
    classes: tuple[str, ...]  # none: any text
    task: Task


def questions_of(tasks: Sequence[Task]) -> tuple[Question, ...]:
    """List what is asked: each task and, of a stance, whose it is and how it is expressed."""
    found: list[Question] = []
    for task in tasks:
        found.append(Question(task.key, task.classes, task))
        if task.scheme.polar:
            found.append(Question(f"{task.key}.{HOLDER}", (), task))
            found.append(Question(f"{task.key}.{VOICE}", VOICES, task))
    return tuple(found)


def version_of(text: str) -> str:
    """Tell a text from another one; white space does not count."""
    spaced = " ".join(text.split())
    return hashlib.sha256(spaced.encode("utf-8", "surrogatepass")).hexdigest()[:_VERSION]


def read_items(path: Path, tasks: Sequence[Task]) -> list[Item]:
    """Read a file of sentences to label.

    Raises:
        DataError: It is none, ids are doubled, a text was changed, or it asks for another task.
    """
    known = {task.key for task in tasks}
    items: dict[str, Item] = {}
    problems: list[str] = []
    for line in objects_of(path):
        problem = _problem(line, known, items)
        if problem:
            problems.append(f"{line.where}: {problem}")
        else:
            items[line.values["id"]] = _item(line.values)
    if problems:
        more = f"\nand {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        raise DataError("\n".join(problems[:_SHOWN]) + more)
    if not items:
        raise DataError(f"{path}: expected sentences to label, found none")
    return list(items.values())


def _problem(line: JsonLine, known: set[str], items: Mapping[str, Item]) -> str | None:
    values = line.values
    for key in ("id", "article_id", "lang", "text", "version", "why"):
        if not isinstance(values.get(key), str):
            return f"{key}: expected a text, as make_tasks writes it, found {values.get(key)!r}"
    if values["id"] in items:
        return f"id: expected each once, found {values['id']!r} again"
    if values["version"] != version_of(values["text"]):
        return f"text: expected that of version {values['version']}, found another one"
    ask = values.get("ask")
    if not isinstance(ask, list) or not ask or not set(map(str, ask)) <= known:
        return f"ask: expected some of {', '.join(sorted(known))}, found {ask!r}"
    if not _is_texts(values.get("proposed")):
        return f"proposed: expected labels by task, found {values.get('proposed')!r}"
    given = values.get("given", [])
    if not isinstance(given, list) or not all(map(_is_given, given)):
        return "given: expected annotators and their values, found something else"
    return None


def _is_given(value: object) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("annotator"), str):
        return False
    return _is_texts(value.get("values"))


def _is_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def _item(values: Mapping[str, Any]) -> Item:
    item = Item(
        id=values["id"],
        article_id=values["article_id"],
        lang=values["lang"],
        text=values["text"],
        version=values["version"],
        ask=values["ask"],
        proposed=values["proposed"],
        why=values["why"],
    )
    if "given" in values:
        item["given"] = values["given"]
    return item


def write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write JSON lines, atomically."""
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")


def pairs_of(
    items: Iterable[Item], answers: Iterable[Answer]
) -> Iterable[tuple[Item, Answer | None]]:
    """Put each answer beside its sentence; a sentence without one stands alone."""
    by_id: dict[str, list[Answer]] = {}
    for answer in answers:
        by_id.setdefault(answer["id"], []).append(answer)
    for item in items:
        for answer in by_id.get(item["id"], []):
            yield item, answer
        if item["id"] not in by_id:
            yield item, None


def told_given(item: Item) -> str:
    """Write what others have answered in a line; empty where nothing is to be settled."""
    return " | ".join(f"{one['annotator']}: {told(one['values'])}" for one in item.get("given", []))


def told(values: Mapping[str, str]) -> str:
    """Write labels in a line: ``russia favor; oic neutral``."""
    return "; ".join(f"{key} {value}" for key, value in values.items())
