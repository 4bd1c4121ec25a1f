"""Sentences, votes and gold brought together, for the stages that learn from votes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from labels.annotate.gold import Gold, GoldRow
from labels.label_model.items import SchemeItems, build_items
from labels.label_model.read import (
    SentenceIndex,
    check_gold_files,
    read_gold_rows,
    read_mentions,
    read_sentences,
    read_target_keys,
)
from labels.label_model.settings import VotedSettings
from labels.label_model.vote_tables import Votes, read_votes
from labels.pipeline.schema import SCHEMES, Reject, Task, tasks_for


@dataclass(frozen=True, kw_only=True)
class Voted:
    """What `read_voted` reads."""

    tasks: tuple[Task, ...]
    sentences: SentenceIndex
    named: Mapping[str, NDArray[np.bool_]]  # by target: which sentences name it
    votes: Votes
    gold: Gold
    gold_rows: Sequence[GoldRow]  # those without a sentence, too
    gold_rejects: Sequence[Reject]
    teaching: Collection[str]  # where the gold rows stand that may teach

    def items(self) -> Iterator[SchemeItems]:
        """Give what the label model of each scheme works on."""
        for scheme in SCHEMES:
            yield build_items(
                [task for task in self.tasks if task.scheme is scheme],
                self.sentences,
                self.named,
                self.votes.columns[scheme.name],
                self.gold,
                self.teaching,
            )


def read_voted(settings: VotedSettings, anchors: Collection[Path] = ()) -> Voted:
    """Read what the settings name.

    Args:
        settings: Tables and files.
        anchors: The gold files that may teach a label model.

    Raises:
        DataError: A table or file cannot be read, tables do not belong together, or a gold file
            has no row that can be used.
    """
    targets = read_target_keys(settings.targets)
    tasks = tasks_for(targets)
    gold_rows, broken, teaching = read_gold_rows(settings, anchors, targets)
    sentences, gold = read_sentences(settings.sentences, gold_rows)
    gold_rejects = [*broken, *gold.rejects]
    check_gold_files(settings.gold, gold, gold_rejects)
    return Voted(
        tasks=tasks,
        sentences=sentences,
        named=read_mentions(settings.mentions, sentences, targets),
        votes=read_votes(settings.votes, sentences, tasks),
        gold=gold,
        gold_rows=gold_rows,
        gold_rejects=gold_rejects,
        teaching=teaching,
    )
