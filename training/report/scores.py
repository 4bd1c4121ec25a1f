"""The scores of one split, computed from its rows of the table ``predictions``."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import permutations
from typing import TypedDict

import numpy as np

from labels.metrics.attribution import score_attributions
from labels.metrics.f1 import Scores, ids_of, polar_ids
from labels.metrics.intervals import group_interval
from labels.metrics.records import Gain, LanguageScores, SplitScores, ToneScores
from labels.pipeline.schema import SENTIMENT, SENTIMENT_TASK, STANCE, Scheme, Stance
from labels.pipeline.tables import Row
from training.report.evaluate_metrics import SchemeMetric


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


def summarize(rows: Sequence[Row], seed: int, n_draws: int) -> SplitScores:
    """Score one split: pooled, by target, by language, sentiment and attribution, each with its n.

    Args:
        rows: Of the table ``predictions``, one for each label.
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


def target_gain(rows: Sequence[Row], rng: np.random.Generator, n_draws: int) -> Gain:
    """Measure whether the model answers for the target asked, not for the sentence.

    On sentences with at least two related targets whose gold stances differ: the fraction of
    (sentence, target) rows that are right, minus the mean fraction when the predictions are dealt
    to the targets in every other order.

    Args:
        rows: Stance rows of the table ``predictions``.
        rng: Source of the draws.
        n_draws: Number of bootstrap samples, of articles.
    """
    by_sentence: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["gold"] != Stance.unrelated:
            by_sentence[row["sentence_id"]].append(row)
    by_group: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
    for found in by_sentence.values():
        if len({row["gold"] for row in found}) > 1:
            gold = [row["gold"] for row in found]
            labels = [row["label"] for row in found]
            right, *right_when_dealt = [
                sum(g == label for g, label in zip(gold, dealt, strict=True))
                for dealt in permutations(labels)
            ]
            gained = right - float(np.mean(right_when_dealt))
            by_group[found[0]["group_id"]].append((gained, len(found)))
    if not by_group:
        reason = "no sentence with two related targets of different stances"
        return Gain(gain=None, low=None, high=None, n=0, reason=reason)
    sums = np.array([np.sum(values, axis=0) for values in by_group.values()])
    draws = [
        float(np.divide(*sums[rng.integers(len(sums), size=len(sums))].sum(0)))
        for _ in range(n_draws)
    ]
    low, high = np.quantile(draws, [0.025, 0.975])
    return Gain(
        gain=float(np.divide(*sums.sum(0))),
        low=float(low),
        high=float(high),
        n=sum(map(len, by_group.values())),
    )


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
