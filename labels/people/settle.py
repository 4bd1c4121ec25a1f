"""From answers to gold where people agree, and to a file of what is to be settled where not."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from labels.people.answers import Checked
from labels.people.items import HOLDER, VOICE, Answer, Given, Item
from labels.pipeline.schema import Task

_AND = " + "  # between the names of those who agree


def disagreements(
    items: Sequence[Item], checked: Checked, settled: Sequence[Answer], tasks: Sequence[Task]
) -> Iterator[Item]:
    """List the sentences on which annotators disagree, or one contradicts themselves.

    Each asks for the tasks in dispute alone and shows what everybody answered.

    Args:
        items: What was asked.
        checked: What came back.
        settled: What was adjudicated already; a task that is settled is not asked again.
        tasks: Those that were asked, in order.
    """
    given = _given(checked.answers)
    done = _given(settled)
    for item in items:
        all_given = [*given.get(item["id"], ()), *checked.contradictions.get(item["id"], ())]
        odd = [
            task.key
            for task in tasks
            if len({one["values"][task.key] for one in all_given if task.key in one["values"]}) > 1
            if not any(task.key in one["values"] for one in done.get(item["id"], ()))
        ]
        if odd:
            yield Item(**{**item, "ask": odd, "given": all_given, "why": "annotators disagree"})


def _given(answers: Sequence[Answer]) -> dict[str, list[Given]]:
    given: dict[str, list[Given]] = {}
    for answer in answers:
        one = Given(annotator=answer["annotator"], values=answer["values"])
        given.setdefault(answer["id"], []).append(one)
    return given


def gold_rows(
    items: Sequence[Item],
    checked: Checked,
    settled: Sequence[Answer],
    tasks: Sequence[Task],
    least: int,
) -> Iterator[dict[str, Any]]:
    """Give a gold row for each sentence with a task that is settled or that all agree on.

    Args:
        items: What was asked.
        checked: What came back.
        settled: What was adjudicated; it holds against what came back.
        tasks: Those that were asked.
        least: Annotators that have to agree where nothing was adjudicated.
    """
    given, done = _given(checked.answers), _given(settled)
    for item in items:
        labels: dict[str, str] = {}
        extras: dict[str, dict[str, str]] = {HOLDER: {}, VOICE: {}}
        names: dict[str, None] = {}
        contradicted = checked.contradictions.get(item["id"], ())
        for task in tasks:
            deciding = _on(task.key, done.get(item["id"], ()))
            if not deciding:
                deciding = _on(task.key, [*given.get(item["id"], ()), *contradicted])
                if len(deciding) < least or contradicted and _on(task.key, contradicted):
                    continue
            found = {one["values"][task.key] for one in deciding}
            if len(found) != 1:
                continue
            labels[task.key] = found.pop()
            names |= {one["annotator"]: None for one in deciding}
            if labels[task.key] in task.polar:
                for extra, values in extras.items():
                    said = {one["values"].get(f"{task.key}.{extra}") for one in deciding} - {None}
                    if len(said) == 1:
                        values[task.key] = str(said.pop())
        if labels:
            yield {
                "id": item["id"],
                "article_id": item["article_id"],
                "lang": item["lang"],
                "text": item["text"],
                **labels,
                **extras,
                "annotator": _AND.join(names),
            }


def _on(key: str, given: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [one for one in given if key in one["values"]]
