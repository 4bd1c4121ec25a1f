"""The stage ``ingest_articles``: raw files in, tables of articles, rejects and removed spans out.

It holds no article in memory. The first pass reads every input into drafts and counts the lines
and sentences of each source; what recurs is boilerplate. The second pass cleans the drafts. Only
then are the groups of near-duplicates and the order of day and month in each file's dates known,
which a last pass over the articles fills in.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TypeVar

from rich.console import Console

from labels.ingest.dates import SlashOrder, agreed_order, parse_date
from labels.ingest.drafts import Origin
from labels.ingest.duplicates import Sketch, group_near_duplicates
from labels.ingest.parts import in_parts
from labels.ingest.passes import Done, begin_part, do_part, finish_part, see_part
from labels.ingest.piece_counts import PieceCounter
from labels.ingest.prepare import Source
from labels.ingest.read.readers import Item, read_inputs
from labels.ingest.recurrence import Seen, learn
from labels.ingest.settings import IngestSettings
from labels.ingest.tally import Tally
from labels.pipeline.files import write_json
from labels.pipeline.progress import meter
from labels.pipeline.schema import Reject, Unit, rejected
from labels.pipeline.tables import Row, TableWriter, iterate_table, table_writer
from labels.pipeline.workers import Workers

R = TypeVar("R")

ARTICLES, REJECTS, REMOVED = "articles", "rejects", "removed"
BOILERPLATE = "boilerplate.json"  # beside the tables; `predict_stance` reads it


def ingest_articles(settings: IngestSettings) -> None:
    """Read, clean and group every input, and write articles, rejects and counts.

    Writes the tables ``articles``, ``rejects`` and ``removed``, ``boilerplate.json`` and
    ``ingest.json`` into ``settings.output``; every input is an article or a reject with its reason.

    Raises:
        ConfigError: An input path does not exist.
        DataError: A table could not be written, or a process died.
    """
    console = Console(stderr=True)
    start = perf_counter()
    items = read_inputs(settings.input, settings.unit, settings.max_megabytes, settings.fields)
    tally = Tally()
    output = settings.output
    output.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        # Beside the output, where there is room for it; the name is hidden from `read_inputs`.
        folder = Path(stack.enter_context(TemporaryDirectory(dir=output, prefix=".draft.")))
        tables = {
            name: stack.enter_context(table_writer(output / f"{name}.parquet", name))
            for name in (ARTICLES, REJECTS, REMOVED)
        }
        run = _Run(settings, folder, tally, console)
        sketches = run.write_draft(items, tables)
        groups = group_near_duplicates(sketches, settings.near_duplicates)
        for row in run.finished(groups):
            tally.add_article(row)
            tables[ARTICLES].write(row)
    tally.boilerplate.write(output / BOILERPLATE)
    write_json(output / "ingest.json", tally.report())
    tally.show(perf_counter() - start, console)


@dataclass
class _Origins:
    """The file of each article, in order, and the order of day and month that its dates show."""

    files: list[str] = field(default_factory=list)
    shown: dict[str, set[SlashOrder]] = field(default_factory=lambda: defaultdict(set))

    def add(self, origin: Origin, *, is_kept: bool) -> None:
        """Note what a record's date shows, and where it comes from if it became an article."""
        if origin.order:
            self.shown[origin.file].add(origin.order)
        if is_kept:
            self.files.append(sys.intern(origin.file))

    def orders(self) -> Iterator[SlashOrder | None]:
        """Give the order that holds for each article's ambiguous date."""
        agreed = {file: agreed_order(shown) for file, shown in self.shown.items()}
        return (agreed.get(file) for file in self.files)


class _Run:
    """The passes over the input."""

    def __init__(
        self, settings: IngestSettings, folder: Path, tally: Tally, console: Console
    ) -> None:
        """Begin a run that keeps its drafts in ``folder``."""
        self._settings = settings
        self._folder = folder
        self._articles = folder / "articles.parquet"
        self._tally = tally
        self._console = console
        self._inputs = 0  # that the first pass has read
        self._counted: list[int] = []  # by part: drafts that pieces were counted in
        self._origins = _Origins()

    def write_draft(
        self, items: Iterable[Item], tables: dict[str, TableWriter]
    ) -> list[tuple[str, Sketch]]:
        """Clean every input into a draft of the articles, and write rejects and removed spans.

        Returns:
            The sketch of every article whose group is not known yet, by its id.
        """
        sketches = []
        seen: set[str] = set()
        with table_writer(self._articles, ARTICLES) as draft:
            for done in self._cleaned(items):
                self._tally.add_notes(done.notes)
                result = _refuse_again(done.result, done.where, seen)
                if isinstance(result, Reject):
                    self._tally.add_reject(result)
                    tables[REJECTS].write(asdict(result))
                else:
                    seen.add(result["article_id"])
                    self._tally.add_cleaned(result["lang"], done.removed, done.is_repaired)
                    draft.write(result)
                    for row in done.removed:
                        tables[REMOVED].write(row)
                    if done.sketch is not None:
                        sketches.append((result["article_id"], done.sketch))
                if done.origin is not None:
                    self._origins.add(done.origin, is_kept=not isinstance(result, Reject))
        return sketches

    def finished(self, groups: dict[str, str]) -> Iterator[Row]:
        """Read the draft again, and fill in what only the whole input shows."""
        rows = iterate_table(self._articles, ARTICLES)
        for row, order in zip(rows, self._origins.orders(), strict=True):
            published = parse_date(row["published"], order)
            group = row["group_id"] or groups[row["article_id"]]
            yield row | {"published": published, "group_id": group}

    def _cleaned(self, items: Iterable[Item]) -> Iterator[Done]:
        """Do every input, in order; where boilerplate is learned, in two passes."""
        settings = self._settings
        source = Source(outlet=settings.source)
        with Workers(settings.processes) as workers:
            if settings.unit is Unit.sentence or not settings.boilerplate.learn:
                done = workers.map(partial(do_part, settings, source), in_parts(items))
                yield from self._shown(done, "cleaning")
                return
            counter = PieceCounter()
            parts = ((self._draft(number), part) for number, part in enumerate(in_parts(items)))
            begun = workers.map(partial(begin_part, settings), parts)
            with meter(self._console, "reading", "inputs") as shown:
                for n_inputs, pieces in begun:
                    shown.advance(n_inputs)
                    self._inputs += n_inputs
                    self._counted.append(len(pieces))
                    for name, hashes in pieces:
                        counter.add(name, hashes)
            again = partial(self._again, workers)
            self._tally.boilerplate = learn(
                counter, again, settings.boilerplate, settings.near_duplicates
            )
            source = Source(outlet=settings.source, boilerplate=self._tally.boilerplate)
            done = workers.map(partial(finish_part, settings, source), self._drafts())
            yield from self._shown(done, "cleaning")

    def _shown(self, parts: Iterable[list[Done]], what: str) -> Iterator[Done]:
        with meter(self._console, what, "inputs", self._inputs or None) as shown:
            for part in parts:
                yield from part
                shown.advance(len(part))

    def _draft(self, number: int) -> Path:
        return self._folder / f"part-{number}.json"

    def _drafts(self) -> Iterator[Path]:
        return map(self._draft, range(len(self._counted)))

    def _again(
        self, workers: Workers, function: Callable[[int, Seen], R], only: frozenset[int]
    ) -> Iterator[R]:
        """Apply a function to drafts again that pieces were counted in."""
        return chain.from_iterable(workers.map(partial(see_part, function), self._numbered(only)))

    def _numbered(self, only: frozenset[int]) -> Iterator[tuple[int, Path, frozenset[int]]]:
        first = 0
        for path, counted in zip(self._drafts(), self._counted, strict=True):
            if own := only.intersection(range(first, first + counted)):
                yield first, path, own
            first += counted


def _refuse_again(result: Row | Reject, where: str, seen: set[str]) -> Row | Reject:
    if isinstance(result, Reject) or result["article_id"] not in seen:
        return result
    found = f"expected a new id, found {result['article_id']!r} again"
    return rejected(where, "duplicate_id", found)
