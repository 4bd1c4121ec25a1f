"""The scores as `evaluate.Metric` classes, for `combine`, `add_batch` and other training loops.

Loading by name needs the hub; these classes work offline: ``StanceMetric().compute(...)``.
"""

from typing import Any

import datasets
import evaluate
import numpy as np

from training.metrics import score_sentiment, score_stance

_FEATURES = datasets.Features(
    {"predictions": datasets.Value("int64"), "references": datasets.Value("int64")}
)


class StanceMetric(evaluate.Metric):  # type: ignore[misc]  # evaluate has no types
    """``f_polar`` and ``macro_f1`` of stance ids; see `metrics.score_stance`."""

    def _info(self) -> evaluate.MetricInfo:
        return _describe("Mean F1 of favor and against, and of all four stances.")

    def _compute(self, predictions: list[int], references: list[int]) -> dict[str, Any]:
        return score_stance(np.asarray(references, np.int64), np.asarray(predictions, np.int64))


class SentimentMetric(evaluate.Metric):  # type: ignore[misc]  # evaluate has no types
    """``sentiment_macro_f1`` of sentiment ids; see `metrics.score_sentiment`."""

    def _info(self) -> evaluate.MetricInfo:
        return _describe("Mean F1 of the three sentiments.")

    def _compute(self, predictions: list[int], references: list[int]) -> dict[str, Any]:
        return score_sentiment(np.asarray(references, np.int64), np.asarray(predictions, np.int64))


def _describe(description: str) -> evaluate.MetricInfo:
    return evaluate.MetricInfo(
        description=description, citation="", inputs_description="class ids", features=_FEATURES
    )
