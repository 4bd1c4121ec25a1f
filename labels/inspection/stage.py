"""The stage ``inspect_functions``: votes and gold in, what to think of each labeller out."""

import json
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from labels.inspection.figures import doubted, measure
from labels.inspection.fired import draw_fired, with_texts
from labels.inspection.page import HEADINGS, cells, page
from labels.inspection.records import FiredOn, Inspection
from labels.inspection.settings import InspectSettings
from labels.label_model.diagnose import ALL
from labels.label_model.read import GROUPS
from labels.label_model.voted import read_voted
from labels.languages import LANGUAGES
from labels.pipeline.files import atomic_path, write_json

_SHOWN_CHARACTERS = 300  # of a sentence, on the console


def inspect_functions(settings: InspectSettings) -> None:
    """Measure every labeller by task and language, and show sentences that it voted on.

    Writes into ``settings.output``: ``functions.json``, the figures; ``functions.md``, the same as
    tables without a word of a sentence; ``fired_on.jsonl``, the sentences.

    Raises:
        DataError: A table or file cannot be read, tables do not belong together, or a gold file
            has no row that can be used.
    """
    voted = read_voted(settings)
    report = Inspection(sentences=len(voted.sentences), figures=[], doubted=[])
    drawn: list[FiredOn] = []
    for items in voted.items():
        report["figures"] += measure(items, GROUPS)
        drawn += draw_fired(items, list(voted.sentences.places), GROUPS, settings.examples)
    least, judged = settings.least_accuracy, settings.least_judged
    report["doubted"] += doubted(report["figures"], least, judged)
    fired = with_texts(drawn, settings.sentences)
    write_json(settings.output / "functions.json", report)
    with atomic_path(settings.output / "functions.md") as temporary:
        temporary.write_text(page(report, LANGUAGES), encoding="utf-8")
    with atomic_path(settings.output / "fired_on.jsonl") as temporary:
        lines = [json.dumps(found, ensure_ascii=False) + "\n" for found in fired]
        temporary.write_text("".join(lines), encoding="utf-8")
    _show(report, fired, settings)


def _show(report: Inspection, fired: Sequence[FiredOn], settings: InspectSettings) -> None:
    console = Console(stderr=True)
    for scheme, rows in groupby(report["figures"], key=itemgetter("scheme")):
        table = Table(title=f"{scheme}: {report['sentences']} sentences, all tasks and languages")
        for heading in ("labeller", *HEADINGS):
            table.add_column(heading)
        for row in rows:
            if row["task"] == ALL and row["lang"] == ALL:
                table.add_row(escape(row["labeller"]), *map(escape, cells(row)))
        console.print(table)
    for place, found in enumerate(fired):
        key = found["scheme"], found["labeller"]
        if place == 0 or key != (fired[place - 1]["scheme"], fired[place - 1]["labeller"]):
            console.rule(escape(f"{found['labeller']} ({found['scheme']})"))
        gold = "no gold" if found["gold"] is None else f"gold {found['gold']}"
        about = f"{found['lang']} {found['task']}: {found['label']}, {gold}"
        text = plain(found["text"][:_SHOWN_CHARACTERS])
        console.print(f"{about}: {text}", highlight=False, markup=False, soft_wrap=True)
    for one in report["doubted"]:
        console.print(
            f"right less often than {settings.least_accuracy:.0%}: {one['labeller']} "
            f"({one['scheme']}), {one['accuracy']:.2f} of {one['n_gold']}",
            highlight=False,
            markup=False,
        )
    console.print(f"written: {settings.output}", highlight=False, markup=False, soft_wrap=True)


def plain(text: str) -> str:
    """Write what a console would not print as its code, so that no text moves the cursor."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )
