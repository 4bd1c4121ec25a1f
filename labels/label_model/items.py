"""The items of each label model: every sentence with every task of one scheme."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labels.annotate.gold import Gold
from labels.label_model.read import SentenceIndex
from labels.label_model.vote_tables import Columns
from labels.label_model.votes import Ints, VoteMatrix
from labels.pipeline.schema import Scheme, Task


@dataclass(frozen=True, kw_only=True)
class SchemeItems:
    """What one label model works on; item ``i * len(tasks) + j`` is sentence i with task j."""

    scheme: Scheme
    tasks: tuple[Task, ...]
    matrix: VoteMatrix
    gold: Ints  # class of each item, -1 where unknown
    anchors: Ints  # the same, of gold that may teach
    articles: Ints  # article number of each item

    @property
    def has_anchors(self) -> bool:
        """Whether any gold may teach."""
        return bool((self.anchors >= 0).any())

    @property
    def judged(self) -> Ints:
        """Gold that labellers and label model are judged on: the anchors, else all gold."""
        return self.anchors if self.has_anchors else self.gold


def build_items(
    tasks: Sequence[Task],
    sentences: SentenceIndex,
    named: Mapping[str, NDArray[np.bool_]],
    columns: Columns,
    gold: Gold,
    teaching: Collection[str],
) -> SchemeItems:
    """Bring sentences, votes and gold together for the tasks of one scheme.

    Args:
        tasks: The tasks of the scheme, in order.
        sentences: All sentences.
        named: By target, which sentences name it; a task has its own class frequencies in each.
        columns: The votes of each labeller; the matrix has them in the order of their names, so
            that the order of tables changes nothing.
        gold: Gold by sentence.
        teaching: Where the gold rows stand that may teach.
    """
    n_sentences, n_tasks = len(sentences), len(tasks)
    scheme = tasks[0].scheme
    classes = np.full((n_sentences, n_tasks), -1, dtype=np.int64)
    teaches = np.zeros(n_sentences, dtype=bool)
    for sentence_id, row in gold.by_sentence.items():
        place = sentences.places[sentence_id]
        teaches[place] = row.where in teaching
        for number, task in enumerate(tasks):
            if task.key in row.labels:
                classes[place, number] = task.classes.index(row.labels[task.key])
    strata = np.zeros((n_sentences, n_tasks), dtype=np.int64)
    for number, task in enumerate(tasks):
        strata[:, number] = 2 * number
        if task.key in named:
            strata[:, number] += named[task.key]
    labellers = tuple(sorted(columns))
    votes = np.empty((n_sentences * n_tasks, len(labellers)), dtype=np.int8)
    for number, labeller in enumerate(labellers):
        votes[:, number] = columns[labeller].reshape(-1)
    flat = classes.reshape(-1)
    return SchemeItems(
        scheme=scheme,
        tasks=tuple(tasks),
        matrix=VoteMatrix(
            votes=votes,
            groups=sentences.groups.repeat(n_tasks),
            strata=strata.reshape(-1),
            n_classes=len(scheme.classes),
            labellers=labellers,
        ),
        gold=flat,
        anchors=np.where(teaches.repeat(n_tasks), flat, -1),
        articles=sentences.articles.repeat(n_tasks),
    )
