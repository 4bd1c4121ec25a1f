"""Sentences to label for Label Studio: tasks, the labelling config, and its exports.

An annotation holds the name of its annotator in each result (``meta``), which Label Studio keeps;
where it does not, ``completed_by`` says who it was: a number of its users, or an address.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from labels.people.items import Answer, Item, Question, pairs_of, told_given
from labels.people.returned import Refused, Returned, Values, flat_rows, id_of, refused, text_of
from labels.pipeline.errors import DataError
from labels.pipeline.files import atomic_path

TEXT = "text"  # the object that is labelled
_MODEL = "sikap"
_NAMED_BY = "annotator"


def config_xml(
    questions: Sequence[Question], descriptions: Mapping[str, str], is_to_settle: bool = False
) -> str:
    """Write the labelling config: a row of choices for each task; more where it is a position.

    Args:
        questions: What is asked.
        descriptions: Of tasks, shown above their choices; a task without one shows its key.
        is_to_settle: Show what others have answered.
    """
    view = ElementTree.Element("View")
    sentence = ElementTree.SubElement(view, "View", style="unicode-bidi: plaintext")
    ElementTree.SubElement(sentence, "Text", name=TEXT, value="$text")
    if is_to_settle:
        ElementTree.SubElement(view, "Header", value="$given", size="5")
    for one in questions:
        box = view
        when: dict[str, str] = {}
        if one.key == one.task.key:
            head = descriptions.get(one.key, one.key)
            ElementTree.SubElement(view, "Header", value=head)
        else:
            when = {"visibleWhen": "choice-selected", "whenTagName": one.task.key}
            when["whenChoiceValue"] = ",".join(one.task.polar)
            box = ElementTree.SubElement(view, "View", when)
            ElementTree.SubElement(box, "Header", value=one.key, size="5")
        named = {"name": one.key, "toName": TEXT}
        if one.classes:
            shown = {"choice": "single-radio", "showInline": "true"}
            choices = ElementTree.SubElement(box, "Choices", named | shown)
            for name in one.classes:
                ElementTree.SubElement(choices, "Choice", value=name)
        else:
            ElementTree.SubElement(box, "TextArea", named | {"maxSubmissions": "1", "rows": "1"})
    ElementTree.indent(view)
    return ElementTree.tostring(view, encoding="unicode") + "\n"


def write_label_studio(
    path: Path, items: Iterable[Item], questions: Sequence[Question], answers: Iterable[Answer] = ()
) -> None:
    """Write tasks, with what is proposed as predictions and what was answered as annotations."""
    tasks: dict[str, dict[str, Any]] = {}
    for item, answer in pairs_of(items, answers):
        task = tasks.setdefault(item["id"], _task(item, questions))
        if answer is not None:
            result = _results(answer["values"], questions, {_NAMED_BY: answer["annotator"]})
            task.setdefault("annotations", []).append({"result": result})
    with atomic_path(path) as temporary:
        text = json.dumps(list(tasks.values()), ensure_ascii=False, indent=1, allow_nan=False)
        temporary.write_text(text + "\n", encoding="utf-8")


def _task(item: Item, questions: Sequence[Question]) -> dict[str, Any]:
    data = {
        "sentence_id": item["id"],
        "version": item["version"],
        "lang": item["lang"],
        TEXT: item["text"],
        "ask": ", ".join(item["ask"]),
        "why": item["why"],
        "given": told_given(item),
    }
    if not item["proposed"]:
        return {"data": data}
    result = _results(item["proposed"], questions, {})
    return {"data": data, "predictions": [{"model_version": _MODEL, "result": result}]}


def _results(
    values: Mapping[str, str], questions: Sequence[Question], meta: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "id": one.key,
            "from_name": one.key,
            "to_name": TEXT,
            "type": "choices" if one.classes else "textarea",
            "value": {"choices" if one.classes else "text": [values[one.key]]},
            **({"meta": dict(meta)} if meta else {}),
        }
        for one in questions
        if one.key in values
    ]


def read_label_studio(
    path: Path, questions: Sequence[Question], names: Mapping[str, str]
) -> Iterator[Returned | Refused]:
    """Read an export of the kind JSON or JSON-MIN.

    Raises:
        DataError: It is no export.
    """
    try:
        tasks = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DataError(f"{path}: expected an export of Label Studio: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: expected an export of Label Studio, JSON: {error}") from error
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise DataError(f"{path}: expected an export of Label Studio, a list of tasks")
    for number, task in enumerate(tasks):
        where = f"{path}#{number}"
        if "annotations" in task or "data" in task:
            yield from _annotations(where, task, names)
        else:
            yield from flat_rows(iter([(where, _unpacked(task))]), path, questions, names)


def _annotations(
    where: str, task: Values, names: Mapping[str, str]
) -> Iterator[Returned | Refused]:
    data = task.get("data")
    data = data if isinstance(data, dict) else {}
    found = id_of(data)
    if found is None:
        yield refused(where, "no_id", "data: expected the sentence in `sentence_id`", task)
        return
    for annotation in task.get("annotations") or []:
        results = annotation.get("result") or []
        annotator = _annotator(annotation, results)
        if annotation.get("was_cancelled"):
            message = f"{annotator!r} has skipped the sentence {found!r}"
            yield refused(where, "skipped_answer", message, annotation)
            continue
        values: dict[str, object] = {}
        for result in results:
            value = result.get("value") or {}
            key = str(result.get("from_name"))
            values[key] = value.get("choices") or value.get("text") or []
        yield Returned(
            where=where,
            id=found,
            version=text_of(data.get("version")),
            text=text_of(data.get(TEXT)),
            annotator=names.get(annotator, annotator),
            values={key: value for key, value in values.items() if value},
            row={"data": data, "annotations": [annotation]},
        )


def _annotator(annotation: Values, results: Sequence[Values]) -> str:
    for result in results:
        named = (result.get("meta") or {}).get(_NAMED_BY)
        if named:
            return str(named)
    who = annotation.get("completed_by")
    if isinstance(who, dict):
        who = who.get("email") or who.get("id")
    return "" if who is None else str(who)


def _unpacked(task: Values) -> dict[str, Any]:
    """Take the answers of JSON-MIN out of their lists."""
    return {
        key: value.get("choices", value) if isinstance(value, dict) else value
        for key, value in task.items()
    }
