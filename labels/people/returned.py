"""What comes back from people, of whichever program, before it is checked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labels.people.items import Question
from labels.pipeline.schema import Reject, rejected

IDS = ("sentence_id", "id")  # where the id of a sentence stands, the surest first
Values = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Returned:
    """What one annotator says of one sentence."""

    where: str
    id: str
    version: str | None
    text: str | None
    annotator: str
    values: dict[str, object]  # by question, as they stand
    row: Values = field(default_factory=dict)  # for the file of what is refused


@dataclass(frozen=True)
class Refused:
    """What cannot be used, whole, and why."""

    reject: Reject
    row: Values


def refused(where: str, reason: str, message: str, row: Values) -> Refused:
    """Refuse a row or one of its values."""
    return Refused(rejected(where, reason, message), row)


def id_of(row: Values) -> str | None:
    """Find the id of the sentence in a row; None where there is none."""
    return next((str(row[key]).strip() for key in IDS if text_of(row.get(key))), None)


def text_of(value: object) -> str | None:
    """Take a cell as text; None where it is empty."""
    text = "" if value is None else str(value)
    return text if text.strip() else None


def flat_rows(
    rows: Iterator[tuple[str, Values] | Reject],
    path: Path,
    questions: Sequence[Question],
    names: Mapping[str, str],
) -> Iterator[Returned | Refused]:
    """Read rows with a cell for each question.

    Args:
        rows: Where each stands, and its cells.
        path: Of the file; its stem names who has labelled where no column does.
        questions: What may be asked.
        names: Of annotators, by what stands in the file.
    """
    for row in rows:
        if isinstance(row, Reject):
            yield Refused(row, {})
            continue
        where, cells = row
        found = id_of(cells)
        if found is None:
            expected = f"expected the sentence in `{'` or `'.join(IDS)}`"
            yield refused(where, "no_id", expected, cells)
            continue
        annotator = (text_of(cells.get("annotator")) or path.stem).strip()
        version = text_of(cells.get("version"))
        yield Returned(
            where=where,
            id=found,
            version=version.strip() if version else None,
            text=text_of(cells.get("text")),
            annotator=names.get(annotator, annotator),
            values={one.key: cells[one.key] for one in questions if text_of(cells.get(one.key))},
            row=cells,
        )
