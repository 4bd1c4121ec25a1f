"""The figures as a page, without a word of any sentence."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from labels.inspection.records import FunctionFigures, Inspection
from labels.label_model.diagnose import ALL
from labels.pipeline.markdown import markdown_table

HEADINGS = ("coverage", "overlap", "conflict", "most alike (correlation)", "right (n)")


def page(inspection: Inspection, langs: Sequence[str]) -> str:
    """Write the tables of all schemes, in Markdown.

    Args:
        inspection: What was found.
        langs: The languages that have a column.
    """
    sections = [
        "Of the sentences that a function was asked about, *coverage* is the share that it votes "
        "on.\nOf its votes, *overlap* have another beside them, *conflict* a different one; "
        "*right* is the share that is as gold says,\nwith a 95% interval (Wilson) and the number "
        "of votes with gold.",
    ]
    for scheme, rows in groupby(inspection["figures"], key=itemgetter("scheme")):
        title = f"## {scheme.capitalize()} ({inspection['sentences']} sentences)"
        head = (scheme, "task", *HEADINGS, *langs)
        sections += [title, markdown_table(head, _rows(rows, langs))]
    return "\n\n".join(sections) + "\n"


def _rows(figures: Iterable[FunctionFigures], langs: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for (name, task), rows in groupby(figures, key=itemgetter("labeller", "task")):
        by_language = {row["lang"]: row for row in rows}
        if task != ALL:
            rights = (_right(by_language.get(lang)) for lang in langs)
            yield name, task, *cells(by_language[ALL]), *rights


def cells(found: FunctionFigures) -> tuple[str, ...]:
    """Write figures under `HEADINGS`."""
    alike = "-"
    if found["most_alike"] is not None:
        alike = f"{found['most_alike']} ({share(found['correlation'])})"
    right = f"{share(found['accuracy'])} (n {found['n_gold']})"
    if found["low"] is not None:
        right = (
            f"{share(found['accuracy'])} [{share(found['low'])}, {share(found['high'])}] "
            f"(n {found['n_gold']})"
        )
    return (
        share(found["coverage"]),
        share(found["overlap"]),
        share(found["conflict"]),
        alike,
        right,
    )


def share(value: float | None) -> str:
    """Write a fraction."""
    return "-" if value is None else f"{value:.2f}"


def _right(found: FunctionFigures | None) -> str:
    if found is None or not found["n_gold"]:
        return "-"
    return f"{share(found['accuracy'])} ({found['n_gold']})"
