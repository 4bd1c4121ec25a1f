"""Leak-free train, dev and test: whole near-duplicate groups, dev and test gold only."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from labels.config import SplitConfig, SplitKind
from labels.errors import DataError
from labels.files import write_json
from labels.overlap import OverlapIndex
from labels.schema import POLAR_STANCES, SENTIMENTS, STANCES, LabelOrigin, Split
from labels.tables import Row, read_table, write_table

HELD_OUT = (Split.dev.value, Split.test.value)


@dataclass
class SplitResult:
    """The examples in order, and how many sentences were left out, by reason."""

    rows: list[Row]
    dropped: Counter[str] = field(default_factory=Counter)


def split_examples(config: SplitConfig) -> None:
    """Join labels to sentences, split them, and write ``splits.parquet`` and ``split.json``."""
    labels = Path(config.labels)
    examples = join_examples(
        articles=read_table(Path(config.articles), "articles"),
        sentences=read_table(Path(config.sentences), "sentences"),
        labels=read_table(labels / "labels.parquet", "labels"),
        sentiments=read_table(labels / "sentiments.parquet", "sentiments"),
        config=config,
    )
    if config.kind is SplitKind.fixed:
        wanted = read_fixed(config.fixed)
        for example in examples:
            example["split"] = wanted.get(example["article_id"], Split.train.value)
    else:
        parts = assign_groups(examples, config.shares, np.random.default_rng(config.seed))
        for example in examples:
            example["split"] = parts.get(example["group_id"], Split.train.value)
    result = drop_leaks(examples, config.ngram_words, config.max_shared)
    present = Counter(row["split"] for row in result.rows)
    lacking = [split for split in (Split.train.value, Split.dev.value) if not present[split]]
    if lacking:
        raise DataError(
            f"{config.labels}: no example for {', '.join(lacking)} "
            f"(of {len(examples)} labelled sentences; dev and test need gold)"
        )
    output = Path(config.output)
    write_table(output / "splits.parquet", "splits", result.rows)
    report = summarize(result)
    write_json(output / "split.json", report)
    _print(report)


def join_examples(
    articles: Sequence[Row],
    sentences: Sequence[Row],
    labels: Sequence[Row],
    sentiments: Sequence[Row],
    config: SplitConfig,
) -> list[Row]:
    """Make one example per sentence that has a label; order of the sentences.

    A target without a label is absent from ``stances``: masked, never ``unrelated``. Silver labels
    below ``min_silver_confidence`` are left out, the others weigh ``silver_weight``.
    """
    article_of = {row["article_id"]: row for row in articles}
    stances: defaultdict[str, list[Row]] = defaultdict(list)
    for label in labels:
        weight = _weight(label, [label[f"p_{stance}"] for stance in STANCES], config)
        if weight:
            kept = ("target", *(f"p_{stance}" for stance in STANCES), "label", "origin")
            stances[label["sentence_id"]].append({k: label[k] for k in kept} | {"weight": weight})
    tones: dict[str, Row] = {}
    for label in sentiments:
        weight = _weight(label, [label[f"p_{tone}"] for tone in SENTIMENTS], config)
        if weight:
            kept = (*(f"p_{tone}" for tone in SENTIMENTS), "label", "origin")
            tones[label["sentence_id"]] = {k: label[k] for k in kept} | {"weight": weight}
    examples = []
    for sentence in sentences:
        key = sentence["sentence_id"]
        if not stances[key] and key not in tones:
            continue
        article = article_of[sentence["article_id"]]
        examples.append(
            {
                "sentence_id": key,
                "article_id": sentence["article_id"],
                "group_id": article["group_id"],
                "text": sentence["text"],
                "lang": sentence["lang"],
                "source": article["source"],
                "published": article["published"],
                "split": Split.train.value,
                "stances": stances[key],
                "sentiment": tones.get(key),
            }
        )
    return examples


def _weight(label: Row, shares: Iterable[float], config: SplitConfig) -> float:
    if label["origin"] == LabelOrigin.gold.value:
        return config.gold_weight
    return config.silver_weight if max(shares) >= config.min_silver_confidence else 0.0


def is_gold(example: Row) -> bool:
    """Tell whether every label of an example is gold."""
    tasks = [*example["stances"], *([example["sentiment"]] if example["sentiment"] else [])]
    return all(task["origin"] == LabelOrigin.gold.value for task in tasks)


def assign_groups(
    examples: Sequence[Row], shares: Mapping[str, float], rng: np.random.Generator
) -> dict[str, str]:
    """Distribute the near-duplicate groups that hold gold over the splits.

    Greedy stratification over the counts of (language, target, stance): the group with the rarest
    label goes first, to the split that lacks that label most. Groups without gold train.

    Source:
        Sechidis et al. 2011, On the stratification of multi-label data; here over groups.
    """
    counts: dict[str, Counter[tuple[str, str, str]]] = {}
    for example in examples:
        if is_gold(example):
            group = counts.setdefault(example["group_id"], Counter())
            group[example["lang"], "sentences", ""] += 1
            for stance in example["stances"]:
                if stance["label"] in POLAR_STANCES:
                    group[example["lang"], stance["target"], stance["label"]] += 1
    total = sum(counts.values(), Counter())
    lacking = {split: {k: share * total[k] for k in total} for split, share in shares.items()}
    names = sorted(counts)
    left = dict.fromkeys(names[int(i)] for i in rng.permutation(len(names)))
    open_labels = Counter(total)
    parts: dict[str, str] = {}
    while left:
        rarest = min((count, key) for key, count in open_labels.items() if count > 0)[1]
        chosen = max((g for g in left if counts[g][rarest]), key=lambda g: counts[g][rarest])
        size = (rarest[0], "sentences", "")
        unfilled = [s for s in shares if lacking[s][size] > 0] or list(shares)
        split = max(unfilled, key=lambda s: (lacking[s][rarest], sum(lacking[s].values())))
        parts[chosen] = split
        del left[chosen]
        open_labels.subtract(counts[chosen])
        for key, count in counts[chosen].items():
            lacking[split][key] -= count
    return parts


def read_fixed(files: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Read which record id belongs to which split from JSON-lines files.

    Raises:
        DataError: A line has no id, or an id stands in two splits.
    """
    parts: dict[str, str] = {}
    for split, paths in files.items():
        for path in paths:
            with Path(path).open(encoding="utf-8") as file:
                for number, line in enumerate(file, start=1):
                    if not line.strip():
                        continue
                    parts_id = _record_id(line, f"{path}:{number}")
                    if parts.setdefault(parts_id, split) != split:
                        raise DataError(f"{path}:{number}: id {parts_id!r} is in two splits")
    return parts


def _record_id(line: str, where: str) -> str:
    try:
        record: Any = json.loads(line)
        return str(record["id"])
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{where}: expected a JSON object with an id, found {line[:60]!r}"
        ) from error


def drop_leaks(examples: Sequence[Row], n: int, share: float) -> SplitResult:
    """Leave out what must not train, and what must not be scored.

    Train sentences that share ``share`` of their word n-grams with a dev or test sentence go, dev
    sentences that do so with a test sentence, and dev or test sentences with a silver label.
    """
    result = SplitResult([])
    kept: dict[str, list[Row]] = {split.value: [] for split in Split}
    for example in examples:
        if example["split"] in HELD_OUT and not is_gold(example):
            result.dropped["held_out_without_gold"] += 1
        else:
            kept[example["split"]].append(example)
    protected: list[str] = []
    for split in (Split.test.value, Split.dev.value, Split.train.value):
        index = OverlapIndex(protected, n)
        clean = []
        for example in kept[split]:
            if index.matches(example["text"], share):
                result.dropped[f"{split}_overlaps_held_out"] += 1
            else:
                clean.append(example)
        kept[split] = clean
        protected += [example["text"] for example in clean]
    ids = {example["sentence_id"] for rows in kept.values() for example in rows}
    result.rows = [example for example in examples if example["sentence_id"] in ids]
    return result


def summarize(result: SplitResult) -> dict[str, Any]:
    """Count examples, groups and labels by split, for ``split.json``."""
    report: dict[str, Any] = {"dropped": dict(sorted(result.dropped.items())), "splits": {}}
    groups = {
        split.value: {row["group_id"] for row in result.rows if row["split"] == split.value}
        for split in Split
    }
    report["groups_in_two_splits"] = sum(
        len(groups[a] & groups[b])
        for a, b in (("train", "dev"), ("train", "test"), ("dev", "test"))
    )
    for split in Split:
        rows = [row for row in result.rows if row["split"] == split.value]
        labels: Counter[str] = Counter()
        for row in rows:
            for stance in row["stances"]:
                labels[f"{stance['target']} {stance['label']}"] += 1
        report["splits"][split.value] = {
            "sentences": len(rows),
            "groups": len(groups[split.value]),
            "gold_sentences": sum(map(is_gold, rows)),
            "languages": dict(sorted(Counter(row["lang"] for row in rows).items())),
            "labels": dict(sorted(labels.items())),
        }
    return report


def _print(report: Mapping[str, Any]) -> None:
    table = Table(title="Splits")
    for name in ("split", "sentences", "gold", "groups", "languages"):
        table.add_column(name, justify="left" if name in ("split", "languages") else "right")
    for split, part in report["splits"].items():
        languages = ", ".join(f"{lang} {count}" for lang, count in part["languages"].items())
        numbers = (part["sentences"], part["gold_sentences"], part["groups"])
        table.add_row(split, *map(str, numbers), languages)
    console = Console(stderr=True)
    console.print(table)
    left_out = ", ".join(f"{reason} {count}" for reason, count in report["dropped"].items())
    console.print(f"left out: {left_out or 'nothing'}", highlight=False)
