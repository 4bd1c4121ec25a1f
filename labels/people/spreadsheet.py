"""Sentences to label as a table for spreadsheets, and what comes back from there."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from labels.annotate.gold_file import read_gold_lines
from labels.people.items import Answer, Item, Question, pairs_of, told, told_given
from labels.people.returned import Refused, Returned, flat_rows
from labels.pipeline.files import atomic_path
from labels.pipeline.schema import Reject

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is run by spreadsheets
_GUARD = "'"


def write_csv(
    path: Path, items: Iterable[Item], questions: Sequence[Question], answers: Iterable[Answer] = ()
) -> None:
    """Write a row for each sentence and annotator, with an empty cell for what is not answered.

    It begins with a byte-order mark, by which spreadsheets know UTF-8. A cell that a spreadsheet
    would run as a formula begins with an apostrophe, which `read_csv` takes away.
    """
    keys = [question.key for question in questions]
    header = [
        "sentence_id",
        "version",
        "lang",
        "text",
        *keys,
        "annotator",
        "ask",
        "proposed",
        "given",
    ]
    with (
        atomic_path(path) as temporary,
        temporary.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        table = csv.DictWriter(file, [*header, "why"], quoting=csv.QUOTE_ALL, lineterminator="\n")
        table.writeheader()
        for item, answer in pairs_of(items, answers):
            row = dict.fromkeys(keys, "") | (answer["values"] if answer else {})
            row |= {"sentence_id": item["id"], "version": item["version"], "lang": item["lang"]}
            row |= {"text": item["text"], "annotator": answer["annotator"] if answer else ""}
            row |= {"ask": ", ".join(item["ask"]), "proposed": told(item["proposed"])}
            row |= {"given": told_given(item), "why": item["why"]}
            table.writerow({key: _guarded(value) for key, value in row.items()})


def read_csv(
    path: Path, questions: Sequence[Question], names: Mapping[str, str]
) -> Iterator[Returned | Refused]:
    """Read what a spreadsheet has made of the table: other separators, capitals, a mark or none.

    Raises:
        DataError: The file cannot be read at all.
    """
    return flat_rows(_cells(path), path, questions, names)


def _cells(path: Path) -> Iterator[tuple[str, Mapping[str, Any]] | Reject]:
    for line in read_gold_lines(path):
        if isinstance(line, Reject):
            yield line
        else:
            yield (
                line.where,
                {key: _unguarded(str(cell or "")) for key, cell in line.values.items()},
            )


def _guarded(cell: str) -> str:
    return _GUARD + cell if cell.lstrip(_GUARD).startswith(_FORMULA) else cell


def _unguarded(cell: str) -> str:
    is_guarded = cell.startswith(_GUARD) and cell.lstrip(_GUARD).startswith(_FORMULA)
    return cell[1:] if is_guarded else cell
