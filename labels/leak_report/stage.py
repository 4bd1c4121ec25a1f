"""From a table of splits to a report of what they share, and a failure where that is a leak."""

from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from labels.leak_report.find import find_leaks
from labels.leak_report.records import Leaks
from labels.leak_report.settings import LeakSettings
from labels.pipeline.errors import DataError
from labels.pipeline.files import write_json
from labels.pipeline.tables import read_table


def check_splits(settings: LeakSettings) -> None:
    """Write the leak report of a table ``splits``, and show it.

    Raises:
        DataError: Something leaks; the report is written all the same, and names what.
    """
    rows = read_table(settings.splits, "splits")
    report = find_leaks(
        rows,
        settings.near_duplicates,
        settings.ngram_words,
        settings.max_shared,
        settings.shown,
    )
    write_json(settings.output, report)
    console = Console(stderr=True)
    console.print(_shared_table(report))
    console.print(_facts_table(report))
    console.print(f"report: {settings.output}", highlight=False, markup=False)
    if report["leaks"]:
        first = report["found"][0] if report["found"] else None
        example = (
            f", such as {first['kind']}: {first['first']} and {first['second']}" if first else ""
        )
        raise DataError(
            f"{settings.splits}: expected nothing in two splits, found {report['leaks']} "
            f"leaks{example}; split again with split_examples"
        )


def _shared_table(report: Leaks) -> Table:
    pairs = report["pairs"]
    lines: dict[str, list[int]] = {
        "articles": [pair["articles"] for pair in pairs],
        "near-duplicate groups": [pair["groups"] for pair in pairs],
        "near copies, found anew": [pair["near_copies"] for pair in pairs],
        "sentences in the same words": [pair["equal_sentences"] for pair in pairs],
        "sentences that overlap": [pair["overlaps"] for pair in pairs],
        "outlets (no leak)": [pair["outlets"] for pair in pairs],
    }
    heads = [f"{pair['first']}, {pair['second']}" for pair in pairs]
    return _table("What two splits share", heads, {k: map(str, v) for k, v in lines.items()})


def _facts_table(report: Leaks) -> Table:
    facts = list(report["splits"].values())
    lines: dict[str, Iterable[str]] = {
        "sentences": [str(one["sentences"]) for one in facts],
        "articles": [str(one["articles"]) for one in facts],
        "with a date": [str(one["dated"]) for one in facts],
        "first day": [one["first_day"] or "none" for one in facts],
        "last day": [one["last_day"] or "none" for one in facts],
        "sentences later than train": [str(one["later"]) for one in facts],
        "outlets": [str(one["outlets"]) for one in facts],
        "outlets not in train": [str(one["new_outlets"]) for one in facts],
        "languages not in train": [", ".join(one["new_languages"]) or "none" for one in facts],
        "targets not in train": [", ".join(one["new_targets"]) or "none" for one in facts],
    }
    return _table("What is new in what is scored", list(report["splits"]), lines)


def _table(title: str, heads: Sequence[str], lines: Mapping[str, Iterable[str]]) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD)
    table.add_column("")
    for head in heads:
        table.add_column(head, justify="right")
    for name, cells in lines.items():
        table.add_row(name, *map(escape, cells))
    return table
