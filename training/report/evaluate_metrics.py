"""The scores as an `evaluate.Metric`, for `combine`, `add_batch` and other training loops.

Loading by name needs the hub; this class works offline: ``SchemeMetric(STANCE).compute(...)``.
"""

import datasets
import evaluate
import numpy as np

from labels.metrics.f1 import Scores, score
from labels.pipeline.schema import Scheme

_FEATURES = datasets.Features(
    {"predictions": datasets.Value("int64"), "references": datasets.Value("int64")}
)


class SchemeMetric(evaluate.Metric):  # type: ignore[misc]  # evaluate has no types
    """The scores of class ids of one label scheme; see `labels.metrics.f1.score`."""

    def __init__(self, scheme: Scheme) -> None:
        """Name the scheme, which says what the ids mean; nothing is written to disk."""
        self.scheme = scheme  # `_info` is called by the base class
        super().__init__(keep_in_memory=True)

    def _info(self) -> evaluate.MetricInfo:
        polar = f", and of {' and '.join(self.scheme.polar)}" if self.scheme.polar else ""
        return evaluate.MetricInfo(
            description=f"Mean F1 of {', '.join(self.scheme.classes)}{polar}.",
            citation="",
            inputs_description="class ids",
            features=_FEATURES,
        )

    def _compute(self, predictions: list[int], references: list[int]) -> Scores:
        gold, predicted = (np.asarray(ids, np.int64) for ids in (references, predictions))
        return score(self.scheme, gold, predicted)
