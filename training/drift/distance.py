"""How far two sides are apart, and how far random parts of their articles are."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.compare.significance import corrected
from training.drift.features import Feature
from training.drift.records import Change, Share, Verdict
from training.drift.settings import DriftSettings

_AT_ONCE = 200  # random parts held in memory
_SHOWN = 12  # kinds of a feature whose shares are told
_BELOW = 0.95  # share of the random parts that are below the threshold

Groups = NDArray[np.int64]  # number of the group of each article
Flags = NDArray[np.bool_]


def measure_change(
    feature: Feature,
    groups: Groups,
    is_new: Flags,
    settings: DriftSettings,
    rng: np.random.Generator,
) -> Change:
    """Measure how far both sides are apart in a feature, before any correction.

    Articles are dealt anew to both sides, near-duplicates together, as often as `permutations`
    says: what is then found is what chance gives, with as many articles, however alike those of one
    outlet or the sentences of one article are.

    Args:
        feature: Counts of all articles.
        groups: Of each article; those of both sides differ.
        is_new: Whether an article is a new one.
        settings: How many draws, and what is too few.
        rng: Source of the draws.

    Source:
        Lin 1991, the Jensen-Shannon divergence; to base 2, its root is the distance.
    """
    has = np.asarray(feature.counts.sum(1)).ravel() > 0  # articles that it says something of
    n_new, n_reference = int(is_new[has].sum()), int((~is_new[has]).sum())
    change = Change(
        feature=feature.name,
        lang=feature.lang,
        target=feature.target,
        articles=n_new,
        reference=n_reference,
        distance=None,
        threshold=None,
        excess=None,
        p=None,
        p_corrected=None,
        verdict=Verdict.too_few,
        shares=_shares(feature, is_new),
    )
    least = min(n_new, n_reference)
    if least < settings.least_articles:
        which = "new articles" if n_new == least else "articles of the reference"
        change["reason"] = f"{least} {which}, fewer than {settings.least_articles}"
        return change
    counts, new_groups = _by_group(feature.counts, has.nonzero()[0], groups, is_new)
    _test(change, counts, new_groups, settings.permutations, rng)
    return change


def _by_group(
    counts: Any,  # noqa: ANN401 - scipy has no types
    chosen: NDArray[np.int64],
    groups: Groups,
    is_new: Flags,
) -> tuple[Any, Flags]:
    """Sum the counts of some articles by group, and tell which groups are new."""
    from scipy.sparse import csr_array

    _, first, numbers = np.unique(groups[chosen], return_index=True, return_inverse=True)
    ones = np.ones(len(chosen))
    gather = csr_array((ones, (numbers, np.arange(len(chosen)))), shape=(len(first), len(chosen)))
    return gather @ csr_array(counts)[chosen], is_new[chosen][first]


def _test(
    change: Change,
    counts: Any,  # noqa: ANN401 - scipy has no types
    is_new: Flags,
    n_draws: int,
    rng: np.random.Generator,
) -> None:
    """Deal the groups anew; fill in the distance, its threshold, its excess and its p-value."""
    from scipy.stats import permutation_test

    total = np.asarray(counts.sum(0)).ravel()
    n = len(is_new)

    def divergence(
        first: NDArray[np.int64], second: NDArray[np.int64], axis: int = -1
    ) -> NDArray[np.float64]:
        del second, axis  # what is not on the one side is on the other
        rows = first.reshape(-1, first.shape[-1])
        chosen = np.zeros((len(rows), n))
        chosen[np.arange(len(rows))[:, None], rows] = 1
        new = (counts.T @ chosen.T).T
        return jensen_shannon(new, total - new).reshape(first.shape[:-1])

    found = permutation_test(
        (is_new.nonzero()[0], (~is_new).nonzero()[0]),
        divergence,
        permutation_type="independent",
        vectorized=True,
        n_resamples=n_draws,
        batch=_AT_ONCE,
        alternative="greater",
        rng=rng,
    )
    by_chance = np.asarray(found.null_distribution)
    change["p"] = float(found.pvalue)
    change["distance"] = float(np.sqrt(found.statistic))
    change["threshold"] = float(np.sqrt(np.quantile(by_chance, _BELOW)))
    change["excess"] = float(np.sqrt(max(0.0, float(found.statistic - by_chance.mean()))))


def jensen_shannon(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute the divergence of the shares of two sets of counts, in [0, 1].

    Args:
        first: Counts, shape ``(..., kinds)``.
        second: The same.

    Returns:
        Shape ``(...)``; 0 where a side has no counts, as then nothing differs.
    """
    from scipy.spatial.distance import jensenshannon

    with np.errstate(invalid="ignore"):
        found = jensenshannon(first, second, base=2, axis=-1)
    return np.asarray(np.nan_to_num(found) ** 2)


def judge(changes: Sequence[Change], settings: DriftSettings) -> None:
    """Correct the p-values for the number of features, and give the verdicts."""
    tested = [change for change in changes if change["p"] is not None]
    for change, p in zip(tested, corrected([one["p"] or 0.0 for one in tested]), strict=True):
        change["p_corrected"] = p
        if p >= settings.alpha:
            change["verdict"] = Verdict.same
        elif (change["excess"] or 0.0) < settings.notable:
            change["verdict"] = Verdict.little
        else:
            change["verdict"] = Verdict.drifted


def _shares(feature: Feature, is_new: Flags) -> list[Share]:
    if not feature.kinds:
        return []
    sums = [np.asarray(feature.counts[chosen].sum(0)).ravel() for chosen in (is_new, ~is_new)]
    new, reference = (one / max(1.0, float(one.sum())) for one in sums)
    order = np.argsort(-np.abs(new - reference), kind="stable")[:_SHOWN]
    return [
        Share(name=feature.kinds[i], articles=float(new[i]), reference=float(reference[i]))
        for i in sorted(order.tolist())
    ]
