"""The scores of one split, computed from its rows of the table ``predictions``."""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np

from labels.metrics.attribution import score_attributions
from labels.metrics.f1 import Scores, ids_of, polar_ids
from labels.metrics.intervals import group_interval
from labels.metrics.records import LanguageScores, SplitScores, ToneScores
from labels.pipeline.schema import SENTIMENT, SENTIMENT_TASK, STANCE, Scheme, Stance
from labels.pipeline.tables import Row
from training.report.evaluate_metrics import SchemeMetric
from training.report.sensitivity import target_gain, target_swap


class Headline(TypedDict):
    """A split's line in ``metrics.json``, which ``dvc metrics show`` prints; null where unknown."""

    sentences: int
    f_polar_pooled: float | None
    f_polar_pooled_low: float | None
    f_polar_pooled_high: float | None
    macro_f1_pooled: float | None
    false_polar: float | None
    sentiment_macro_f1: float | None
    holder_right: float | None
    voice_right: float | None
    target_gain: float | None


def summarize(rows: Sequence[Row], swapped: Sequence[Row], seed: int, n_draws: int) -> SplitScores:
    """Score one split: pooled, by target, by language, sentiment and attribution, each with its n.

    Args:
        rows: Of the table ``predictions``, one for each label.
        swapped: The same of the sentences that `swap_mentions` gives.
        seed: Of the resampling.
        n_draws: Number of bootstrap samples behind each interval.
    """
    stances = [row for row in rows if row["task"] != SENTIMENT_TASK.key]
    sentiments = [row for row in rows if row["task"] == SENTIMENT_TASK.key]
    rng = np.random.default_rng(seed)
    pooled = scores_of(stances, STANCE)
    sentiment = scores_of(sentiments, SENTIMENT)
    interval = group_interval(
        *ids_of(stances, STANCE),
        [row["group_id"] for row in stances],
        polar_ids(STANCE),
        len(STANCE.classes),
        rng,
        n_draws,
    )
    low, high = interval or (None, None)
    return SplitScores(
        sentences=len({row["sentence_id"] for row in rows}),
        groups=len({row["group_id"] for row in rows}),
        rows=len(stances),
        f_polar_pooled=pooled["f_polar"],
        f_polar_pooled_low=low,
        f_polar_pooled_high=high,
        macro_f1_pooled=pooled["macro_f1"],
        pooled=pooled,
        sentiment_macro_f1=sentiment["macro_f1"],
        sentiment=sentiment,
        attribution=score_attributions(stances),
        tones=tones_of(stances, sentiments),
        target_gain=target_gain(stances, rng, n_draws),
        target_swap=target_swap(stances, swapped, rng, n_draws),
        targets={
            target: scores_of([row for row in stances if row["task"] == target], STANCE)
            for target in sorted({row["task"] for row in stances})
        },
        languages={
            lang: LanguageScores(
                **scores_of([row for row in stances if row["lang"] == lang], STANCE),
                sentiment_macro_f1=scores_of(
                    [row for row in sentiments if row["lang"] == lang], SENTIMENT
                )["macro_f1"],
                attribution=score_attributions([row for row in stances if row["lang"] == lang]),
            )
            for lang in sorted({row["lang"] for row in rows})
        },
    )


def scores_of(rows: Sequence[Row], scheme: Scheme) -> Scores:
    """Score the predictions of tasks of one scheme."""
    gold, predicted = ids_of(rows, scheme)
    scores: Scores = SchemeMetric(scheme).compute(references=gold, predictions=predicted)
    return scores


def tones_of(stances: Sequence[Row], sentiments: Sequence[Row]) -> dict[str, ToneScores]:
    """Tell how often a neutral row is called polar, by the sentiment of its sentence.

    Args:
        stances: Of the table ``predictions``.
        sentiments: The same; a sentence without one counts for nothing.
    """
    tones = {row["sentence_id"]: row["gold"] for row in sentiments}
    neutral = [row for row in stances if row["gold"] == Stance.neutral]
    found = {}
    for tone in SENTIMENT.classes:
        called = [row["label"] for row in neutral if tones.get(row["sentence_id"]) == tone]
        share = {
            name: called.count(name) / len(called) if called else None for name in STANCE.polar
        }
        found[tone] = ToneScores(n=len(called), favor=share["favor"], against=share["against"])
    return found


def headline(scores: SplitScores) -> Headline:
    """Take the figures that runs are compared by."""
    return Headline(
        sentences=scores["sentences"],
        f_polar_pooled=scores["f_polar_pooled"],
        f_polar_pooled_low=scores["f_polar_pooled_low"],
        f_polar_pooled_high=scores["f_polar_pooled_high"],
        macro_f1_pooled=scores["macro_f1_pooled"],
        false_polar=scores["pooled"]["false_polar"],
        sentiment_macro_f1=scores["sentiment_macro_f1"],
        holder_right=scores["attribution"]["holder_right"],
        voice_right=scores["attribution"]["voice_right"],
        target_gain=scores["target_gain"]["gain"],
    )
