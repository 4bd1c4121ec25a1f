"""Shares of classes among the sentences of a cell, from labels of a classifier that errs.

A cell has sentences with predicted classes, the gold sample has sentences with predicted and right
ones. Sentences of one article (cluster) are not independent, in either. What each estimator takes
for granted, and where it fails, is measured by ``simulate_shares`` and told in ``docs/shares.md``.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

LEVEL = 0.95
_Z = 1.959964  # standard normal quantile at 0.975
_TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
_PRIOR = 0.5  # of every class, in the shares and in the error rates: Jeffreys
_LEAST_DRAWS = 200  # that count, below which the posterior is not trusted
_MORE_DRAWS = 10  # times as many are tried then


@dataclass(frozen=True)
class Sample:
    """Sentences with what the classifier says of them."""

    predicted: Ids  # class of each, shape (n,)
    scores: Floats  # probability of each class, shape (n, classes)
    clusters: Ids  # article or group of articles of each, shape (n,)

    @property
    def n_clusters(self) -> int:
        """Count the clusters."""
        return len(np.unique(self.clusters))

    @property
    def n_classes(self) -> int:
        """Count the classes."""
        return int(self.scores.shape[1])


@dataclass(frozen=True)
class Audited(Sample):
    """Sentences of which the right class is known, too."""

    gold: Ids  # shape (n,)


@dataclass(frozen=True)
class Estimate:
    """Shares that sum to 1 up to clipping, and 95% intervals; each of shape (classes,)."""

    shares: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Draws:
    """Weighted draws of the shares of one cell or several; see `draw_shares`."""

    shares: tuple[Floats, ...]  # of each cell, shape (draws, classes)
    weights: Floats  # shape (draws,), sum 1

    @property
    def effective(self) -> float:
        """How many draws of equal weight would be worth as much."""
        return float(1 / np.square(self.weights).sum()) if self.weights.size else 0.0


def one_hot(ids: Ids, n_classes: int) -> Floats:
    """Return a row for each id, with a one in its column."""
    table: Floats = np.eye(n_classes)[ids]
    return table


def error_rates(audited: Audited, prior: float = 0.0) -> Floats:
    """Estimate how often a sentence of class i is called j.

    Returns:
        Shape (classes, classes), ``[j, i]``; columns sum to 1. A class without gold has NaN where
        ``prior`` is 0.
    """
    counts = confusion_of(audited).T + prior
    with np.errstate(invalid="ignore"):
        rates: Floats = counts / counts.sum(0)
    return rates


def confusion_of(audited: Audited) -> Floats:
    """Count the gold sentences by right (rows) and predicted class (columns)."""
    counts = np.zeros((audited.n_classes, audited.n_classes))
    np.add.at(counts, (audited.gold, audited.predicted), 1)
    return counts


def covariance_of_mean(values: Floats, clusters: Ids) -> Floats:
    """Return the covariance of the mean of rows whose clusters were drawn, not they themselves.

    Args:
        values: Shape (n, k).
        clusters: Shape (n,).

    Returns:
        Shape (k, k); NaN with fewer than two clusters.

    Source:
        Liang and Zeger 1986, the sandwich, with the factor G / (G - 1).
    """
    return _covariance_of_sum(values - values.mean(0), clusters) / len(values) ** 2


def _covariance_of_sum(values: Floats, clusters: Ids) -> Floats:
    names, index = np.unique(clusters, return_inverse=True)
    sums = np.zeros((len(names), values.shape[1]))
    np.add.at(sums, index, values)
    if len(names) < 2:
        return np.full((values.shape[1],) * 2, np.nan)
    covariance: Floats = len(names) / (len(names) - 1) * sums.T @ sums
    return covariance


def naive(cell: Sample) -> Estimate:
    """Count the predicted classes, as if the classifier never erred."""
    labels = one_hot(cell.predicted, cell.n_classes)
    return _normal(labels.mean(0), covariance_of_mean(labels, cell.clusters))


def adjusted(cell: Sample, audited: Audited) -> Estimate:
    """Count the predicted classes and undo the error rates of the gold sample.

    Holds where a class is called right and wrong as often in the cell as in the gold sample; how
    frequent the classes are may differ. The interval is that of the first-order expansion, over
    the clusters of both samples, cut at 0 and 1.

    Source:
        Forman 2008, Quantifying counts and costs via classification: adjusted count; Saerens et al.
        2002 for several classes.
    """
    rates = error_rates(audited)
    inverse = np.linalg.pinv(rates)
    labels = one_hot(cell.predicted, cell.n_classes)
    shares = nearest_shares(inverse @ labels.mean(0))
    of_class = confusion_of(audited).sum(1)
    errors = one_hot(audited.predicted, cell.n_classes) - rates.T[audited.gold]
    influence = -(shares / of_class)[audited.gold, None] * (errors @ inverse.T)
    covariance = inverse @ covariance_of_mean(labels, cell.clusters) @ inverse.T
    return _normal(shares, covariance + _covariance_of_sum(influence, audited.clusters))


def nearest_shares(values: Floats) -> Floats:
    """Return the nearest point whose entries are at least 0 and sum to 1.

    Source:
        Duchi et al. 2008, Efficient projections onto the l1-ball, algorithm 1.
    """
    ordered = np.sort(values)[::-1]
    surplus = (np.cumsum(ordered) - 1) / np.arange(1, len(values) + 1)
    kept = np.flatnonzero(ordered > surplus)[-1]
    shares: Floats = np.maximum(values - surplus[kept], 0)
    return shares


def prediction_powered(cell: Sample, audited: Audited) -> Estimate:
    """Take the mean probability in the cell, and add what it is off by in the gold sample.

    Holds where the gold sample was drawn from the same articles as the cell; else it is off by the
    difference of both. Probabilities count as much (lambda, one for each class) as makes the
    interval narrowest, and not at all where they tell nothing.

    Source:
        Angelopoulos, Bates et al. 2023, Prediction-powered inference; Angelopoulos, Duchi and
        Zrnic 2023, PPI++, equations 5 and 8; variances here are those of clusters.
    """
    n_classes = cell.n_classes
    right = one_hot(audited.gold, n_classes)
    both = covariance_of_mean(np.hstack([right, audited.scores]), audited.clusters)
    of_right, of_scores = np.diag(both)[:n_classes], np.diag(both)[n_classes:]
    together = np.diag(both[:n_classes, n_classes:])
    of_cell = np.diag(covariance_of_mean(cell.scores, cell.clusters))
    spread = of_cell + of_scores
    power = np.clip(np.divide(together, spread, out=np.zeros(n_classes), where=spread > 0), 0, 1)
    shares = power * cell.scores.mean(0) + right.mean(0) - power * audited.scores.mean(0)
    variance = power**2 * spread + of_right - 2 * power * together
    return _normal(shares, np.diag(variance))


def _normal(shares: Floats, covariance: Floats) -> Estimate:
    half: Floats = _Z * np.sqrt(np.maximum(np.diag(covariance), 0))
    low, high = np.clip(shares - half, 0, 1), np.clip(shares + half, 0, 1)
    return Estimate(np.clip(shares, 0, 1), low, high)


def correlation_within(labels: Floats, clusters: Ids, strata: Ids) -> float:
    """Estimate how alike the sentences of a cluster are: their intraclass correlation, 0 to 1.

    Args:
        labels: One-hot, shape (n, classes); all classes count together.
        clusters: Shape (n,); each lies in one stratum.
        strata: Cells, or right classes: differences between them do not count. Shape (n,).

    Source:
        Donner 1986, A review of inference procedures for the intraclass correlation coefficient:
        the analysis-of-variance estimator, within strata.
    """
    if not len(labels):
        return 0.0
    _, of_stratum = np.unique(strata, return_inverse=True)
    _, of_cluster = np.unique(np.stack([of_stratum, clusters]), axis=1, return_inverse=True)
    of_cluster = of_cluster.ravel()
    sizes = np.bincount(of_cluster).astype(float)
    n, n_clusters, n_strata = len(labels), len(sizes), int(of_stratum.max()) + 1
    if n_clusters <= n_strata or n <= n_clusters:
        return 0.0
    means = _means(labels, of_cluster, n_clusters)
    middles = _means(labels, of_stratum, n_strata)
    first = np.zeros(n_clusters, np.int64)
    first[of_cluster] = of_stratum
    between = (sizes[:, None] * np.square(means - middles[first])).sum() / (n_clusters - n_strata)
    within = np.square(labels - means[of_cluster]).sum() / (n - n_clusters)
    of_strata = np.bincount(of_stratum)
    squares = np.bincount(first, weights=sizes**2, minlength=n_strata)
    typical = (n - (squares / of_strata).sum()) / (n_clusters - n_strata)
    total = between + (typical - 1) * within
    return float(np.clip((between - within) / total, 0, 1)) if total > 0 else 0.0


def _means(values: Floats, index: Ids, n_groups: int) -> Floats:
    sums = np.zeros((n_groups, values.shape[1]))
    np.add.at(sums, index, values)
    means: Floats = sums / np.bincount(index, minlength=n_groups)[:, None]
    return means


def design_effect(clusters: Ids, correlation: float) -> float:
    """Say how many sentences count as one, as those of a cluster are alike; at least 1.

    Source:
        Kish 1965, Survey sampling, for clusters of unequal size.
    """
    if not len(clusters):
        return 1.0
    sizes = np.unique(clusters, return_counts=True)[1].astype(float)
    return float(1 + correlation * (np.square(sizes).sum() / sizes.sum() - 1))


def effective_counts(cell: Sample, correlation: float) -> Floats:
    """Count the predicted classes as if of independent sentences, shape (classes,)."""
    counts = np.bincount(cell.predicted, minlength=cell.n_classes)
    return counts / design_effect(cell.clusters, correlation)


def effective_confusion(audited: Audited) -> Floats:
    """Count as `confusion_of` does, as if of independent sentences."""
    labels = one_hot(audited.predicted, audited.n_classes)
    correlation = correlation_within(labels, audited.clusters, audited.gold)
    counts = confusion_of(audited)
    effects = [
        design_effect(audited.clusters[audited.gold == i], correlation) for i in range(len(counts))
    ]
    scaled: Floats = counts / np.array(effects)[:, None]
    return scaled


def draw_shares(
    counts: tuple[Floats, ...], confusion: Floats, rng: np.random.Generator, n_draws: int
) -> Draws | None:
    """Draw the shares of cells from their posterior, given counts and a gold sample.

    The unknowns are the error rates, the same in all cells given, and the shares of each cell.
    Error rates and predicted shares are drawn from Dirichlet distributions and the shares are
    solved for; what is no share is dropped, and weights turn the density of predicted shares into
    that of shares (importance sampling; draws are independent, so nothing has to converge).

    Args:
        counts: Of predicted classes of each cell, as if independent.
        confusion: Of the gold sample, ``[right, predicted]``, as if independent.
        rng: Source of the draws.
        n_draws: How many to try; ten times as many where too few are possible.

    Returns:
        None where next to no error rates that the gold sample allows fit the cells.

    Source:
        Ziegler and Czyz 2023, Bayesian quantification with black-box estimators: the same model.
    """
    for tried in (n_draws, n_draws * _MORE_DRAWS):
        draws = _draw(counts, confusion, rng, tried)
        if draws.effective >= _LEAST_DRAWS:
            return draws
    return None


def _draw(
    counts: tuple[Floats, ...], confusion: Floats, rng: np.random.Generator, n_draws: int
) -> Draws:
    rates = np.stack([_dirichlet(rng, row + _PRIOR, n_draws) for row in confusion], axis=2)
    seen = np.stack([_dirichlet(rng, row + 1, n_draws) for row in counts], axis=2)
    determinants = np.abs(np.linalg.det(rates))
    is_regular = determinants > 1e-9
    rates, seen, determinants = rates[is_regular], seen[is_regular], determinants[is_regular]
    shares = np.linalg.solve(rates, seen)  # (draws, classes, cells)
    is_possible = (shares > 0).all(axis=(1, 2))
    shares, determinants = shares[is_possible], determinants[is_possible]
    logs = (_PRIOR - 1) * np.log(shares).sum(axis=(1, 2)) - len(counts) * np.log(determinants)
    weights = np.exp(logs - logs.max(initial=-np.inf)) if len(logs) else logs
    return Draws(
        tuple(shares[:, :, cell] for cell in range(len(counts))),
        weights / weights.sum() if len(weights) else weights,
    )


def _dirichlet(rng: np.random.Generator, parameters: Floats, n_draws: int) -> Floats:
    gammas = np.maximum(rng.standard_gamma(parameters, (n_draws, len(parameters))), 1e-300)
    shares: Floats = gammas / gammas.sum(1, keepdims=True)
    return shares


def posterior(
    counts: Floats, confusion: Floats, rng: np.random.Generator, n_draws: int
) -> Estimate | None:
    """Give the mean and the middle 95% of the posterior of a cell's shares.

    Holds where `adjusted` does, and with few gold sentences and shares near 0, too.
    """
    draws = draw_shares((counts,), confusion, rng, n_draws)
    if draws is None:
        return None
    (shares,) = draws.shares
    low, high = quantiles(shares, draws.weights, _TAILS)
    return Estimate(draws.weights @ shares, low, high)


def quantiles(values: Floats, weights: Floats, at: tuple[float, ...]) -> Floats:
    """Return weighted quantiles of each column, shape (len(at), columns)."""
    order = np.argsort(values, axis=0)
    below = np.cumsum(weights[order], axis=0)
    found = np.empty((len(at), values.shape[1]))
    for column in range(values.shape[1]):
        places = np.searchsorted(below[:, column], at)
        found[:, column] = values[order[np.minimum(places, len(values) - 1), column], column]
    return found
