"""The stage ``vote_sentences``: sentences in, votes of labelling functions and mentions out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import TypedDict

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from labels.cluster.workers import ClusterWorkers
from labels.functions.apply import Vote
from labels.functions.evidence import LEXICON
from labels.functions.parts import Answers, ask_part, describe_panel, panel_of, parts_of
from labels.functions.registry import choice_problems, expand_choice, lexicon_problems
from labels.functions.settings import VoteSettings
from labels.languages import LANGUAGES, load
from labels.pipeline.errors import ConfigError
from labels.pipeline.files import write_json
from labels.pipeline.settings import to_json
from labels.pipeline.tables import TableWriter, table_writer
from labels.pipeline.workers import Workers
from labels.targets import Target
from labels.targets.read import load_targets


class LabellerCounts(TypedDict):
    """How often a labeller was asked, and how often it voted."""

    asked: int  # about a sentence and task
    votes: int
    coverage: float | None  # votes / asked; null where it was never asked


class VoteReport(TypedDict):
    """The content of ``votes.json``."""

    sentences: int
    articles: int
    mentions: dict[str, int]  # sentences that name a target
    labellers: dict[str, dict[str, LabellerCounts]]  # by scheme and name


@dataclass
class _Tally:
    """Counts what is written, for the report."""

    naming: NDArray[np.int64]  # sentences by target
    given: NDArray[np.int64]  # answers, by their number in `Panel.votes`
    sentences: int = 0
    articles: int = 0

    def count(self, found: Answers) -> None:
        """Count what was found of a part."""
        self.sentences += len(found.sentence_ids)
        self.articles += found.n_articles
        self.naming += found.naming
        self.given += np.bincount(_numbers(found.votes), minlength=len(self.given))


def vote_sentences(settings: VoteSettings) -> None:
    """Ask the labelling functions about all sentences, in constant memory; several processes ask.

    They are those of this machine or of a cluster, and what is written is the same.

    Writes into ``settings.output``: ``votes.parquet``, a row for every sentence, task and labeller
    that was asked (one that does not apply to a sentence is not); ``mentions.parquet``;
    ``targets.json``, the definitions, for the stages that follow; ``votes.json``, the counts.

    Raises:
        ConfigError: A target or function is unknown, a lexicon and the functions do not fit, a
            function answers with what is no class, or there is no such cluster.
        DataError: The sentences cannot be read, a process died, or a machine of the cluster has
            another program.
    """
    start = perf_counter()
    targets = _load_targets(settings)
    chosen = expand_choice(settings.functions)
    described = describe_panel(targets, chosen)
    _, panel = panel_of(described)
    tally = _Tally(np.zeros(len(targets), np.int64), np.zeros(len(panel.votes), np.int64))
    tables = _Tables(panel.votes, list(targets))
    output = settings.output
    parts = parts_of(settings.sentences, settings.articles)
    with ExitStack() as stack:
        votes = stack.enter_context(table_writer(output / "votes.parquet", "votes"))
        mentions = stack.enter_context(table_writer(output / "mentions.parquet", "mentions"))
        workers = _workers(settings)
        stack.enter_context(workers)
        for found in workers.map(partial(ask_part, described), parts):
            tally.count(found)
            tables.write_votes(found, votes)
            tables.write_mentions(found, mentions)
    write_json(output / "targets.json", [to_json(target) for target in targets.values()])
    report = _report(tally, panel.votes, list(targets), chosen)
    write_json(output / "votes.json", report)
    _show(report, perf_counter() - start)


def _workers(settings: VoteSettings) -> Workers | ClusterWorkers:
    if settings.address is None:
        return Workers(settings.processes)
    return ClusterWorkers(settings.address)


def _load_targets(settings: VoteSettings) -> dict[str, Target]:
    """Load the targets; name every problem of settings, lexicons and targets at once."""
    problems = list(choice_problems(expand_choice(settings.functions)))
    problems.extend(lexicon_problems({lang: load(lang, LEXICON) for lang in LANGUAGES}))
    targets: tuple[Target, ...] = ()
    try:
        targets = load_targets(settings.target_folder, settings.targets)
    except ConfigError as error:
        problems.append(str(error))
    if problems:
        raise ConfigError("\n".join(problems))
    return {target.key: target for target in targets}


class _Tables:
    """Turns numbers into the columns of the tables."""

    def __init__(self, votes: Sequence[Vote], targets: Sequence[str]) -> None:
        """Take all that may be answered, and the keys of the targets."""
        self._tasks = pa.array([vote.task.key for vote in votes])
        self._labellers = pa.array([vote.labeller for vote in votes])
        self._labels = pa.array([vote.label for vote in votes], pa.string())
        self._targets = pa.array(targets)

    def write_votes(self, found: Answers, table: TableWriter) -> None:
        """Write the votes on a part."""
        sentences = np.arange(len(found.sentence_ids)).repeat(_numbers(found.n_votes))
        numbers = pa.array(_numbers(found.votes))
        labels = self._labels.take(numbers)
        table.extend(
            {
                "sentence_id": pa.array(found.sentence_ids).take(pa.array(sentences)),
                "task": self._tasks.take(numbers),
                "labeller": self._labellers.take(numbers),
                "label": labels,
                "abstained": labels.is_null(),
            }
        )

    def write_mentions(self, found: Answers, table: TableWriter) -> None:
        """Write the mentions of a part."""
        places = pa.array(_numbers(found.mention_places))
        table.extend(
            {
                "sentence_id": pa.array(found.sentence_ids).take(places),
                "target": self._targets.take(pa.array(_numbers(found.mention_targets))),
                "start": pa.array(_numbers(found.mention_starts), pa.int32()),
                "end": pa.array(_numbers(found.mention_ends), pa.int32()),
            }
        )


def _numbers(values: Sequence[int]) -> NDArray[np.int64]:
    return np.array(values, np.int64)


def _report(
    tally: _Tally,
    votes: Sequence[Vote],
    targets: Sequence[str],
    chosen: Mapping[str, Sequence[str]],
) -> VoteReport:
    asked, voted = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for vote, count in zip(votes, tally.given.tolist(), strict=True):
        key = vote.task.scheme.name, vote.labeller
        asked[key] += count
        voted[key] += count if vote.label is not None else 0
    labellers: dict[str, dict[str, LabellerCounts]] = {}
    for scheme, names in chosen.items():
        labellers[scheme] = {}
        for name in names:
            n_asked, n_votes = asked[scheme, name], voted[scheme, name]
            coverage = round(n_votes / n_asked, 4) if n_asked else None
            labellers[scheme][name] = LabellerCounts(
                asked=n_asked, votes=n_votes, coverage=coverage
            )
    return VoteReport(
        sentences=tally.sentences,
        articles=tally.articles,
        mentions=dict(zip(targets, tally.naming.tolist(), strict=True)),
        labellers=labellers,
    )


def _show(report: VoteReport, seconds: float) -> None:
    rate = report["sentences"] / seconds if seconds else 0.0
    table = Table(
        title=f"vote_sentences: {report['sentences']} sentences of {report['articles']} articles "
        f"in {seconds:.1f} s ({rate:.0f}/s)"
    )
    table.add_column("scheme")
    table.add_column("labelling function")
    for name in ("asked", "votes", "coverage"):
        table.add_column(name, justify="right")
    for scheme, labellers in report["labellers"].items():
        for name, counts in labellers.items():
            coverage = "-" if counts["coverage"] is None else f"{counts['coverage']:.3f}"
            table.add_row(scheme, name, str(counts["asked"]), str(counts["votes"]), coverage)
    console = Console(stderr=True)
    console.print(table)
    naming = ", ".join(f"{target} {count}" for target, count in report["mentions"].items())
    console.print(f"sentences that name a target: {naming}", highlight=False)
