"""Which example goes to which split: groups dealt evenly, by date, or as files say."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from labels.pipeline.errors import DataError
from labels.pipeline.json_lines import objects_of
from labels.pipeline.schema import Split
from labels.pipeline.tables import Row
from labels.split.examples import is_gold, labels_of
from labels.split.settings import SplitKind, SplitSettings

Stratum = tuple[str, str, str]  # language, task, class
_ROUNDING = 1e-9  # of shares that are added up
_ALL = "sentences"  # stands for a task in the stratum of all sentences of a language


def assign_splits(examples: Sequence[Row], settings: SplitSettings) -> None:
    """Set the split of every example; what nothing assigns trains.

    Raises:
        DataError: A file of the fixed split has a line without an id, or an id is in two splits.
    """
    if settings.kind is SplitKind.fixed:
        split_of = read_fixed(settings.fixed.files())
        units = [example["article_id"] for example in examples]
    else:
        units = [unit_of(example, settings.kind) for example in examples]
        split_of = _by_unit(examples, units, settings)
    for example, unit in zip(examples, units, strict=True):
        example["split"] = split_of.get(unit, Split.train.value)


def _by_unit(
    examples: Sequence[Row], units: Sequence[str], settings: SplitSettings
) -> dict[str, str]:
    if settings.kind is SplitKind.time:
        return assign_by_date(examples, settings.sizes)
    later: dict[str, str] = {}
    if settings.kind is SplitKind.grouped and settings.latest:
        later = latest_groups(examples, settings.sizes, settings.latest)
    left = [pair for pair in zip(examples, units, strict=True) if pair[1] not in later]
    rng = np.random.default_rng(settings.seed)
    return later | assign_groups(
        [example for example, _ in left], settings.sizes, rng, [unit for _, unit in left]
    )


def unit_of(example: Row, kind: SplitKind) -> str:
    """Name what an example may not be parted from.

    Where a record is a sentence, its article is its group. An example without an outlet goes with
    its near-duplicates.
    """
    group: str = example["group_id"]
    if kind is SplitKind.article:
        return group if group.startswith("article:") else str(example["article_id"])
    if kind is SplitKind.outlet and example["source"]:
        return f"outlet:{example['source']}"
    return group


def assign_by_date(examples: Sequence[Row], sizes: Mapping[str, float]) -> dict[str, str]:
    """Give the oldest groups to train, those after them to dev and the newest to test.

    A group is as new as its newest article, and a day is never divided, so nothing that trains is
    as late as what is held out.

    Args:
        examples: In any order; a group without a date gets no split.
        sizes: The fraction of the dated gold that each split is to hold; their sum is 1.

    Returns:
        The split of each group that has a date; none at all where no gold has one.
    """
    newest: dict[str, str] = {}
    for example in examples:
        if example["published"]:
            group = example["group_id"]
            newest[group] = max(newest.get(group, ""), example["published"])
    gold = Counter(
        newest[example["group_id"]]
        for example in examples
        if example["group_id"] in newest and is_gold(example)
    )
    if not gold:
        return {}
    train, dev = (sizes.get(split.value, 0.0) for split in (Split.train, Split.dev))
    total, earlier = gold.total(), 0
    split_on: dict[str, str] = {}
    for day in sorted(set(newest.values())):
        if earlier >= (train + dev) * total - _ROUNDING:
            split_on[day] = Split.test.value
        elif earlier >= train * total - _ROUNDING:
            split_on[day] = Split.dev.value
        else:
            split_on[day] = Split.train.value
        earlier += gold[day]
    return {group: split_on[day] for group, day in newest.items()}


def latest_groups(
    examples: Sequence[Row], sizes: Mapping[str, float], latest: float
) -> dict[str, str]:
    """Give the newest groups to dev and test, in the proportion of their sizes, test the newest.

    Args:
        examples: In any order.
        sizes: As of `assign_by_date`.
        latest: The fraction of the dated gold that these hold.

    Returns:
        The split of these groups; of no other.
    """
    dev, test = (sizes.get(split.value, 0.0) for split in (Split.dev, Split.test))
    if not dev + test:
        return {}
    shares = {
        Split.train.value: 1 - latest,
        Split.dev.value: latest * dev / (dev + test),
        Split.test.value: latest * test / (dev + test),
    }
    dated = assign_by_date(examples, shares)
    return {group: split for group, split in dated.items() if split != Split.train.value}


def assign_groups(
    examples: Sequence[Row],
    sizes: Mapping[str, float],
    rng: np.random.Generator,
    units: Sequence[str] | None = None,
) -> dict[str, str]:
    """Distribute the groups that hold gold over the splits.

    Greedy stratification over the counts of (language, target, stance): the group with the rarest
    label goes first, to the split that lacks that label most. Groups without gold train.

    Args:
        examples: In any order.
        sizes: The fraction of the gold that each split is to hold; their sum is 1.
        rng: Source of the order of groups that are alike.
        units: What each example may not be parted from; None for its near-duplicate group.

    Returns:
        The split of each group.

    Source:
        Sechidis et al. 2011, On the stratification of multi-label data; here over groups.
    """
    if units is None:
        units = [example["group_id"] for example in examples]
    counts = _count_gold(examples, units)
    total = sum(counts.values(), Counter[Stratum]())
    lacking = {split: {key: size * total[key] for key in total} for split, size in sizes.items()}
    names = sorted(counts)
    left = dict.fromkeys(names[int(i)] for i in rng.permutation(len(names)))
    unassigned = Counter(total)
    split_of: dict[str, str] = {}
    while left:
        rarest = min((count, key) for key, count in unassigned.items() if count > 0)[1]
        chosen = max(
            (group for group in left if counts[group][rarest]),
            key=lambda group: counts[group][rarest],
        )
        language = (rarest[0], _ALL, "")
        unfilled = [split for split in sizes if lacking[split][language] > 0] or list(sizes)
        split = max(unfilled, key=lambda name: (lacking[name][rarest], sum(lacking[name].values())))
        split_of[chosen] = split
        del left[chosen]
        unassigned.subtract(counts[chosen])
        for key, count in counts[chosen].items():
            lacking[split][key] -= count
    return split_of


def _count_gold(examples: Sequence[Row], units: Sequence[str]) -> dict[str, Counter[Stratum]]:
    """Count the gold sentences of each group, and its positions: the classes that are rare."""
    counts: dict[str, Counter[Stratum]] = {}
    for example, unit in zip(examples, units, strict=True):
        if is_gold(example):
            group = counts.setdefault(unit, Counter())
            group[example["lang"], _ALL, ""] += 1
            for task, label in labels_of(example):
                if label["label"] in task.polar:
                    group[example["lang"], task.key, label["label"]] += 1
    return counts


def read_fixed(files: Mapping[str, Sequence[Path]]) -> dict[str, str]:
    """Read which record id belongs to which split from JSON-lines files.

    Raises:
        DataError: A line is no object with an id, or an id stands in two splits.
    """
    split_of: dict[str, str] = {}
    for split, paths in files.items():
        for where, record_id in _ids(paths):
            if split_of.setdefault(record_id, split) != split:
                raise DataError(f"{where}: id {record_id!r} is in two splits")
    return split_of


def read_ids(paths: Iterable[Path]) -> frozenset[str]:
    """Read record ids from JSON-lines files.

    Raises:
        DataError: A line is no object with an id.
    """
    return frozenset(record_id for _, record_id in _ids(paths))


def _ids(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Give where each id stands, and the id."""
    for line in (line for path in paths for line in objects_of(path)):
        record_id = line.values.get("id")
        if record_id is None:
            found = ", ".join(line.values) or "no field"
            raise DataError(f"{line.where}: expected an object with an id, found {found}")
        yield line.where, str(record_id)
