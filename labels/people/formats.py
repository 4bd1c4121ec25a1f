"""The programs that people label in, each with what writes for it and what reads its files."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

from labels.people.doccano import label_definitions, read_doccano, write_doccano
from labels.people.items import Answer, Item, Question
from labels.people.label_studio import config_xml, read_label_studio, write_label_studio
from labels.people.returned import Refused, Returned, refused
from labels.people.spreadsheet import read_csv, write_csv
from labels.pipeline.errors import DataError
from labels.pipeline.files import atomic_path, write_json
from labels.pipeline.json_lines import read_json_lines
from labels.pipeline.schema import Reject

Reader = Callable[[Path, Sequence[Question], Mapping[str, str]], Iterator[Returned | Refused]]


class Format(Enum):
    """A program to label in."""

    label_studio = "label_studio"
    doccano = "doccano"
    csv = "csv"


_NAMES = {
    Format.label_studio: "label_studio.json",
    Format.doccano: "doccano.jsonl",
    Format.csv: "tasks.csv",
}
_WRITERS: Mapping[Format, Callable[..., None]] = {
    Format.label_studio: write_label_studio,
    Format.doccano: write_doccano,
    Format.csv: write_csv,
}


def write_for(
    chosen: Format,
    folder: Path,
    items: Sequence[Item],
    questions: Sequence[Question],
    descriptions: Mapping[str, str],
    answers: Iterable[Answer] = (),
) -> list[Path]:
    """Write what a program imports, and return the files."""
    written = [folder / _NAMES[chosen]]
    _WRITERS[chosen](written[0], items, questions, answers)
    if chosen is Format.label_studio:
        written.append(folder / "label_studio.xml")
        with atomic_path(written[1]) as temporary:
            is_to_settle = any("given" in item for item in items)
            config = config_xml(questions, descriptions, is_to_settle)
            temporary.write_text(config, encoding="utf-8")
    if chosen is Format.doccano:
        written.append(folder / "doccano_labels.json")
        write_json(written[1], label_definitions(questions))
    return written


def read_returned(
    path: Path, questions: Sequence[Question], names: Mapping[str, str]
) -> Iterator[Returned | Refused]:
    """Read what came back: a file of any of the programs, or a folder of such files.

    Args:
        path: CSV, an export of Label Studio (``.json``), or JSON lines: an export of doccano, or
            answers as the local page keeps them.
        questions: What may be asked.
        names: Of annotators, by what stands in the files.

    Raises:
        DataError: It is nothing of that.
    """
    if path.is_dir():
        inside = sorted(one for one in path.iterdir() if one.suffix.lower() in _READERS)
        if not inside:
            raise DataError(f"{path}: expected files of {', '.join(_READERS)}, found none")
        for one in inside:
            yield from read_returned(one, questions, names)
        return
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise DataError(f"{path}: expected one of {', '.join(_READERS)}, found {path.suffix!r}")
    yield from reader(path, questions, names)


def _read_lines(
    path: Path, questions: Sequence[Question], names: Mapping[str, str]
) -> Iterator[Returned | Refused]:
    """Tell the two kinds of JSON lines apart by the first line that is one."""
    first = next((one for one in read_json_lines(path) if not isinstance(one, Reject)), None)
    is_ours = first is not None and "values" in first.values
    yield from _read_answers(path, names) if is_ours else read_doccano(path, questions, names)


def _read_answers(path: Path, names: Mapping[str, str]) -> Iterator[Returned | Refused]:
    for line in read_json_lines(path):
        if isinstance(line, Reject):
            yield Refused(line, {})
            continue
        row: Mapping[str, Any] = line.values
        if not isinstance(row.get("values"), dict) or not row.get("id"):
            found = json.dumps(row, ensure_ascii=False)[:80]
            yield refused(line.where, "no_id", f"expected id and values, found {found}", row)
            continue
        annotator = str(row.get("annotator") or "")
        yield Returned(
            where=line.where,
            id=str(row["id"]),
            version=str(row["version"]) if row.get("version") else None,
            text=None,
            annotator=names.get(annotator, annotator),
            values={key: value for key, value in row["values"].items() if value},
            row=row,
        )


_READERS: Mapping[str, Reader] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".json": read_label_studio,
    ".jsonl": _read_lines,
}
