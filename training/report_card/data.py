"""What the data is: how much of it, in which languages and classes, how long, and what leaks."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import combinations

from labels.letters import normalize
from labels.pipeline.schema import SENTIMENT_TASK, LabelOrigin, Split
from labels.pipeline.tables import Row

LENGTH_STEP, LENGTH_END = 20, 400  # characters; what is longer counts in the last bin


@dataclass
class Part:
    """The sentences of a split in a language."""

    sentences: int = 0
    gold: int = 0  # of them, with a gold stance or sentiment
    articles: set[bytes] = field(default_factory=set)  # near-duplicate groups, hashed
    labels: Counter[tuple[str, str]] = field(default_factory=Counter)  # by task and class
    lengths: Counter[int] = field(default_factory=Counter)  # sentences by characters // LENGTH_STEP


@dataclass
class DataFacts:
    """What the table ``splits`` holds."""

    parts: dict[tuple[str, str], Part] = field(default_factory=dict)  # by split and language
    texts: dict[str, set[bytes]] = field(default_factory=dict)  # by split; hashed
    kept: dict[str, Row] = field(default_factory=dict)  # the rows asked for, by sentence

    @property
    def splits(self) -> list[str]:
        """Splits that hold something, in their order."""
        found = {split for split, _ in self.parts}
        return [split.value for split in Split if split.value in found]

    @property
    def langs(self) -> list[str]:
        """Codes, sorted."""
        return sorted({lang for _, lang in self.parts})

    def part(self, split: str, lang: str | None = None) -> Part:
        """Add the parts of a split up, or take one language of it."""
        total = Part()
        for (own, code), one in self.parts.items():
            if own == split and lang in (None, code):
                total.sentences += one.sentences
                total.gold += one.gold
                total.articles |= one.articles
                total.labels += one.labels
                total.lengths += one.lengths
        return total


def read_data(rows: Iterable[Row], wanted: Collection[str]) -> DataFacts:
    """Count the rows of the table ``splits`` in one pass.

    Args:
        rows: All of them.
        wanted: Sentences whose rows are kept.
    """
    facts = DataFacts()
    for row in rows:
        part = facts.parts.setdefault((row["split"], row["lang"]), Part())
        part.sentences += 1
        tasks = [(stance["target"], stance) for stance in row["stances"]]
        if row["sentiment"] is not None:
            tasks.append((SENTIMENT_TASK.key, row["sentiment"]))
        part.gold += any(label["origin"] == LabelOrigin.gold for _, label in tasks)
        part.articles.add(_hash(row["group_id"]))
        part.lengths[min(len(row["text"]), LENGTH_END) // LENGTH_STEP] += 1
        for task, label in tasks:
            part.labels[task, label["label"]] += 1
        facts.texts.setdefault(row["split"], set()).add(_hash(normalize(row["text"]).casefold()))
        if row["sentence_id"] in wanted:
            facts.kept[row["sentence_id"]] = row
    return facts


@dataclass(frozen=True)
class Shared:
    """What two splits have in common, which should be nothing."""

    first: str
    second: str
    articles: int  # near-duplicate groups
    sentences: int  # the same words, case and ways to write a letter apart


def shared_by_splits(facts: DataFacts) -> list[Shared]:
    """Look for leaks in the table itself, beside what ``split_examples`` reports."""
    return [
        Shared(
            first,
            second,
            len(facts.part(first).articles & facts.part(second).articles),
            len(facts.texts[first] & facts.texts[second]),
        )
        for first, second in combinations(facts.splits, 2)
    ]


def annotators_of(labels: Iterable[Row], sentences: Collection[str]) -> Counter[str]:
    """Count who gave the gold stances of some sentences, from the table ``labels``."""
    return Counter(
        row["annotator"]
        for row in labels
        if row["origin"] == LabelOrigin.gold and row["sentence_id"] in sentences
    )


def _hash(text: str) -> bytes:
    """Hash a text, so that those of a large corpus fit into memory."""
    return hashlib.blake2b(text.encode("utf-8"), digest_size=8).digest()
