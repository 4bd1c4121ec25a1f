"""The stage ``ingest_articles``: raw files in, tables of articles and rejects out.

It holds no article in memory. The first pass cleans every input into a draft of the table; only
when all of them have been seen are the groups of near-duplicates and the order of day and month in
each file's dates known, which a second pass over the draft fills in.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from rich.console import Console
from rich.progress import track
from rich.table import Table

from labels.ingest.dates import SlashOrder, agreed_order, parse_date, shown_order
from labels.ingest.duplicates import group_near_duplicates
from labels.ingest.prepare import Ingested, ingest
from labels.ingest.read.readers import Item, PageFile, read_inputs, read_page
from labels.ingest.read.record import RawRecord
from labels.ingest.settings import IngestSettings
from labels.pipeline.files import write_json
from labels.pipeline.schema import Article, Reject, Unit, rejected
from labels.pipeline.tables import Row, TableWriter, iterate_table, table_writer

_GROUPING_CHARACTERS = 20_000  # of an article, enough to know a copy of it


def ingest_articles(settings: IngestSettings) -> None:
    """Read, clean and group every input, and write articles, rejects and counts.

    Writes ``articles.parquet``, ``rejects.parquet`` and ``ingest.json`` into ``settings.output``;
    every input is an article or a reject with its reason.

    Raises:
        ConfigError: An input path does not exist.
        DataError: A table could not be written.
    """
    console = Console(stderr=True)
    start = perf_counter()
    items = track(
        read_inputs(settings.input, settings.unit, settings.max_megabytes),
        "ingest",
        console=console,
        transient=True,
    )
    tally = _Tally()
    settings.output.mkdir(parents=True, exist_ok=True)
    with (
        # Beside the output, where there is room for it; the name is hidden from `read_inputs`.
        TemporaryDirectory(dir=settings.output, prefix=".draft.") as folder,
        table_writer(settings.output / "rejects.parquet", "rejects") as rejects,
    ):
        draft_path = Path(folder) / "articles.parquet"
        with table_writer(draft_path, "articles") as draft:
            origins = _write_draft(items, settings.unit, draft, rejects, tally)
        groups = group_near_duplicates(_texts(draft_path), settings.near_duplicates)
        with table_writer(settings.output / "articles.parquet", "articles") as articles:
            for row in _finished(draft_path, origins, groups):
                tally.add_article(row)
                articles.write(row)
    write_json(settings.output / "ingest.json", tally.report())
    _show(tally, perf_counter() - start, console)


@dataclass
class _Origins:
    """The file of each article, in order, and the order of day and month that its dates show."""

    files: list[str] = field(default_factory=list)
    shown: dict[str, set[SlashOrder]] = field(default_factory=lambda: defaultdict(set))

    def add(self, record: RawRecord, *, is_kept: bool) -> None:
        """Note what the record's date shows, and where it comes from if it became an article."""
        file = record.where.rpartition("#")[0] or record.where.rpartition(":")[0] or record.where
        if order := shown_order(record.published):
            self.shown[file].add(order)
        if is_kept:
            self.files.append(sys.intern(file))

    def orders(self) -> Iterator[SlashOrder | None]:
        """Give the order that holds for each article's ambiguous date."""
        agreed = {file: agreed_order(shown) for file, shown in self.shown.items()}
        return (agreed.get(file) for file in self.files)


@dataclass
class _Tally:
    """What is counted on the way."""

    inputs: int = 0
    repaired: int = 0
    without_text: int = 0
    without_date: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    group_sizes: Counter[str] = field(default_factory=Counter)
    removed: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add_input(self, result: Ingested | Reject) -> None:
        """Count what became of an input."""
        self.inputs += 1
        if isinstance(result, Reject):
            self.reasons[result.reason] += 1
        else:
            self.repaired += result.repaired
            self.removed[result.article.lang].update(result.removed)

    def add_article(self, row: Row) -> None:
        """Count an article as it is stored."""
        self.languages[row["lang"]] += 1
        self.group_sizes[row["group_id"]] += 1
        self.without_text += not row["text"]
        self.without_date += row["published"] is None

    @property
    def in_shared_groups(self) -> int:
        """Count the articles that nearly repeat another one."""
        return sum(size for size in self.group_sizes.values() if size > 1)

    def report(self) -> dict[str, object]:
        """Return the counts as ``ingest.json`` has them."""
        sizes = self.group_sizes.values()
        return {
            "inputs": self.inputs,
            "articles": self.languages.total(),
            "articles_by_language": dict(self.languages),
            "articles_without_text": self.without_text,
            "articles_without_date": self.without_date,
            "repaired_mojibake": self.repaired,
            "rejects": self.reasons.total(),
            "rejects_by_reason": dict(self.reasons),
            "removed_by_language_and_kind": {
                lang: dict(kinds) for lang, kinds in self.removed.items()
            },
            "groups": len(sizes),
            "articles_in_shared_groups": self.in_shared_groups,
            "largest_group": max(sizes, default=0),
        }


def _write_draft(
    items: Iterable[Item],
    unit: Unit,
    draft: TableWriter,
    rejects: TableWriter,
    tally: _Tally,
) -> _Origins:
    """Clean every input; ``published`` is still as written, ``group_id`` empty if not known yet."""
    origins = _Origins()
    seen: set[str] = set()
    for found in items:
        item = read_page(found) if isinstance(found, PageFile) else found
        result = item if isinstance(item, Reject) else _ingest_new(item, unit, seen)
        tally.add_input(result)
        if isinstance(result, Reject):
            rejects.write(asdict(result))
        if isinstance(item, RawRecord):
            origins.add(item, is_kept=isinstance(result, Ingested))
            if isinstance(result, Ingested):
                seen.add(item.article_id)
                draft.write(_draft_row(item, result.article, unit))
    return origins


def _draft_row(record: RawRecord, article: Article, unit: Unit) -> Row:
    is_part = unit is Unit.sentence and record.parent_id is not None
    group = f"article:{record.parent_id}" if is_part else ""
    return asdict(article) | {"published": record.published, "group_id": group}


def _ingest_new(record: RawRecord, unit: Unit, seen: set[str]) -> Ingested | Reject:
    result = ingest(record, unit)
    if isinstance(result, Ingested) and record.article_id in seen:
        found = f"expected a new id, found {record.article_id!r} again"
        return rejected(record.where, "duplicate_id", found)
    return result


def _texts(draft: Path) -> Iterator[tuple[str, str]]:
    """Give the ids and texts of the articles whose group is not known yet."""
    for row in iterate_table(draft, "articles"):
        if not row["group_id"]:
            yield row["article_id"], f"{row['title'] or ''}\n{row['text'][:_GROUPING_CHARACTERS]}"


def _finished(draft: Path, origins: _Origins, groups: dict[str, str]) -> Iterator[Row]:
    rows = iterate_table(draft, "articles")
    for row, order in zip(rows, origins.orders(), strict=True):
        published = parse_date(row["published"], order)
        group = row["group_id"] or groups[row["article_id"]]
        yield row | {"published": published, "group_id": group}


def _show(tally: _Tally, seconds: float, console: Console) -> None:
    rate = tally.inputs / seconds if seconds else 0.0
    table = Table(title=f"ingest_articles: {tally.inputs} inputs, {rate:.0f}/s")
    table.add_column("what")
    table.add_column("n", justify="right")
    for lang, count in sorted(tally.languages.items()):
        table.add_row(f"articles, {lang}", str(count))
    for reason, count in sorted(tally.reasons.items()):
        table.add_row(f"rejects, {reason}", str(count))
    for lang, kinds in sorted(tally.removed.items()):
        if kinds:
            listed = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
            table.add_row(f"removed, {lang}: {listed}", str(sum(kinds.values())))
    table.add_row("near-duplicate groups", str(len(tally.group_sizes)))
    table.add_row("articles in a group with others", str(tally.in_shared_groups))
    console.print(table)
