"""The content of ``scores.json``, as ``score_model`` writes it and others read it."""

from typing import NotRequired, TypedDict

from labels.metrics.attribution import AttributionScores
from labels.metrics.f1 import Scores


class Gain(TypedDict):
    """How much the answers depend on the target asked; see `training.report.sensitivity`."""

    gain: float | None
    low: float | None  # 95% interval, articles resampled
    high: float | None
    n: int  # sentences
    reason: NotRequired[str]


class Swap(TypedDict):
    """How often an answer follows the place that is marked; see `training.report.sensitivity`."""

    changed: float | None  # share of the rows
    low: float | None  # 95% interval, articles resampled
    high: float | None
    n: int  # rows: (sentence, target)
    reason: NotRequired[str]


class ToneScores(TypedDict):
    """What neutral rows are called in sentences of one sentiment: is tone taken for a stance?"""

    n: int  # rows that are neutral in gold
    favor: float | None  # share of them that is called so
    against: float | None


class LanguageScores(Scores):
    """Scores of the stance rows of one language, of its sentiments, holders and voices."""

    sentiment_macro_f1: float | None
    attribution: AttributionScores


class SplitScores(TypedDict):
    """Scores of one split."""

    sentences: int
    groups: int  # near-duplicate groups of articles
    rows: int  # (sentence, target) pairs
    f_polar_pooled: float | None
    f_polar_pooled_low: float | None  # 95% interval, articles resampled
    f_polar_pooled_high: float | None
    macro_f1_pooled: float | None
    pooled: Scores  # stance rows of all targets together
    sentiment_macro_f1: float | None
    sentiment: Scores
    attribution: AttributionScores
    tones: dict[str, ToneScores]  # by the sentiment of the sentence in gold
    target_gain: Gain
    target_swap: Swap
    targets: dict[str, Scores]
    languages: dict[str, LanguageScores]


class ModelFacts(TypedDict):
    """Which model was scored."""

    backbone: str
    classifier: str
    best_epoch: int
    train_sentences: int


class Metrics(TypedDict):
    """The whole file; a split that has no examples is null."""

    model: ModelFacts
    splits: dict[str, SplitScores | None]  # by name
