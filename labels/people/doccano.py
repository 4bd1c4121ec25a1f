"""Sentences to label for doccano (text classification), and its export, both JSON lines.

doccano has one list of labels: each is a question and its answer, ``russia:favor``. What else
stands in a line comes back beside the labels; ``id`` is its own and not ours. Its project of
several annotators exports a file for each, ``NAME.jsonl``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from labels.people.items import Answer, Item, Question, pairs_of, told, told_given, write_lines
from labels.people.returned import Refused, Returned, flat_rows, refused
from labels.pipeline.json_lines import read_json_lines
from labels.pipeline.schema import Reject

_COLORS = {"favor": "#0b62a4", "against": "#b1460a", "positive": "#00725a", "negative": "#8c3a79"}
_OTHER = "#66707a"


def write_doccano(
    path: Path, items: Iterable[Item], questions: Sequence[Question], answers: Iterable[Answer] = ()
) -> None:
    """Write a line for each sentence and annotator.

    Proposals are told, and no labels: doccano could not tell them from answers.
    """
    write_lines(path, (_line(item, answer, questions) for item, answer in pairs_of(items, answers)))


def _line(item: Item, answer: Answer | None, questions: Sequence[Question]) -> dict[str, Any]:
    values = answer["values"] if answer else {}
    return {
        "text": item["text"],
        "label": [f"{one.key}:{values[one.key]}" for one in questions if one.key in values],
        "sentence_id": item["id"],
        "version": item["version"],
        "lang": item["lang"],
        "ask": ", ".join(item["ask"]),
        "proposed": told(item["proposed"]),
        "given": told_given(item),
        "why": item["why"],
        # in every line: doccano makes NaN, which it cannot keep, of what a line lacks
        "annotator": answer["annotator"] if answer else "",
    }


def label_definitions(questions: Sequence[Question]) -> list[dict[str, str]]:
    """List the labels of a project, as doccano imports them."""
    return [
        {"text": f"{one.key}:{name}", "background_color": _COLORS.get(name, _OTHER)}
        for one in questions
        for name in one.classes
    ]


def read_doccano(
    path: Path, questions: Sequence[Question], names: Mapping[str, str]
) -> Iterator[Returned | Refused]:
    """Read an export.

    Raises:
        DataError: The file cannot be read at all.
    """
    known = {question.key for question in questions}
    rows: list[tuple[str, Mapping[str, Any]] | Reject] = []
    for line in read_json_lines(path):
        if isinstance(line, Reject):
            rows.append(line)
            continue
        cells = {key: value for key, value in line.values.items() if key not in known}
        for label in line.values.get("label") or []:
            key, colon, value = str(label).partition(":")
            if not colon or key not in known:
                expected = f"label: expected QUESTION:ANSWER of {', '.join(sorted(known))}"
                message = f"{expected}, found {label!r}"
                yield refused(line.where, "unknown_question", message, line.values)
            else:
                cells.setdefault(key, []).append(value)
        rows.append((line.where, cells))
    yield from flat_rows(iter(rows), path, questions, names)
