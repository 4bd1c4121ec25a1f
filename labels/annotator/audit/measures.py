"""The measures of the card: scores, the bias towards neutral, and flips, with intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labels.annotator.audit.records import AuditFlip, AuditScore
from labels.metrics.f1 import polar_ids, score
from labels.metrics.intervals import group_interval
from labels.pipeline.schema import Scheme, Stance

_NEUTRAL = Stance.neutral.value  # sentiments call it the same
_TAIL = 0.025  # on each side of an interval


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One answer beside gold."""

    article: str
    lang: str
    task: str
    gold: str
    label: str


def score_slice(
    rows: Sequence[Judged],
    scheme: Scheme,
    lang: str,
    task: str,
    rng: np.random.Generator,
    n_draws: int,
) -> AuditScore:
    """Score the answers of one slice.

    Args:
        rows: The answers, at least one, all of the scheme.
        scheme: Its classes.
        lang: The name of the slice.
        task: The same.
        rng: Source of the draws.
        n_draws: Number of bootstrap samples.
    """
    gold = np.array([scheme.classes.index(row.gold) for row in rows], np.int64)
    labels = np.array([scheme.classes.index(row.label) for row in rows], np.int64)
    articles = [row.article for row in rows]
    n_classes = len(scheme.classes)

    def interval(ids: Sequence[int]) -> tuple[float | None, float | None]:
        found = group_interval(gold, labels, articles, ids, n_classes, rng, n_draws)
        return (None, None) if found is None else found

    scores = score(scheme, gold, labels)
    low, high = interval(range(n_classes))
    neutral = scheme.classes.index(_NEUTRAL)
    said, true = labels == neutral, gold == neutral
    bias = said.astype(float) - true.astype(float)
    bias_low, bias_high = mean_interval(bias, articles, rng, n_draws)
    opinionated = np.isin(gold, polar_ids(scheme)) if scheme.polar else ~true
    result = AuditScore(
        lang=lang,
        task=task,
        n=len(rows),
        articles=len(set(articles)),
        macro_f1=scores["macro_f1"],
        macro_f1_low=low,
        macro_f1_high=high,
        neutral_gold=float(true.mean()),
        neutral_answered=float(said.mean()),
        neutral_bias=float(bias.mean()),
        neutral_bias_low=bias_low,
        neutral_bias_high=bias_high,
        missed=float(said[opinionated].mean()) if opinionated.any() else None,
        n_missed=int(opinionated.sum()),
    )
    if "macro_f1_reason" in scores:
        result["macro_f1_reason"] = scores["macro_f1_reason"]
    if scheme.polar:
        result["f_polar"] = scores.get("f_polar")
        result["f_polar_low"], result["f_polar_high"] = interval(polar_ids(scheme))
        if "f_polar_reason" in scores:
            result["f_polar_reason"] = scores["f_polar_reason"]
    return result


def score_flips(
    changed: Sequence[tuple[str, bool]],
    variant: str,
    lang: str,
    task: str,
    rng: np.random.Generator,
    n_draws: int,
) -> AuditFlip:
    """Say how many answers changed; each is (article, changed).

    Source:
        Clopper and Pearson 1934, for a share of 0 or 1, each article being one trial.
    """
    articles = [article for article, _ in changed]
    values = np.array([has_changed for _, has_changed in changed], float)
    low, high = mean_interval(values, articles, rng, n_draws)
    n_articles = len(set(articles))
    if n_articles > 1 and np.ptp(values) == 0:
        edge = _TAIL ** (1 / n_articles)
        low, high = (edge, 1.0) if values[0] else (0.0, 1 - edge)
    return AuditFlip(
        variant=variant,
        lang=lang,
        task=task,
        n=len(changed),
        articles=n_articles,
        flipped=float(values.mean()) if len(values) else None,
        low=low,
        high=high,
    )


def mean_interval(
    values: NDArray[np.float64],
    groups: Sequence[str],
    rng: np.random.Generator,
    n_draws: int,
) -> tuple[float | None, float | None]:
    """Give a 95% interval of a mean, resampling whole groups.

    Where every value is the same, no draw differs, and the bootstrap says nothing: such a mean
    gets None, rather than an interval without width.

    Args:
        values: Shape ``(n,)``.
        groups: Group of each value, length n.
        rng: Source of the draws.
        n_draws: Number of bootstrap samples.

    Returns:
        The 2.5% and 97.5% quantiles; None twice with fewer than two groups, too.

    Source:
        Efron and Tibshirani 1993, the percentile bootstrap, over clusters.
    """
    names, index = np.unique(np.asarray(groups), return_inverse=True)
    if len(names) < 2 or np.ptp(values) == 0:
        return None, None
    sums = np.bincount(index, weights=values)
    sizes = np.bincount(index)
    drawn = rng.integers(len(names), size=(n_draws, len(names)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)
