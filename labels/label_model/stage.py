"""The stage ``label_sentences``: votes and gold in, gold and silver labels out."""

from collections import Counter
from time import perf_counter
from typing import TypedDict

from rich.console import Console
from rich.table import Table

from labels.label_model.diagnose import (
    ALL,
    LabellerScores,
    describe_labellers,
    labeller_table,
    score_silver,
)
from labels.label_model.estimate import estimate, estimate_held_out
from labels.label_model.read import GROUPS
from labels.label_model.settings import LabelSettings
from labels.label_model.silver import TABLE_OF, LabelTally, TaskCounts, label_columns
from labels.label_model.voted import read_voted
from labels.metrics.f1 import Scores
from labels.pipeline.files import write_json
from labels.pipeline.tables import table_writer, write_table


class LabelReport(TypedDict):
    """The content of ``labels.json``."""

    sentences: int
    articles: int
    gold_rejects: dict[str, int]  # lines, by reason
    gold_columns_passed_over: dict[str, int]  # rows, by a column that nothing knows
    vote_rejects: dict[str, int]  # votes, by reason
    labels: dict[str, TaskCounts]  # by task
    labellers: dict[str, dict[str, dict[str, LabellerScores]]]  # by scheme, name, language
    silver_against_gold: dict[str, dict[str, Scores]]  # by scheme, language


def label_sentences(settings: LabelSettings) -> None:
    """Weigh the votes, put gold in their place, and write what came of it.

    Writes ``labels.parquet``, ``sentiments.parquet``, ``label_rejects.parquet`` (gold and votes
    that could not be used) and ``labels.json`` into ``settings.output``. What `label_columns` says
    holds for the labels. Where there are anchors, the label model is scored on those that it has
    not seen.

    Raises:
        DataError: A table or file cannot be read, tables do not belong together, or a gold file
            has no row that can be used.
    """
    start = perf_counter()
    voted = read_voted(settings, settings.anchors)
    sentences, gold_rejects = voted.sentences, voted.gold_rejects
    tally = LabelTally(voted.tasks)
    report = LabelReport(
        sentences=len(sentences),
        articles=int(sentences.articles.max(initial=-1)) + 1,
        gold_rejects=dict(sorted(Counter(reject.reason for reject in gold_rejects).items())),
        gold_columns_passed_over=dict(
            sorted(Counter(name for row in voted.gold_rows for name in row.passed_over).items())
        ),
        vote_rejects=dict(voted.votes.reject_counts),
        labels={},
        labellers={},
        silver_against_gold={},
    )
    for items in voted.items():
        scheme = items.scheme
        probabilities = estimate(items, settings.label_model)
        judged = probabilities
        if items.has_anchors:
            judged = estimate_held_out(items, settings.label_model, settings.quality_folds)
        report["labellers"][scheme.name] = describe_labellers(items.matrix, items.judged, GROUPS)
        report["silver_against_gold"][scheme.name] = score_silver(
            scheme, judged, items.judged, items.matrix.groups, GROUPS
        )
        table = TABLE_OF[scheme.name]
        fill = settings.silver_for_gold_sentences
        with table_writer(settings.output / f"{table}.parquet", table) as writer:
            for made in label_columns(items, sentences.places, voted.gold, probabilities, fill):
                writer.extend(made.columns)
                tally.count(items.tasks, made)
    report["labels"] = tally.report(len(sentences))
    rejects = [vars(reject) for reject in (*gold_rejects, *voted.votes.rejects)]
    write_table(settings.output / "label_rejects.parquet", "rejects", rejects)
    write_json(settings.output / "labels.json", report)
    _show(report, perf_counter() - start)


def _show(report: LabelReport, seconds: float) -> None:
    console = Console(stderr=True)
    for scheme, described in report["labellers"].items():
        console.print(labeller_table(f"labellers: {scheme}", described))
    rate = report["sentences"] / seconds if seconds else 0.0
    table = Table(
        title=f"label_sentences: {report['sentences']} sentences of {report['articles']} articles "
        f"in {seconds:.1f} s ({rate:.0f}/s)"
    )
    for name in ("task", "gold", "silver", "masked", "most frequent"):
        table.add_column(name)
    for task, counts in report["labels"].items():
        frequent = Counter(counts["gold"]) + Counter(counts["silver"])
        table.add_row(
            task,
            str(sum(counts["gold"].values())),
            str(sum(counts["silver"].values())),
            str(counts["masked"]),
            ", ".join(f"{label} {count}" for label, count in frequent.most_common()),
        )
    console.print(table)
    for scheme, scores in report["silver_against_gold"].items():
        console.print(f"silver against gold, {scheme}: {_told(scores[ALL])}", highlight=False)
    for what in ("gold_rejects", "gold_columns_passed_over", "vote_rejects"):
        for reason, count in report[what].items():
            console.print(f"{what.replace('_', ' ')}, {reason}: {count}", highlight=False)


def _told(scores: Scores) -> str:
    values = {"macro F1": scores["macro_f1"]}
    if "f_polar" in scores:
        values["f_polar"] = scores["f_polar"]
    told = [f"{name} {'-' if value is None else f'{value:.4f}'}" for name, value in values.items()]
    return f"{', '.join(told)} (n {scores['n']})"
