"""What must not train, and what must not be scored."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from labels.pipeline.schema import Split
from labels.pipeline.tables import Row
from labels.split.examples import is_gold
from labels.split.overlap import OverlapIndex


@dataclass
class Kept:
    """The examples that stay, in order, and how many sentences were left out, by reason."""

    rows: list[Row]
    dropped: Counter[str] = field(default_factory=Counter)


_ORDER = {split.value: i for i, split in enumerate((Split.train, Split.dev, Split.test))}


def drop_divided(examples: Sequence[Row]) -> Kept:
    """Leave out what is a near-duplicate of something held out, and is not in the same split.

    Near-duplicates part where articles or outlets are dealt: wire copy stands in many outlets. Of a
    group with gold in test that in test stays, of one with gold in dev and none in test that in
    dev.

    Args:
        examples: Each in its split.
    """
    held: dict[str, int] = {}
    for row in examples:
        if row["split"] != Split.train.value and is_gold(row):
            group = row["group_id"]
            held[group] = max(held.get(group, 0), _ORDER[row["split"]])
    rows = [row for row in examples if _ORDER[row["split"]] >= held.get(row["group_id"], 0)]
    dropped = Counter[str]()
    if len(rows) < len(examples):
        dropped["near_duplicate_held_out"] = len(examples) - len(rows)
    return Kept(rows, dropped)


def drop_undated(kept: Kept) -> Kept:
    """Leave out what may be of any time: groups of which no article has a date.

    Args:
        kept: Each example in its split.
    """
    dated = {row["group_id"] for row in kept.rows if row["published"]}
    rows = [row for row in kept.rows if row["group_id"] in dated]
    dropped = Counter(kept.dropped)
    if len(rows) < len(kept.rows):
        dropped["undated"] = len(kept.rows) - len(rows)
    return Kept(rows, dropped)


def drop_languages(kept: Kept, languages: Collection[str]) -> Kept:
    """Leave some languages out of train, so that they are scored as new ones are.

    Args:
        kept: Each example in its split.
        languages: Their codes.
    """
    rows = [
        row
        for row in kept.rows
        if row["split"] != Split.train.value or row["lang"] not in languages
    ]
    dropped = Counter(kept.dropped)
    if len(rows) < len(kept.rows):
        dropped["unseen_language"] = len(kept.rows) - len(rows)
    return Kept(rows, dropped)


def drop_scored_only(kept: Kept, articles: Collection[str]) -> Kept:
    """Leave out what would train, of articles that are only to be scored.

    Args:
        kept: Each example in its split.
        articles: The ids of those articles.
    """
    groups = {f"article:{article}" for article in articles}  # where a record is a sentence of one
    rows = [
        row
        for row in kept.rows
        if row["split"] != Split.train.value
        or (row["article_id"] not in articles and row["group_id"] not in groups)
    ]
    dropped = Counter(kept.dropped)
    if len(rows) < len(kept.rows):
        dropped["scored_only"] = len(kept.rows) - len(rows)
    return Kept(rows, dropped)


def drop_unseen(kept: Kept, targets: Collection[str]) -> Kept:
    """Leave the labels of some targets out of train, so that they are scored as new ones are.

    Sentences that have no other label go with them.

    Args:
        kept: Each example in its split.
        targets: The keys of those targets.
    """
    result = Kept([], Counter(kept.dropped))
    for row in kept.rows:
        if row["split"] != Split.train.value or not targets:
            result.rows.append(row)
            continue
        stances = [stance for stance in row["stances"] if stance["target"] not in targets]
        if stances or row["sentiment"]:
            result.rows.append(row | {"stances": stances})
        else:
            result.dropped["unseen_target"] += 1
    return result


def drop_leaks(examples: Sequence[Row], n: int, fraction: float) -> Kept:
    """Leave out what must not train, and what must not be scored.

    Train sentences that share ``fraction`` of their word n-grams with a dev or test sentence go,
    dev sentences that do so with a test sentence, and dev or test sentences with a silver label.

    Args:
        examples: Each in its split.
        n: Words of an n-gram.
        fraction: Of the n-grams of the shorter of two sentences; see `OverlapIndex.matches`.
    """
    result = Kept([])
    by_split: dict[str, list[Row]] = {split.value: [] for split in Split}
    for example in examples:
        if example["split"] != Split.train.value and not is_gold(example):
            result.dropped["held_out_without_gold"] += 1
        else:
            by_split[example["split"]].append(example)
    protected: list[str] = []
    kept_ids: set[str] = set()
    for split in (Split.test.value, Split.dev.value, Split.train.value):
        index = OverlapIndex(protected, n)
        clean = [row for row in by_split[split] if not index.matches(row["text"], fraction)]
        if len(clean) < len(by_split[split]):
            result.dropped[f"{split}_overlaps_held_out"] = len(by_split[split]) - len(clean)
        protected += [example["text"] for example in clean]
        kept_ids |= {example["sentence_id"] for example in clean}
    result.rows = [example for example in examples if example["sentence_id"] in kept_ids]
    return result
