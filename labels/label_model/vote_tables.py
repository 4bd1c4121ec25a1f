"""Read votes tables, of any origin, into columns of numbers.

A row says what a labeller answered about a sentence and task, if only that it abstained; where
there is no row, it was not asked.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from labels.label_model.read import SentenceIndex
from labels.label_model.votes import ABSTAIN, NOT_ASKED, Ints
from labels.pipeline.errors import DataError
from labels.pipeline.schema import Reject, Task, rejected
from labels.pipeline.tables import TABLES, Row, iterate_columns

Columns = Mapping[str, NDArray[np.int8]]  # labeller -> votes, shape (sentences, tasks of a scheme)


@dataclass(frozen=True)
class Votes:
    """The votes of all tables, and what could not be used."""

    columns: Mapping[str, Columns]  # by scheme
    rejects: Sequence[Reject]  # one a table and reason, which names the first such vote
    reject_counts: Mapping[str, int]  # votes, by reason


_UNKNOWN = -9  # the number of what has none


class _Wrong(Enum):
    """What may be wrong with a vote, in the order in which it is looked for."""

    task = auto()
    sentence = auto()
    labeller = auto()
    abstention = auto()
    label = auto()
    repetition = auto()


class _Problem(NamedTuple):
    reason: str
    message: str


class _Question:
    """A task, as votes on it are read."""

    def __init__(self, task: Task, place: int, n_tasks: int) -> None:
        self.task = task
        self.place = place  # among the tasks of its scheme
        self.n_tasks = n_tasks  # of its scheme
        self._votes = {None: ABSTAIN} | {label: n for n, label in enumerate(task.classes)}

    def vote_of(self, label: str | None) -> int:
        """Give the number of a label, that of an abstention, or `_UNKNOWN`."""
        return self._votes.get(label, _UNKNOWN)


class _Coded:
    """A column of text as numbers of its different values."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        coded = column.combine_chunks().dictionary_encode(null_encoding="encode")
        self.values: list[str | None] = coded.dictionary.to_pylist()
        self.numbers = coded.indices.to_numpy()

    def map(self, function: Callable[[str | None], int]) -> Ints:
        """Apply a function to each different value, and give the results by row."""
        results: Ints = np.array([function(value) for value in self.values], np.int64)
        return np.asarray(results[self.numbers])


class _Batch:
    """Some rows of a votes table."""

    def __init__(self, table: pa.Table, path: Path) -> None:
        self.path = path
        self.sentences, self.tasks, self.labellers, self.labels = (
            _Coded(table[name]) for name in ("sentence_id", "task", "labeller", "label")
        )
        says_so = pc.equal(table["abstained"], pc.is_null(table["label"]))
        self.is_clear = pc.fill_null(says_so, False).to_numpy()
        self._table = table

    def row(self, number: int) -> Row:
        """Give one row."""
        found: Row = self._table.slice(number, 1).to_pylist()[0]
        return found


class _Reader:
    """Sorts votes into columns; a labeller's column begins with its first vote."""

    def __init__(self, sentences: SentenceIndex, tasks: Sequence[Task]) -> None:
        self.columns: dict[str, dict[str, NDArray[np.int8]]] = {}
        self._places = sentences.places
        self._questions: list[_Question] = []
        self._owners: dict[tuple[str, str], Path] = {}  # task, labeller -> the table of its votes
        for scheme in dict.fromkeys(task.scheme for task in tasks):
            self.columns[scheme.name] = {}
            of_scheme = [task for task in tasks if task.scheme is scheme]
            for place, task in enumerate(of_scheme):
                self._questions.append(_Question(task, place, len(of_scheme)))
        self._numbers = {one.task.key: number for number, one in enumerate(self._questions)}

    def take(self, batch: _Batch) -> dict[_Wrong, list[int]]:
        """Take some votes; give the rows that cannot be used, by what is wrong with them."""
        questions = batch.tasks.map(lambda task: self._numbers.get(task or "", _UNKNOWN))
        places = batch.sentences.map(lambda name: self._places.get(name or "", _UNKNOWN))
        named = batch.labellers.map(bool)
        votes = np.full(len(questions), _UNKNOWN, np.int64)
        for number, question in enumerate(self._questions):
            here = questions == number
            votes[here] = batch.labels.map(question.vote_of)[here]
        wrong = {
            _Wrong.task: questions == _UNKNOWN,
            _Wrong.sentence: places == _UNKNOWN,
            _Wrong.labeller: named == 0,
            _Wrong.abstention: ~batch.is_clear,
            _Wrong.label: votes == _UNKNOWN,
        }
        usable = np.ones(len(questions), bool)
        rejected_rows: dict[_Wrong, list[int]] = {}
        for kind, rows in wrong.items():
            rejected_rows[kind] = np.flatnonzero(usable & rows).tolist()
            usable &= ~rows
        rows = np.flatnonzero(usable)
        again = self._enter(batch, rows, questions[rows], places[rows], votes[rows])
        return rejected_rows | {_Wrong.repetition: again}

    def _enter(
        self, batch: _Batch, rows: Ints, questions: Ints, places: Ints, votes: Ints
    ) -> list[int]:
        """Enter usable votes into their columns; give the rows of questions answered before."""
        n_questions = len(self._questions)
        kinds = batch.labellers.numbers[rows].astype(np.int64) * n_questions + questions
        again: list[int] = []
        for kind in dict.fromkeys(kinds.tolist()):
            labeller = batch.labellers.values[kind // n_questions]
            question = self._questions[kind % n_questions]
            own = np.flatnonzero(kinds == kind)
            column = self._column(question, str(labeller), batch.path)[:, question.place]
            is_first = np.zeros(len(own), bool)
            is_first[np.unique(places[own], return_index=True)[1]] = True
            is_first &= column[places[own]] == NOT_ASKED
            column[places[own[is_first]]] = votes[own[is_first]]
            again += rows[own[~is_first]].tolist()
        return sorted(again)

    def _column(self, question: _Question, labeller: str, path: Path) -> NDArray[np.int8]:
        owner = self._owners.setdefault((question.task.key, labeller), path)
        if owner is not path:
            raise DataError(
                f"votes: {owner} and {path} both have votes of {labeller!r} on "
                f"{question.task.key}; expected another name in one of them"
            )
        of_scheme = self.columns[question.task.scheme.name]
        if labeller not in of_scheme:
            shape = (len(self._places), question.n_tasks)
            of_scheme[labeller] = np.full(shape, NOT_ASKED, dtype=np.int8)
        return of_scheme[labeller]

    def problem(self, wrong: _Wrong, row: Row) -> _Problem:
        """Say what is wrong with a vote."""
        label, labeller, name = row["label"], row["labeller"], row["sentence_id"]
        if wrong is _Wrong.task:
            expected = ", ".join(self._numbers)
            return _Problem(
                "unknown_task", f"task: expected one of {expected}, found {row['task']!r}"
            )
        if wrong is _Wrong.sentence:
            found = f"sentence_id: expected one of the sentences, found {name!r}"
            return _Problem("unknown_sentence", found)
        if wrong is _Wrong.labeller:
            return _Problem("no_labeller", f"labeller: expected a name, found {labeller!r}")
        if wrong is _Wrong.abstention:
            found = f"found label {label!r} and abstained {row['abstained']}"
            return _Problem("unclear_vote", f"expected a label, or none and abstained, {found}")
        if wrong is _Wrong.label:
            expected = "|".join(self._questions[self._numbers[row["task"]]].task.classes)
            return _Problem("unknown_label", f"label: expected {expected}, found {label!r}")
        again = f"{labeller!r} has answered on {name!r} and {row['task']} before"
        return _Problem("duplicate_vote", again)


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
        first: dict[_Wrong, tuple[str, _Problem]] = {}  # where, and what is told of it
        in_table: Counter[_Wrong] = Counter()
        start = 0
        for table in iterate_columns(path, "votes", list(TABLES["votes"])):
            batch = _Batch(table, path)
            found = {wrong: rows for wrong, rows in reader.take(batch).items() if rows}
            for wrong, rows in sorted(found.items(), key=lambda kind: kind[1][0]):
                in_table[wrong] += len(rows)
                if wrong not in first:
                    where = f"{path} row {start + rows[0]}"
                    first[wrong] = where, reader.problem(wrong, batch.row(rows[0]))
            start += table.num_rows
        for wrong, (where, problem) in first.items():
            told = f"{problem.message} (the first of {in_table[wrong]} such votes)"
            rejects.append(rejected(where, problem.reason, told))
            counts[problem.reason] = counts.get(problem.reason, 0) + in_table[wrong]
    return Votes(reader.columns, rejects, dict(sorted(counts.items())))
