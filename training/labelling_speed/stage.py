"""How fast labelling functions and label model are, and how much memory they take."""

import os
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import NamedTuple, TypedDict

import pyarrow as pa
from rich.console import Console
from rich.table import Table

from labels.functions.settings import VoteSettings
from labels.functions.stage import vote_sentences
from labels.label_model.settings import LabelSettings
from labels.label_model.stage import label_sentences
from labels.pipeline.errors import DataError
from labels.pipeline.files import atomic_path, write_json
from labels.pipeline.markdown import markdown_table
from labels.pipeline.tables import TABLES, count_rows, iterate_columns, table_writer
from labels.pipeline.workers import n_cores
from training.experiments.runs import compose_settings
from training.inference.speed.remote import Remote
from training.labelling_speed.settings import LabellingSpeedSettings
from training.speed.machine import processor

HEADER = (
    "sentences",
    "sentences/s",
    "voting/s",
    "label model/s",
    "processor ms per sentence",
    "MiB voting",
    "MiB label model",
)
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes, of what the system tells


class Cost(NamedTuple):
    """What a stage took."""

    seconds: float
    processor_seconds: float  # of all its processes
    peak_mib: float  # of all its processes; what they share counts for each


class LabellingRate(TypedDict):
    """How fast so many sentences are labelled."""

    sentences: int
    sentences_per_second: float  # voting and label model, one after the other
    voting_per_second: float
    label_model_per_second: float
    processor_ms: float  # for each sentence, of all processes
    voting_mib: float  # at most
    label_model_mib: float


class Labeller:
    """Both stages, in a process of their own."""

    def __init__(self, sentences: Path, work: Path, processes: int) -> None:
        """Take the table of sentences, a folder for what is written, and the processes."""
        self._sentences, self._work, self._processes = sentences, work, processes

    def vote(self) -> Cost:
        """Ask the labelling functions."""
        settings = compose_settings(
            "vote_sentences",
            [
                f"sentences={self._sentences}",
                "articles=null",  # their sentences are repeated
                f"output={self._work / 'votes'}",
                f"processes={self._processes}",
            ],
        )
        assert isinstance(settings, VoteSettings)  # as scripts/vote_sentences.py declares
        return _cost(partial(vote_sentences, settings), self._processes or n_cores())

    def label(self) -> Cost:
        """Fit the label model to their votes, without gold."""
        votes = self._work / "votes"
        settings = compose_settings(
            "label_sentences",
            [
                f"sentences={self._sentences}",
                f"targets={votes / 'targets.json'}",
                f"mentions={votes / 'mentions.parquet'}",
                f"votes=[{votes / 'votes.parquet'}]",
                f"output={self._work / 'labels'}",
                "gold=[]",
            ],
        )
        assert isinstance(settings, LabelSettings)  # as scripts/label_sentences.py declares
        return _cost(partial(label_sentences, settings), 0)


def _cost(stage: Callable[[], None], n_children: int) -> Cost:
    """Run a stage that starts so many processes."""
    start, used_before = perf_counter(), _processor_seconds()
    stage()
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return Cost(
        seconds=perf_counter() - start,
        processor_seconds=_processor_seconds() - used_before,
        peak_mib=(own.ru_maxrss + n_children * children.ru_maxrss) * _RSS_UNIT / 2**20,
    )


def _processor_seconds() -> float:
    """Tell the processor time of this process and of those that it started and that ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def benchmark_labelling(settings: LabellingSpeedSettings) -> None:
    """Vote on numbers of sentences and label them, and write and show rates and memory.

    Raises:
        DataError: The sentences cannot be read, there are none, or a process died.
    """
    load = os.getloadavg()[0]
    rates = []
    for n_sentences in settings.counts:
        work = settings.work / str(n_sentences)
        sentences = work / "sentences.parquet"
        copy_sentences(settings.sentences, sentences, n_sentences)
        make = partial(Labeller, sentences, work, settings.processes)
        with Remote(make) as remote:
            voting = remote.ask(Labeller.vote)
        with Remote(make) as remote:
            labelling = remote.ask(Labeller.label)
        rates.append(_rate(count_rows(sentences, "sentences"), voting, labelling))
    settings.work.mkdir(parents=True, exist_ok=True)
    write_json(settings.work / "labelling_speed.json", rates)
    table = Table(title=f"Labelling, on {processor()}")
    for name in HEADER:
        table.add_column(name, justify="right")
    for rate in rates:
        table.add_row(*_cells(rate))
    Console().print(table)
    with atomic_path(settings.page) as temporary:
        temporary.write_text(_page(settings, rates, load), encoding="utf-8")
    Console().print(f"page {settings.page}", highlight=False, markup=False)


def copy_sentences(source: Path, output: Path, n_sentences: int) -> None:
    """Copy the first sentences of a table.

    Args:
        source: Table ``sentences``; where it holds too few, it comes again with ids of its own.
        output: The same, with so many rows.
        n_sentences: How many.

    Raises:
        DataError: The table cannot be read, or holds no sentence.
    """
    if not count_rows(source, "sentences"):
        raise DataError(f"{source}: expected at least one sentence, found none")
    left = n_sentences
    with table_writer(output, "sentences") as writer:
        for table in _rounds(source):
            taken = table[:left]
            writer.extend(dict(zip(taken.column_names, taken.columns, strict=True)))
            left -= taken.num_rows
            if not left:
                return


def _rounds(source: Path) -> Iterator[pa.Table]:
    """Give the rows of a table again and again, each time under other ids."""
    for number in count():
        for table in iterate_columns(source, "sentences", list(TABLES["sentences"])):
            for name in ("sentence_id", "article_id"):
                ids = [f"{number}/{found}" for found in table[name].to_pylist()]
                place = table.column_names.index(name)
                table = table.set_column(place, table.schema.field(place), [ids])
            yield table


def _rate(n_sentences: int, voting: Cost, labelling: Cost) -> LabellingRate:
    seconds = voting.seconds + labelling.seconds
    processor_seconds = voting.processor_seconds + labelling.processor_seconds
    return LabellingRate(
        sentences=n_sentences,
        sentences_per_second=round(n_sentences / seconds, 1),
        voting_per_second=round(n_sentences / voting.seconds, 1),
        label_model_per_second=round(n_sentences / labelling.seconds, 1),
        processor_ms=round(1000 * processor_seconds / n_sentences, 3),
        voting_mib=round(voting.peak_mib, 1),
        label_model_mib=round(labelling.peak_mib, 1),
    )


def _cells(rate: LabellingRate) -> tuple[str, ...]:
    return (
        f"{rate['sentences']:,}",
        f"{rate['sentences_per_second']:,.0f}",
        f"{rate['voting_per_second']:,.0f}",
        f"{rate['label_model_per_second']:,.0f}",
        f"{rate['processor_ms']:.3f}",
        f"{rate['voting_mib']:,.0f}",
        f"{rate['label_model_mib']:,.0f}",
    )


def _page(settings: LabellingSpeedSettings, rates: Sequence[LabellingRate], load: float) -> str:
    n_processes = settings.processes or n_cores()
    again = ""
    if count_rows(settings.sentences, "sentences") < max(settings.counts):
        again = " The table held fewer sentences than that, so they came again."
    return f"""# How fast sentences are labelled

Written by `python scripts/benchmark_labelling.py`; do not edit.

{markdown_table(HEADER, map(_cells, rates))}

On {processor()}, where {load:.1f} processes wanted to run before it began (load average of a
minute). `vote_sentences` ({n_processes} processes) finds the targets and asks every labelling
function, then `label_sentences` fits the label model and writes the labels; the libraries that are
loaded before are not counted.{again} *processor ms* is the time of all processes together, which
says more than the rates where others use the machine. *MiB* is the most memory of all processes of
a stage, where what they share counts for each.
"""
