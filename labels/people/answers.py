"""What came back, checked against what was asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from labels.people.items import Answer, Given, Item, Question, version_of
from labels.people.returned import Refused, Returned, refused

_SHOWN = 60  # characters of a value that a message repeats


@dataclass
class Checked:
    """The answers that can be used, and what cannot."""

    answers: list[Answer] = field(default_factory=list)
    contradictions: dict[str, list[Given]] = field(default_factory=dict)  # by sentence
    refused: list[Refused] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)  # rows of each annotator, empty ones too


def check_answers(
    rows: Iterable[Returned | Refused], items: Sequence[Item], questions: Sequence[Question]
) -> Checked:
    """Sort what came back by sentence and annotator.

    An unknown id, an answer to another version of the text, and a value that is no class are
    refused. Of an annotator who contradicts themselves on a question neither answer is used: both
    are refused, and kept for who adjudicates.

    Args:
        rows: As the readers of the formats give them.
        items: What was asked; answers are sorted in this order.
        questions: Those that may be answered.

    Returns:
        Every row is in the answers, or empty, or among the refused.
    """
    checked = Checked()
    by_id = {item["id"]: item for item in items}
    known = {question.key: question for question in questions}
    kept: dict[tuple[str, str], list[tuple[Returned, dict[str, str]]]] = {}
    for row in rows:
        if isinstance(row, Refused):
            checked.refused.append(row)
            continue
        problem = _problem(row, by_id)
        if problem is not None:
            checked.refused.append(refused(row.where, *problem, row.row))
            continue
        checked.asked[row.annotator] = checked.asked.get(row.annotator, 0) + 1
        values = dict(_values(row, known, checked.refused))
        if values:
            kept.setdefault((row.id, row.annotator), []).append((row, values))
    order = {item["id"]: place for place, item in enumerate(items)}
    for key in sorted(kept, key=lambda one: (order[one[0]], one[1])):
        values = _merged(kept[key], checked)
        if values:
            sorted_values = {one.key: values[one.key] for one in questions if one.key in values}
            checked.answers.append(
                Answer(
                    id=key[0],
                    version=by_id[key[0]]["version"],
                    annotator=key[1],
                    values=sorted_values,
                )
            )
    return checked


class _Problem(NamedTuple):
    reason: str
    message: str


def _problem(row: Returned, by_id: Mapping[str, Item]) -> _Problem | None:
    item = by_id.get(row.id)
    if item is None:
        expected = f"expected one of the {len(by_id):,} asked for"
        return _Problem("unknown_id", f"id: {expected}, found {row.id!r}")
    found = row.version or (version_of(row.text) if row.text else item["version"])
    if found != item["version"]:
        expected = f"expected an answer to version {item['version']} of the text, found {found}"
        told = f"{row.id!r}: {expected}; read it with the tasks file that was handed out"
        return _Problem("other_version", told)
    if not row.annotator:
        return _Problem("no_annotator", f"{row.id!r}: expected who has answered, found nobody")
    return None


def _values(
    row: Returned, known: Mapping[str, Question], problems: list[Refused]
) -> Iterator[tuple[str, str]]:
    for key, value in row.values.items():
        question = known.get(key)
        entries = [str(one).strip() for one in value] if isinstance(value, list) else [str(value)]
        if question is None:
            message = f"expected one of {', '.join(known)}, found {key!r}"
            problems.append(refused(row.where, "unknown_question", message, row.row))
        elif len(set(entries)) > 1:
            message = f"{key}: expected one answer, found {' and '.join(map(repr, entries))}"
            problems.append(refused(row.where, "several_answers", message, row.row))
        elif not question.classes:
            yield key, entries[0].strip()
        elif (label := entries[0].strip().lower()) in question.classes:
            yield key, label
        else:
            found = repr(entries[0][:_SHOWN])
            message = f"{key}: expected {'|'.join(question.classes)}, found {found}"
            problems.append(refused(row.where, "unknown_label", message, row.row))


def _merged(found: Sequence[tuple[Returned, dict[str, str]]], checked: Checked) -> dict[str, str]:
    """Join the rows of one annotator on one sentence; leave out where they contradict."""
    merged: dict[str, str] = {}
    odd: set[str] = set()
    for row, values in found:
        odd |= {key for key in values if merged.get(key, values[key]) != values[key]}
        if merged and values.items() <= merged.items():
            message = f"{row.annotator!r} has answered so on {row.id!r} at {found[0][0].where}"
            checked.refused.append(refused(row.where, "repeated_answer", message, row.row))
        merged |= {key: value for key, value in values.items() if key not in merged}
    for row, values in found if odd else ():
        places = ", ".join(one.where for one, _ in found if one is not row)
        differing = ", ".join(sorted(odd))
        message = f"{row.annotator!r} says another {differing} of {row.id!r} at {places}"
        checked.refused.append(refused(row.where, "contradicting_answer", message, row.row))
        given = Given(annotator=row.annotator, values=values)
        checked.contradictions.setdefault(row.id, []).append(given)
    return {key: value for key, value in merged.items() if key not in odd}
