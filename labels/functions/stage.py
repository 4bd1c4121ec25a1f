"""The stage ``vote_sentences``: sentences in, votes of labelling functions and mentions out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import perf_counter
from typing import TypedDict

from rich.console import Console
from rich.table import Table

from labels.functions.apply import Vote, ask, gather_article
from labels.functions.evidence import LEXICON, Evidence
from labels.functions.registry import (
    FUNCTIONS,
    choice_problems,
    expand_choice,
    lexicon_problems,
)
from labels.functions.settings import VoteSettings
from labels.languages import LANGUAGES, load
from labels.pipeline.errors import ConfigError
from labels.pipeline.files import write_json
from labels.pipeline.schema import tasks_for
from labels.pipeline.settings import to_json
from labels.pipeline.tables import Row, iterate_groups, table_writer
from labels.targets import Matcher, Target, mentions_in
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

    sentences: int = 0
    articles: int = 0
    naming: Counter[str] = field(default_factory=Counter)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    voted: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, vote: Vote) -> None:
        """Count a vote or an abstention."""
        key = (vote.task.scheme.name, vote.labeller)
        self.asked[key] += 1
        self.voted[key] += vote.label is not None


def vote_sentences(settings: VoteSettings) -> None:
    """Ask the labelling functions about all sentences, article by article, in constant memory.

    Writes into ``settings.output``: ``votes.parquet``, a row for every sentence, task and labeller
    that was asked (one that does not apply to a sentence is not); ``mentions.parquet``;
    ``targets.json``, the definitions, for the stages that follow; ``votes.json``, the counts.

    Raises:
        ConfigError: A target or function is unknown, or a lexicon and the functions do not fit.
        DataError: The sentences cannot be read.
    """
    start = perf_counter()
    targets = _load_targets(settings)
    tasks = tasks_for(settings.targets)
    chosen = expand_choice(settings.functions)
    functions = {
        scheme: [FUNCTIONS[scheme][name] for name in names] for scheme, names in chosen.items()
    }
    matcher = Matcher(targets.values())
    tally = _Tally()
    output = settings.output
    with ExitStack() as files:
        votes = files.enter_context(table_writer(output / "votes.parquet", "votes"))
        mentions = files.enter_context(table_writer(output / "mentions.parquet", "mentions"))
        for sentences in iterate_groups(settings.sentences, "sentences", "article_id"):
            tally.articles += 1
            gathered = gather_article(sentences, matcher)
            for sentence, evidence in zip(sentences, gathered, strict=True):
                tally.sentences += 1
                tally.naming.update(evidence.named.keys())
                for row in _mention_rows(sentence, evidence):
                    mentions.write(row)
                for vote in ask(evidence, tasks, targets, functions):
                    tally.count(vote)
                    votes.write(_vote_row(sentence, vote))
    write_json(output / "targets.json", [to_json(target) for target in targets.values()])
    report = _report(tally, settings.targets, chosen)
    write_json(output / "votes.json", report)
    _show(report, perf_counter() - start)


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


def _mention_rows(sentence: Row, evidence: Evidence) -> list[Row]:
    found = mentions_in(evidence.words, evidence.named)
    return [{"sentence_id": sentence["sentence_id"], **mention._asdict()} for mention in found]


def _vote_row(sentence: Row, vote: Vote) -> Row:
    return {
        "sentence_id": sentence["sentence_id"],
        "task": vote.task.key,
        "labeller": vote.labeller,
        "label": vote.label,
        "abstained": vote.label is None,
    }


def _report(
    tally: _Tally, targets: Sequence[str], chosen: Mapping[str, Sequence[str]]
) -> VoteReport:
    labellers: dict[str, dict[str, LabellerCounts]] = {}
    for scheme, names in chosen.items():
        labellers[scheme] = {}
        for name in names:
            asked, votes = tally.asked[scheme, name], tally.voted[scheme, name]
            coverage = round(votes / asked, 4) if asked else None
            labellers[scheme][name] = LabellerCounts(asked=asked, votes=votes, coverage=coverage)
    return VoteReport(
        sentences=tally.sentences,
        articles=tally.articles,
        mentions={target: tally.naming[target] for target in targets},
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
