"""From the answers of two models to what may be said of their difference."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from labels.pipeline.files import sha256_of, write_json
from labels.pipeline.schema import SENTIMENT
from labels.pipeline.tables import iterate_table
from training.compare.answers import Answers, Pair, Paired, pair, read_both
from training.compare.records import Compared, Comparison, LeftOut, Side
from training.compare.report import (
    comparison_table,
    conclusions,
    count_differing,
    differing,
    write_differing,
    write_page,
    write_results,
)
from training.compare.results import compare
from training.compare.settings import CompareSettings

FILES = ("comparison.json", "comparison.csv", "comparison.md", "differing.csv")


def compare_models(settings: CompareSettings) -> None:
    """Compare two models on the same gold sentences, and say in plain words what follows.

    Writes ``comparison.json``, ``.csv`` and ``.md``, and ``differing.csv``.

    Raises:
        ConfigError: Gold is missing, or given where nothing needs it.
        DataError: A file cannot be read, the two have nothing in common, or their gold differs.
    """
    console = Console(stderr=True)
    groups = _groups(settings.articles)
    a, b, rejects = read_both(settings.a, settings.b, settings.gold, settings.split, groups)
    paired = pair(a, b, _texts(settings.splits))
    results = compare(paired.pairs, settings, console)
    differ = differing(paired.pairs)
    found = Comparison(
        models={"a": _side(a), "b": _side(b)},
        gold=str(settings.gold) if settings.gold else None,
        compared=_compared(paired),
        left_out={
            "a": LeftOut(gold_rejects=a.gold_rejects, only_here=paired.only_a),
            "b": LeftOut(gold_rejects=b.gold_rejects, only_here=paired.only_b),
        },
        rejects_by_reason=dict(sorted(rejects.items())),
        alpha=settings.alpha,
        seed=settings.seed,
        bootstrap_draws=settings.bootstrap_draws,
        permutations=settings.permutations,
        results=results,
        differing=count_differing(differ),
        conclusions=conclusions(results, settings.alpha),
    )
    names = [settings.output / name for name in FILES]
    write_results(names[1], results)
    write_page(names[2], found, differ, settings.shown)
    write_differing(names[3], differ)
    write_json(names[0], found)
    console.print(comparison_table(results))
    for line in (*_notes(found), *found["conclusions"]):
        console.print(line, highlight=False, markup=False)
    console.print(f"read: {names[2]}, {names[3]}", highlight=False, markup=False, soft_wrap=True)


def _groups(articles: Path | None) -> dict[str, str]:
    if articles is None:
        return {}
    rows = iterate_table(articles, "articles")
    return {row["article_id"]: row["group_id"] for row in rows}


def _texts(splits: Path | None) -> Mapping[str, str]:
    if splits is None:
        return {}
    return {row["sentence_id"]: row["text"] for row in iterate_table(splits, "splits")}


def _side(answers: Answers) -> Side:
    return Side(path=str(answers.path), sha256=sha256_of(answers.path), form=answers.form)


def _compared(paired: Paired) -> Compared:
    pairs: Sequence[Pair] = paired.pairs
    of_sentiment = sum(one.scheme == SENTIMENT for one in pairs)
    compared = Compared(
        sentences=len({one.sentence_id for one in pairs}),
        groups=len({one.group for one in pairs}),
        stances=len(pairs) - of_sentiment,
        sentiments=of_sentiment,
        holders=sum(None not in (one.a_holder, one.b_holder) for one in pairs),
    )
    if paired.holders_reason is not None:
        compared["holders_reason"] = paired.holders_reason
    return compared


def _notes(found: Comparison) -> list[str]:
    """Say what was not compared."""
    notes = []
    for name, left in found["left_out"].items():
        if left["gold_rejects"]:
            notes.append(f"{name}: {left['gold_rejects']} gold rows label no sentence of it")
        if left["only_here"]:
            notes.append(f"{name}: {left['only_here']} labelled answers that the other one lacks")
    for reason, count in found["rejects_by_reason"].items():
        notes.append(f"gold: {count} rows are no labels ({reason})")
    if "holders_reason" in found["compared"]:
        notes.append(f"holders are not compared: {found['compared']['holders_reason']}")
    return notes
