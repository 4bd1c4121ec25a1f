"""The answers of a model that are calibrated together: those of one label scheme."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from labels.metrics.calibration import Confidences, Right
from labels.metrics.f1 import Ids, ids_of
from labels.pipeline.schema import Scheme
from labels.pipeline.tables import Row

Names = NDArray[np.str_]


@dataclass(frozen=True)
class Answers:
    """Answers to the tasks of one scheme, one in each place; logits are known up to a constant."""

    scheme: Scheme
    logits: NDArray[np.float64]  # shape (n, classes)
    gold: Ids
    tasks: Names
    langs: Names
    groups: Names  # articles; those of one are calibrated or measured together

    @classmethod
    def of(cls, rows: Sequence[Row], scheme: Scheme) -> Self:
        """Take rows of the table ``predictions``, of tasks of the scheme."""
        probabilities = np.array([row["probabilities"] for row in rows], np.float64)
        return cls(
            scheme=scheme,
            logits=np.log(np.maximum(probabilities.reshape(-1, len(scheme.classes)), 1e-12)),
            gold=ids_of(rows, scheme)[0],
            tasks=np.array([row["task"] for row in rows], np.str_),
            langs=np.array([row["lang"] for row in rows], np.str_),
            groups=np.array([row["group_id"] for row in rows], np.str_),
        )

    def __len__(self) -> int:
        """Return the number of answers."""
        return len(self.gold)

    def __getitem__(self, chosen: NDArray[np.bool_]) -> Self:
        """Take some of the answers."""
        return type(self)(
            self.scheme,
            self.logits[chosen],
            self.gold[chosen],
            self.tasks[chosen],
            self.langs[chosen],
            self.groups[chosen],
        )


@dataclass(frozen=True)
class Judged:
    """What was answered, how surely, and whether it is right."""

    labels: Ids  # the most probable class
    confidences: Confidences
    right: Right

    @classmethod
    def of(cls, probabilities: NDArray[np.float64], gold: Ids) -> Self:
        """Judge probabilities, shape ``(n, classes)``, by gold, shape ``(n,)``."""
        labels = probabilities.argmax(1) if len(gold) else gold
        return cls(labels, probabilities.max(1, initial=0), labels == gold)

    def __getitem__(self, chosen: NDArray[np.bool_]) -> Self:
        """Take some of the answers."""
        return type(self)(self.labels[chosen], self.confidences[chosen], self.right[chosen])
