"""Which example goes to which split: near-duplicate groups dealt evenly, or as files say."""

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
_ALL = "sentences"  # stands for a task in the stratum of all sentences of a language


def assign_splits(examples: Sequence[Row], settings: SplitSettings) -> None:
    """Set the split of every example; what no group or file assigns trains.

    Raises:
        DataError: A file of the fixed split has a line without an id, or an id is in two splits.
    """
    if settings.kind is SplitKind.fixed:
        column, split_of = "article_id", read_fixed(settings.fixed.files())
    else:
        rng = np.random.default_rng(settings.seed)
        column, split_of = "group_id", assign_groups(examples, settings.sizes, rng)
    for example in examples:
        example["split"] = split_of.get(example[column], Split.train.value)


def assign_groups(
    examples: Sequence[Row], sizes: Mapping[str, float], rng: np.random.Generator
) -> dict[str, str]:
    """Distribute the near-duplicate groups that hold gold over the splits.

    Greedy stratification over the counts of (language, target, stance): the group with the rarest
    label goes first, to the split that lacks that label most. Groups without gold train.

    Args:
        examples: In any order.
        sizes: The fraction of the gold that each split is to hold; their sum is 1.
        rng: Source of the order of groups that are alike.

    Returns:
        The split of each group.

    Source:
        Sechidis et al. 2011, On the stratification of multi-label data; here over groups.
    """
    counts = _count_gold(examples)
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


def _count_gold(examples: Sequence[Row]) -> dict[str, Counter[Stratum]]:
    """Count the gold sentences of each group, and its positions: the classes that are rare."""
    counts: dict[str, Counter[Stratum]] = {}
    for example in examples:
        if is_gold(example):
            group = counts.setdefault(example["group_id"], Counter())
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
