"""The stage ``ingest_articles``: raw files in, tables of articles and rejects out."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from labels.config import IngestConfig, NearDuplicateConfig
from labels.files import write_json
from labels.ingest.dates import SlashOrder, slash_order
from labels.ingest.duplicates import group_near_duplicates
from labels.ingest.prepare import Ingested, ingest
from labels.ingest.readers import read_inputs
from labels.ingest.record import RawRecord
from labels.schema import Reject, Unit
from labels.tables import write_table

_GROUPING_CHARACTERS = 20_000  # of an article, enough to know a copy of it


def ingest_articles(config: IngestConfig) -> None:
    """Read, clean and group every input, and write articles, rejects and counts.

    Writes ``articles.parquet``, ``rejects.parquet`` and ``ingest.json`` into ``config.output``;
    every input is an article or a reject with its reason.

    Raises:
        ConfigError: An input path does not exist.
        DataError: A table could not be written.
    """
    console = Console(stderr=True)
    start = perf_counter()
    items = list(read_inputs(config.input, config.unit, config.max_megabytes))
    orders = _slash_orders(items)
    ingested: dict[str, Ingested] = {}
    parents: dict[str, str] = {}
    rejects: list[Reject] = []
    for item in track(items, "ingest", console=console, transient=True):
        if isinstance(item, Reject):
            rejects.append(item)
            continue
        result = ingest(item, config.unit, orders.get(_file_of(item)))
        if isinstance(result, Reject):
            rejects.append(result)
        elif item.article_id in ingested:
            message = f"{item.where}: expected a new id, found {item.article_id!r} again"
            rejects.append(Reject(source=item.where, reason="duplicate_id", message=message))
        else:
            ingested[item.article_id] = result
            if config.unit is Unit.sentence and item.parent_id is not None:
                parents[item.article_id] = f"article:{item.parent_id}"
    assert len(items) == len(ingested) + len(rejects)
    _set_groups(ingested, parents, config.near_duplicates)
    report = _report(len(items), ingested, rejects)
    output = Path(config.output)
    write_table(
        output / "articles.parquet", "articles", [asdict(one.article) for one in ingested.values()]
    )
    write_table(output / "rejects.parquet", "rejects", [asdict(reject) for reject in rejects])
    write_json(output / "ingest.json", report)
    _show(report, perf_counter() - start, console)


def _slash_orders(items: Iterable[RawRecord | Reject]) -> dict[str, SlashOrder | None]:
    dates: dict[str, list[str | None]] = defaultdict(list)
    for item in items:
        if isinstance(item, RawRecord):
            dates[_file_of(item)].append(item.published)
    return {file: slash_order(raws) for file, raws in dates.items()}


def _file_of(record: RawRecord) -> str:
    return record.where.rpartition("#")[0] or record.where.rpartition(":")[0] or record.where


def _set_groups(
    ingested: dict[str, Ingested], parents: dict[str, str], config: NearDuplicateConfig
) -> None:
    texts = {
        name: f"{one.article.title or ''}\n{one.article.text[:_GROUPING_CHARACTERS]}"
        for name, one in ingested.items()
        if name not in parents
    }
    groups = group_near_duplicates(texts, config) | parents
    for name, one in ingested.items():
        one.article.group_id = groups[name]


def _report(n_inputs: int, ingested: dict[str, Ingested], rejects: list[Reject]) -> dict[str, Any]:
    articles = [one.article for one in ingested.values()]
    sizes = Counter(article.group_id for article in articles)
    removed: dict[str, Counter[str]] = defaultdict(Counter)
    for one in ingested.values():
        removed[one.article.lang].update(one.removed)
    return {
        "inputs": n_inputs,
        "articles": len(articles),
        "articles_by_language": dict(Counter(article.lang for article in articles)),
        "articles_without_text": sum(not article.text for article in articles),
        "articles_without_date": sum(article.published is None for article in articles),
        "repaired_mojibake": sum(one.repaired for one in ingested.values()),
        "rejects": len(rejects),
        "rejects_by_reason": dict(Counter(reject.reason for reject in rejects)),
        "removed_by_language_and_kind": {lang: dict(kinds) for lang, kinds in removed.items()},
        "groups": len(sizes),
        "articles_in_shared_groups": sum(size for size in sizes.values() if size > 1),
        "largest_group": max(sizes.values(), default=0),
    }


def _show(report: dict[str, Any], seconds: float, console: Console) -> None:
    rate = report["inputs"] / seconds if seconds else 0.0
    table = Table(title=f"ingest_articles: {report['inputs']} inputs, {rate:.0f}/s")
    table.add_column("what")
    table.add_column("n", justify="right")
    for lang, count in sorted(report["articles_by_language"].items()):
        table.add_row(f"articles, {lang}", str(count))
    for reason, count in sorted(report["rejects_by_reason"].items()):
        table.add_row(f"rejects, {reason}", str(count))
    for lang, kinds in sorted(report["removed_by_language_and_kind"].items()):
        if kinds:
            listed = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
            table.add_row(f"removed, {lang}: {listed}", str(sum(kinds.values())))
    table.add_row("near-duplicate groups", str(report["groups"]))
    table.add_row("articles in a group with others", str(report["articles_in_shared_groups"]))
    console.print(table)
