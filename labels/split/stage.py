"""Leak-free train, dev and test: whole near-duplicate groups, dev and test gold only."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import TypedDict

import numpy as np
from rich.console import Console
from rich.table import Table

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import write_json
from labels.pipeline.schema import Split
from labels.pipeline.tables import Row, iterate_table, write_table
from labels.split.assign import assign_splits, read_ids
from labels.split.examples import is_gold, join_examples
from labels.split.leaks import (
    Kept,
    drop_divided,
    drop_languages,
    drop_leaks,
    drop_scored_only,
    drop_undated,
    drop_unseen,
)
from labels.split.settings import SplitKind, SplitSettings
from labels.split.silver import drop_silver

NEEDED = (Split.train.value, Split.dev.value)  # a model cannot be trained and chosen without


class SplitCounts(TypedDict):
    """What one split holds."""

    sentences: int
    groups: int  # near-duplicate groups of articles
    gold_sentences: int
    languages: dict[str, int]  # sentences
    labels: dict[str, int]  # rows, by target and stance


class SplitReport(TypedDict):
    """The content of ``split.json``."""

    dropped: dict[str, int]  # sentences, by reason
    groups_in_two_splits: int
    splits: dict[str, SplitCounts]


def split_examples(settings: SplitSettings) -> None:
    """Join labels to sentences, split them, and write ``splits.parquet`` and ``split.json``.

    Raises:
        ConfigError: No label is of one of ``unseen_targets``, or in one of ``unseen_languages``.
        DataError: A table or file is wrong, or no example is left for train or for dev.
    """
    examples = join_examples(
        articles=iterate_table(settings.articles, "articles"),
        sentences=iterate_table(settings.sentences, "sentences"),
        labels=iterate_table(settings.labels / "labels.parquet", "labels"),
        sentiments=iterate_table(settings.labels / "sentiments.parquet", "sentiments"),
        mentions=iterate_table(settings.mentions, "mentions"),
        settings=settings,
    )
    _check_unseen(examples, settings)
    assign_splits(examples, settings)
    kept = _leave_out(examples, settings)
    present = {row["split"] for row in kept.rows}
    lacking = [split for split in NEEDED if split not in present]
    if lacking:
        raise DataError(
            f"{settings.labels}: no example for {', '.join(lacking)} "
            f"(of {len(examples)} labelled sentences; dev and test need gold)"
        )
    write_table(settings.output / "splits.parquet", "splits", kept.rows)
    report = summarize(kept)
    write_json(settings.output / "split.json", report)
    _print(report)


def summarize(kept: Kept) -> SplitReport:
    """Count examples, groups and labels by split, for ``split.json``."""
    groups: dict[str, set[str]] = {split.value: set() for split in Split}
    for row in kept.rows:
        groups[row["split"]].add(row["group_id"])
    splits: dict[str, SplitCounts] = {}
    for split in groups:
        rows = [row for row in kept.rows if row["split"] == split]
        labels = Counter(
            f"{stance['target']} {stance['label']}" for row in rows for stance in row["stances"]
        )
        splits[split] = SplitCounts(
            sentences=len(rows),
            groups=len(groups[split]),
            gold_sentences=sum(map(is_gold, rows)),
            languages=dict(sorted(Counter(row["lang"] for row in rows).items())),
            labels=dict(sorted(labels.items())),
        )
    return SplitReport(
        dropped=dict(sorted(kept.dropped.items())),
        groups_in_two_splits=sum(len(a & b) for a, b in combinations(groups.values(), 2)),
        splits=splits,
    )


def _leave_out(examples: Sequence[Row], settings: SplitSettings) -> Kept:
    """Leave out what would leak from train to what is scored, or what the settings keep apart."""
    whole = Kept(list(examples))
    if settings.kind is not SplitKind.fixed:  # files have the last word
        whole = drop_divided(examples)
    kept = drop_leaks(whole.rows, settings.ngram_words, settings.max_shared)
    kept.dropped.update(whole.dropped)
    if settings.kind is SplitKind.time:
        kept = drop_undated(kept)
    kept = drop_scored_only(kept, read_ids(settings.scored_only))
    kept = drop_languages(kept, settings.unseen_languages)
    kept = drop_unseen(kept, settings.unseen_targets)
    rng = np.random.default_rng(settings.seed)
    return drop_silver(kept, settings.silver_named, settings.silver_most, rng)


def _check_unseen(examples: Sequence[Row], settings: SplitSettings) -> None:
    """Refuse targets and languages that no label is of."""
    labelled = {stance["target"] for row in examples for stance in row["stances"]}
    for name, asked, known in (
        ("unseen_targets", settings.unseen_targets, labelled),
        ("unseen_languages", settings.unseen_languages, {row["lang"] for row in examples}),
    ):
        if unknown := sorted(set(asked) - known):
            raise ConfigError(
                f"{name}: expected keys among {', '.join(sorted(known))}, got {', '.join(unknown)}"
            )


def _print(report: SplitReport) -> None:
    table = Table(title="Splits")
    for name in ("split", "sentences", "gold", "groups", "languages"):
        table.add_column(name, justify="left" if name in ("split", "languages") else "right")
    for split, counts in report["splits"].items():
        languages = ", ".join(f"{lang} {count}" for lang, count in counts["languages"].items())
        numbers = (counts["sentences"], counts["gold_sentences"], counts["groups"])
        table.add_row(split, *map(str, numbers), languages)
    console = Console(stderr=True)
    console.print(table)
    left_out = ", ".join(f"{reason} {count}" for reason, count in report["dropped"].items())
    console.print(f"left out: {left_out or 'nothing'}", highlight=False)
