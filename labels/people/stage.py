"""The contract of ``read_annotations``: what people answered in, agreement and gold out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from labels.people.agreement import TaskAgreement, measure_agreement
from labels.people.answers import Checked, check_answers
from labels.people.formats import read_returned
from labels.people.items import Item, Question, questions_of, read_items, write_lines
from labels.people.settings import ReadAnnotationsSettings
from labels.people.settle import disagreements, gold_rows
from labels.pipeline.errors import DataError
from labels.pipeline.files import write_json
from labels.pipeline.schema import tasks_for

_SHOWN = 3  # rejects of a kind that are shown


class AnnotatorCount(TypedDict):
    """What one annotator has done."""

    annotator: str
    rows: int  # that came back from them
    answered: int  # sentences of these with an answer


class AnnotationReport(TypedDict):
    """The content of ``agreement.json``."""

    asked: int  # sentences of the tasks file
    answered: int  # with one answer at least
    answers: int  # pairs of a sentence and an annotator
    annotators: list[AnnotatorCount]
    rejects: dict[str, int]  # by reason
    disagreements: int  # sentences to settle
    adjudicated: int  # answers of who settles
    gold: int  # rows written
    agreement: list[TaskAgreement]


def read_annotations(settings: ReadAnnotationsSettings) -> None:
    """Read what annotators answered, and say how far they agree.

    Writes ``answers.jsonl``, ``agreement.json``, ``adjudicate.jsonl`` (sentences on which they
    disagree), ``gold.jsonl`` and ``rejects.jsonl`` (rows that could not be used, whole).

    Raises:
        DataError: A file cannot be read, or holds no answer to what was asked.
    """
    tasks = tasks_for(settings.targets)
    questions = questions_of(tasks)
    items = read_items(settings.tasks, tasks)
    checked = _read(settings.input, items, questions, settings.names)
    settled = _read(settings.adjudicated, items, questions, settings.names)
    refused = [*checked.refused, *settled.refused]
    rejects = [vars(one.reject) | {"row": dict(one.row)} for one in refused]
    write_lines(settings.output / "rejects.jsonl", rejects)
    if not checked.answers:
        raise DataError(_no_answers(settings, checked))
    to_settle = list(disagreements(items, checked, settled.answers, tasks))
    gold = list(gold_rows(items, checked, settled.answers, tasks, settings.least_annotators))
    answered = Counter(answer["annotator"] for answer in checked.answers)
    report = AnnotationReport(
        asked=len(items),
        answered=len({answer["id"] for answer in checked.answers}),
        answers=len(checked.answers),
        annotators=[
            AnnotatorCount(annotator=name, rows=rows, answered=answered[name])
            for name, rows in sorted(checked.asked.items())
        ],
        rejects=dict(sorted(Counter(one.reject.reason for one in refused).items())),
        disagreements=len(to_settle),
        adjudicated=len(settled.answers),
        gold=len(gold),
        agreement=list(
            measure_agreement(
                items, checked.answers, tasks, settings.bootstrap_draws, settings.seed
            )
        ),
    )
    write_lines(settings.output / "answers.jsonl", checked.answers)
    write_lines(settings.output / "adjudicate.jsonl", to_settle)
    write_lines(settings.output / "gold.jsonl", gold)
    write_json(settings.output / "agreement.json", report)
    _show(report, checked, settings.output)


def _read(
    paths: Sequence[Path],
    items: Sequence[Item],
    questions: Sequence[Question],
    names: Mapping[Any, Any] | None,
) -> Checked:
    known = {str(key): str(name) for key, name in (names or {}).items()}
    rows = (row for path in paths for row in read_returned(path, questions, known))
    return check_answers(rows, items, questions)


def _no_answers(settings: ReadAnnotationsSettings, checked: Checked) -> str:
    where = ", ".join(map(str, settings.input))
    counts = Counter(one.reject.reason for one in checked.refused)
    message = f"{where}: expected answers to the sentences of {settings.tasks}, found none"
    if checked.asked:
        message += f"; {sum(checked.asked.values())} rows without an answer"
    for reason, n in counts.most_common():
        first = next(one.reject for one in checked.refused if one.reject.reason == reason)
        message += f"\n{n} {reason}: {first.message}"
    return message


def _show(report: AnnotationReport, checked: Checked, output: Path) -> None:
    console = Console(stderr=True)
    console.print(agreement_table(report["agreement"]))
    for one in report["annotators"]:
        line = f"{one['annotator']}: {one['answered']} of {one['rows']} rows answered"
        idle = "; nothing of them is used" if not one["answered"] else ""
        console.print(line + idle, highlight=False, markup=False)
    for reason, n in report["rejects"].items():
        of_kind = [one.reject for one in checked.refused if one.reject.reason == reason]
        console.print(f"{n} {reason}", highlight=False, markup=False)
        for reject in of_kind[:_SHOWN]:
            console.print(f"  {reject.message}", highlight=False, markup=False, soft_wrap=True)
    console.print(
        f"{report['answers']} answers on {report['answered']} of {report['asked']} sentences; "
        f"{report['gold']} gold rows: {output / 'gold.jsonl'}; "
        f"{report['disagreements']} sentences to settle: {output / 'adjudicate.jsonl'}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def agreement_table(agreement: Sequence[TaskAgreement]) -> Table:
    """Lay agreement out for the terminal."""
    table = Table(
        title="How far annotators agree",
        caption="alpha: Krippendorff's, nominal; kappa: Cohen's, of each pair; [95% interval]",
        box=box.SIMPLE_HEAD,
    )
    for name in ("task", "language", "n", "equal", "alpha", "kappa"):
        table.add_column(
            name, justify="left" if name in ("task", "language") else "right", no_wrap=True
        )
    for one in agreement:
        kappas = [
            f"{escape(pair['first'])}, {escape(pair['second'])} "
            f"{_told(pair['kappa'], pair['low'], pair['high'])}"
            for pair in one["pairs"]
        ]
        table.add_row(
            escape(one["task"]),
            escape(one["lang"] or "all"),
            str(one["sentences"]),
            f"{one['equal']:.0%}",
            _told(one["alpha"], one["low"], one["high"]),
            "\n".join(kappas),
        )
    return table


def _told(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return "-"
    interval = f" \\[{low:.2f}, {high:.2f}]" if low is not None and high is not None else ""
    return f"{value:.2f}{interval}"
