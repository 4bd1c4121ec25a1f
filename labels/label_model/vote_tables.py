"""Read votes tables, of any origin, into columns of numbers.

A row says what a labeller answered about a sentence and task, if only that it abstained; where
there is no row, it was not asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from labels.label_model.read import SentenceIndex
from labels.label_model.votes import ABSTAIN, NOT_ASKED
from labels.pipeline.errors import DataError
from labels.pipeline.schema import Reject, Task, rejected
from labels.pipeline.tables import Row, iterate_table

Columns = Mapping[str, NDArray[np.int8]]  # labeller -> votes, shape (sentences, tasks of a scheme)


@dataclass(frozen=True)
class Votes:
    """The votes of all tables, and what could not be used."""

    columns: Mapping[str, Columns]  # by scheme
    rejects: Sequence[Reject]  # one a table and reason, which names the first such vote
    reject_counts: Mapping[str, int]  # votes, by reason


class _Problem(NamedTuple):
    reason: str
    message: str


class _Question:
    """A task, as votes on it are read."""

    def __init__(self, task: Task, place: int, n_tasks: int) -> None:
        self.task = task
        self.place = place  # among the tasks of its scheme
        self.n_tasks = n_tasks  # of its scheme
        self.numbers = {label: number for number, label in enumerate(task.classes)}


class _Reader:
    """Sorts votes into columns; a labeller's column begins with its first vote."""

    def __init__(self, sentences: SentenceIndex, tasks: Sequence[Task]) -> None:
        self.columns: dict[str, dict[str, NDArray[np.int8]]] = {}
        self._places = sentences.places
        self._questions: dict[str, _Question] = {}
        self._owners: dict[tuple[str, str], Path] = {}  # task, labeller -> the table of its votes
        for scheme in dict.fromkeys(task.scheme for task in tasks):
            self.columns[scheme.name] = {}
            of_scheme = [task for task in tasks if task.scheme is scheme]
            for place, task in enumerate(of_scheme):
                self._questions[task.key] = _Question(task, place, len(of_scheme))

    def take(self, row: Row, path: Path) -> _Problem | None:
        """Take a vote, or say what is wrong with it."""
        question = self._questions.get(row["task"])
        if question is None:
            known = ", ".join(self._questions)
            return _Problem("unknown_task", f"task: expected one of {known}, found {row['task']!r}")
        place = self._places.get(row["sentence_id"])
        if place is None:
            found = f"sentence_id: expected one of the sentences, found {row['sentence_id']!r}"
            return _Problem("unknown_sentence", found)
        label, labeller = row["label"], row["labeller"]
        if not labeller:
            return _Problem("no_labeller", f"labeller: expected a name, found {labeller!r}")
        if row["abstained"] is not (label is None):
            found = f"found label {label!r} and abstained {row['abstained']}"
            return _Problem("unclear_vote", f"expected a label, or none and abstained, {found}")
        if label is not None and label not in question.numbers:
            expected = "|".join(question.numbers)
            return _Problem("unknown_label", f"label: expected {expected}, found {label!r}")
        column = self._column(question, labeller, path)
        if column[place, question.place] != NOT_ASKED:
            again = f"{labeller!r} has answered on {row['sentence_id']!r} and {row['task']} before"
            return _Problem("duplicate_vote", again)
        vote = ABSTAIN if label is None else question.numbers[label]
        column[place, question.place] = vote
        return None

    def _column(self, question: _Question, labeller: str, path: Path) -> NDArray[np.int8]:
        owner = self._owners.setdefault((question.task.key, labeller), path)
        if owner != path:
            raise DataError(
                f"votes: {owner} and {path} both have votes of {labeller!r} on "
                f"{question.task.key}; expected another name in one of them"
            )
        of_scheme = self.columns[question.task.scheme.name]
        if labeller not in of_scheme:
            shape = (len(self._places), question.n_tasks)
            of_scheme[labeller] = np.full(shape, NOT_ASKED, dtype=np.int8)
        return of_scheme[labeller]


def read_votes(paths: Sequence[Path], sentences: SentenceIndex, tasks: Sequence[Task]) -> Votes:
    """Read any number of votes tables.

    Votes on unknown sentences, tasks or classes, and second votes, are left out and counted.

    Raises:
        DataError: A table cannot be read, or two have votes of the same labeller on one task.
    """
    reader = _Reader(sentences, tasks)
    rejects: list[Reject] = []
    counts: dict[str, int] = {}
    for path in paths:
        first: dict[str, tuple[str, str]] = {}  # reason -> where, message
        in_table: dict[str, int] = {}
        for number, row in enumerate(iterate_table(path, "votes")):
            problem = reader.take(row, path)
            if problem is not None:
                first.setdefault(problem.reason, (f"{path} row {number}", problem.message))
                in_table[problem.reason] = in_table.get(problem.reason, 0) + 1
        for reason, (where, message) in first.items():
            told = f"{message} (the first of {in_table[reason]} such votes)"
            rejects.append(rejected(where, reason, told))
            counts[reason] = counts.get(reason, 0) + in_table[reason]
    return Votes(reader.columns, rejects, dict(sorted(counts.items())))
