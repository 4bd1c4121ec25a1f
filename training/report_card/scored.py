"""The predictions of one split as columns, so that a large one fits into memory."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from labels.metrics.f1 import Ids
from labels.pipeline.errors import DataError
from labels.pipeline.schema import SENTIMENT, SENTIMENT_TASK, STANCE, Scheme
from labels.pipeline.tables import Row

Names = NDArray[np.str_]


@dataclass(frozen=True)
class Scored:
    """Rows of the table ``predictions``, of tasks of one scheme; one in each place."""

    scheme: Scheme
    sentences: NDArray[np.int64]  # number of the sentence, in the order of the table
    tasks: Names
    langs: Names
    groups: NDArray[np.int64]  # number of the article's near-duplicate group, in sorted order
    gold: Ids
    labels: Ids
    probabilities: NDArray[np.float64]  # shape (n, classes)
    voices: Names  # of gold; empty where gold has none
    voice_right: NDArray[np.bool_]
    has_holder: NDArray[np.bool_]  # whether gold names one
    holder_right: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.gold)

    def __getitem__(self, chosen: NDArray[np.bool_]) -> Self:
        """Take some of the rows."""
        columns = {
            one.name: getattr(self, one.name)[chosen]
            for one in fields(self)
            if one.name != "scheme"
        }
        return replace(self, **columns)

    @property
    def confidences(self) -> NDArray[np.float64]:
        """Probability of each label."""
        found: NDArray[np.float64] = self.probabilities[np.arange(len(self)), self.labels]
        return found

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether each label is gold's."""
        found: NDArray[np.bool_] = self.labels == self.gold
        return found

    @property
    def local_groups(self) -> NDArray[np.int64]:
        """Groups, numbered without a gap; their order is kept."""
        return np.unique(self.groups, return_inverse=True)[1]


@dataclass(frozen=True)
class Predictions:
    """What a model said of one split."""

    sentence_ids: list[str]
    stances: Scored
    sentiments: Scored

    @property
    def langs(self) -> list[str]:
        """Codes, sorted."""
        return sorted({*self.stances.langs.tolist(), *self.sentiments.langs.tolist()})

    @property
    def targets(self) -> list[str]:
        """Keys, in the order of the table."""
        return list(dict.fromkeys(self.stances.tasks.tolist()))


def read_scored(rows: Iterable[Row], split: str) -> Predictions:
    """Take the rows of a split of the table ``predictions``, in one pass.

    Raises:
        DataError: The split was not scored.
    """
    numbers: dict[str, int] = {}
    by_scheme: dict[str, dict[str, list[object]]] = {
        scheme.name: {name: [] for name in _COLUMNS} for scheme in (STANCE, SENTIMENT)
    }
    for row in rows:
        if row["split"] != split:
            continue
        scheme = SENTIMENT if row["task"] == SENTIMENT_TASK.key else STANCE
        columns = by_scheme[scheme.name]
        columns["sentences"].append(numbers.setdefault(row["sentence_id"], len(numbers)))
        columns["tasks"].append(row["task"])
        columns["langs"].append(row["lang"])
        columns["groups"].append(row["group_id"])
        columns["gold"].append(scheme.classes.index(row["gold"]))
        columns["labels"].append(scheme.classes.index(row["label"]))
        columns["probabilities"].append(row["probabilities"])
        columns["voices"].append(row["gold_voice"] or "")
        columns["voice_right"].append(row["gold_voice"] == row["voice"])
        columns["has_holder"].append(row["gold_holder"] is not None)
        columns["holder_right"].append(bool(row["holder_right"]))
    if not numbers:
        raise DataError(f"no prediction of {split}; score it with score_model scored=[{split}]")
    groups = [name for columns in by_scheme.values() for name in columns["groups"]]
    coded = np.unique(np.array(groups, np.str_), return_inverse=True)[1].astype(np.int64)
    n_stances = len(by_scheme[STANCE.name]["gold"])
    return Predictions(
        sentence_ids=list(numbers),
        stances=_scored(STANCE, by_scheme[STANCE.name], coded[:n_stances]),
        sentiments=_scored(SENTIMENT, by_scheme[SENTIMENT.name], coded[n_stances:]),
    )


_COLUMNS = [one.name for one in fields(Scored) if one.name != "scheme"]


def _scored(scheme: Scheme, columns: dict[str, list[object]], groups: NDArray[np.int64]) -> Scored:
    return Scored(
        scheme=scheme,
        sentences=np.array(columns["sentences"], np.int64),
        tasks=np.array(columns["tasks"], np.str_),
        langs=np.array(columns["langs"], np.str_),
        groups=groups,
        gold=np.array(columns["gold"], np.int64),
        labels=np.array(columns["labels"], np.int64),
        probabilities=np.array(columns["probabilities"], np.float64).reshape(
            -1, len(scheme.classes)
        ),
        voices=np.array(columns["voices"], np.str_),
        voice_right=np.array(columns["voice_right"], np.bool_),
        has_holder=np.array(columns["has_holder"], np.bool_),
        holder_right=np.array(columns["holder_right"], np.bool_),
    )
