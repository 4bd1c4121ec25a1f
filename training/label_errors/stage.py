"""The contract of ``find_label_errors``: gold in, the rows that are most likely wrong out."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from labels.people.items import write_lines
from labels.pipeline.files import write_json
from labels.pipeline.schema import Task, tasks_for
from training.label_errors.embed import embed
from training.label_errors.read import Labelled, read_predictions, read_rows
from training.label_errors.settings import FindErrorsSettings
from training.label_errors.suspects import (
    Ids,
    Probabilities,
    Suspect,
    items_of,
    out_of_fold,
    suspects_of,
)
from training.model.precision import prepare_runtime

Predict = Callable[[Task, Ids, Ids], Probabilities]  # places of rows, their labels


class TaskErrors(TypedDict):
    """What was found on one task and language."""

    task: str
    lang: str | None  # null: all languages
    rows: int  # with a label and a prediction
    agree: float  # share of the rows on which model and gold say the same
    suspects: int


class ErrorsReport(TypedDict):
    """The content of ``label_errors.json``."""

    rows: int  # gold rows
    rejects: int  # lines that are no gold row
    unpredicted: int  # rows without any prediction
    suspect_rows: int
    listed: int  # of them, in suspects.jsonl
    tasks: list[TaskErrors]


def find_label_errors(settings: FindErrorsSettings) -> None:
    """List the gold rows that are most likely wrong, by predictions that have not seen them.

    Writes ``suspects.jsonl``, an adjudication file, and ``label_errors.json``.

    Raises:
        ConfigError: The backbone is not to be had.
        DataError: A file cannot be read, or there is too little gold.
    """
    console = Console(stderr=True)
    tasks = tasks_for(settings.targets)
    known = sorted(path.stem for path in settings.target_folder.glob("*.yaml"))
    rows, rejects = read_rows(settings.gold, settings.targets, known)
    if settings.predictions:
        predict = _given(settings, rows, tasks)
    else:
        predict = _own(settings, rows, console)
    found: list[Suspect] = []
    counts: list[TaskErrors] = []
    predicted: set[int] = set()
    for task in tasks:
        places, labels = _labels(rows, task)
        if not len(places):
            continue
        probabilities = predict(task, places, labels)
        has = ~np.isnan(probabilities[:, 0])
        places, labels, probabilities = places[has], labels[has], probabilities[has]
        predicted |= set(places.tolist())
        odd = suspects_of(task, places, labels, probabilities, settings.filter_by.value)
        found += odd
        counts += _counts(task, rows, places, probabilities.argmax(1) == labels, odd)
    items = items_of(rows, found, settings.most)
    report = ErrorsReport(
        rows=len(rows),
        rejects=len(rejects),
        unpredicted=len(rows) - len(predicted),
        suspect_rows=len({one.place for one in found}),
        listed=len(items),
        tasks=counts,
    )
    write_lines(settings.output / "suspects.jsonl", items)
    write_json(settings.output / "label_errors.json", report)
    console.print(_table(report))
    for reject in rejects:
        console.print(reject.message, highlight=False, markup=False, soft_wrap=True)
    console.print(
        f"{report['listed']} of {report['suspect_rows']} rows that are likely wrong, of "
        f"{report['rows']}: {settings.output / 'suspects.jsonl'}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def _given(
    settings: FindErrorsSettings, rows: Sequence[Labelled], tasks: Sequence[Task]
) -> Predict:
    """Take predictions from files."""
    found = read_predictions(settings.predictions, rows, tasks)
    return lambda task, places, _: found[task.key][places]


def _own(settings: FindErrorsSettings, rows: Sequence[Labelled], console: Console) -> Predict:
    """Predict by cross-validation on embeddings of the backbone."""
    precision = prepare_runtime(settings.runtime)
    features = embed(
        [one.row.text for one in rows],
        settings.backbone,
        precision,
        settings.batch_size,
        settings.cache,
        console,
    )

    def predict(task: Task, places: Ids, labels: Ids) -> Probabilities:
        return out_of_fold(
            features[places],
            labels,
            [rows[place].article_id for place in places],
            len(task.classes),
            settings.folds,
            settings.regularisation,
            settings.seed,
        )

    return predict


def _labels(rows: Sequence[Labelled], task: Task) -> tuple[Ids, Ids]:
    """Give the places of the rows that have a label for a task, and these labels."""
    number = {name: place for place, name in enumerate(task.classes)}
    found = [
        (place, number[one.row.labels[task.key]])
        for place, one in enumerate(rows)
        if task.key in one.row.labels
    ]
    places, labels = np.array(found, np.int64).reshape(-1, 2).T
    return places, labels


def _counts(
    task: Task,
    rows: Sequence[Labelled],
    places: Ids,
    is_same: NDArray[np.bool_],
    odd: Sequence[Suspect],
) -> list[TaskErrors]:
    langs = np.array([rows[place].lang for place in places])
    of_odd = Counter(rows[one.place].lang for one in odd)
    found = [
        TaskErrors(
            task=task.key,
            lang=None,
            rows=len(places),
            agree=float(is_same.mean()),
            suspects=len(odd),
        )
    ]
    for lang in sorted(set(langs.tolist())):
        chosen = langs == lang
        found.append(
            TaskErrors(
                task=task.key,
                lang=lang,
                rows=int(chosen.sum()),
                agree=float(is_same[chosen].mean()),
                suspects=of_odd[lang],
            )
        )
    return found


def _table(report: ErrorsReport) -> Table:
    table = Table(title="Gold labels that are likely wrong", box=box.SIMPLE_HEAD)
    for name in ("task", "language", "rows", "model agrees", "likely wrong"):
        table.add_column(name, justify="left" if name in ("task", "language") else "right")
    for one in report["tasks"]:
        table.add_row(
            escape(one["task"]),
            escape(one["lang"] or "all"),
            str(one["rows"]),
            f"{one['agree']:.1%}",
            str(one["suspects"]),
        )
    return table
