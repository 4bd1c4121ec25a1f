import numpy as np
import pytest

from training.shares import estimators
from training.shares.estimators import Audited, Sample

RATES = np.array([[0.8, 0.05, 0.15], [0.1, 0.7, 0.2], [0.05, 0.05, 0.9]])  # [right, predicted]


def sample(predicted, clusters=None):
    predicted = np.array(predicted)
    clusters = np.arange(len(predicted)) if clusters is None else np.array(clusters)
    return Sample(predicted, estimators.one_hot(predicted, 3), clusters)


def audited(counts):
    """Make a gold sample with so many sentences of each right (row) and predicted class."""
    pairs = [(i, j) for i in range(3) for j in range(3) for _ in range(int(counts[i][j]))]
    gold, predicted = np.array(pairs).T
    scores = estimators.one_hot(predicted, 3)
    return Audited(predicted, scores, np.arange(len(gold)), gold)


def with_shares(shares, n=2000):
    """Make a cell that is called just as often as its shares and the error rates make expect."""
    called = np.round(np.array(shares) @ RATES * n).astype(int)
    return sample(np.repeat(np.arange(3), called))


GOLD = audited(RATES * 1000)


def test_naive_counts_and_its_interval_is_that_of_independent_sentences():
    found = estimators.naive(sample([0] * 30 + [2] * 70))
    assert found.shares == pytest.approx([0.3, 0, 0.7])
    half = 1.96 * np.sqrt(0.3 * 0.7 / 99)  # n - 1, as clusters of one sentence
    assert found.low[0] == pytest.approx(0.3 - half, abs=1e-4)
    assert found.high[0] == pytest.approx(0.3 + half, abs=1e-4)


def test_sentences_of_an_article_that_agree_count_as_one():
    alone = estimators.naive(sample([0] * 30 + [2] * 70))
    repeated = sample(np.repeat([0] * 30 + [2] * 70, 4), np.repeat(np.arange(100), 4))
    found = estimators.naive(repeated)
    assert found.high - found.low == pytest.approx(alone.high - alone.low)


@pytest.mark.parametrize("shares", [(0.1, 0.6, 0.3), (0.5, 0.3, 0.2), (0.02, 0.03, 0.95)])
def test_adjusted_and_posterior_undo_the_error_rates(shares):
    cell = with_shares(shares)
    adjusted = estimators.adjusted(cell, GOLD)
    assert adjusted.shares == pytest.approx(shares, abs=0.003)
    counts = estimators.effective_counts(cell, 0.0)
    confusion = estimators.effective_confusion(GOLD)
    posterior = estimators.posterior(counts, confusion, np.random.default_rng(1), 20_000)
    assert posterior.shares == pytest.approx(shares, abs=0.01)
    for i in range(3):
        assert posterior.low[i] < shares[i] < posterior.high[i]
        assert posterior.high[i] - posterior.low[i] == pytest.approx(
            adjusted.high[i] - adjusted.low[i], rel=0.2
        )
    naive = estimators.naive(cell)
    assert abs(naive.shares - shares).max() > 0.03


def test_adjusted_gives_shares_where_the_inverse_does_not():
    cell = sample([0] * 5 + [2] * 995)  # fewer called favor than errors alone would give
    found = estimators.adjusted(cell, GOLD)
    assert found.shares.sum() == pytest.approx(1)
    assert found.shares.min() >= 0
    assert found.low.min() >= 0


def test_the_posterior_says_so_where_no_error_rates_fit():
    cell = sample([2] * 5000)  # nothing is ever called favor or against
    counts = estimators.effective_counts(cell, 0.0)
    confusion = estimators.effective_confusion(GOLD)
    assert estimators.posterior(counts, confusion, np.random.default_rng(1), 1000) is None


def test_a_smaller_gold_sample_gives_wider_intervals():
    cell = with_shares((0.1, 0.6, 0.3))
    small = audited(RATES * 40)
    for estimate in (estimators.adjusted, estimators.prediction_powered):
        wide, narrow = estimate(cell, small), estimate(cell, GOLD)
        assert ((wide.high - wide.low) > (narrow.high - narrow.low)).all()


def test_prediction_powered_is_right_for_a_gold_sample_of_the_cell_and_off_for_another():
    same = with_shares((1 / 3, 1 / 3, 1 / 3))  # as GOLD
    assert estimators.prediction_powered(same, GOLD).shares == pytest.approx([1 / 3] * 3, abs=1e-3)
    other = with_shares((0.1, 0.6, 0.3))
    found = estimators.prediction_powered(other, GOLD)
    assert found.high[1] < 0.6  # what it says is drawn towards the gold sample's shares


def test_prediction_powered_with_useless_probabilities_is_the_gold_sample_alone():
    gold = audited([[50, 50, 0], [30, 30, 0], [20, 20, 0]])
    found = estimators.prediction_powered(sample([0] * 90 + [1] * 10), gold)
    assert found.shares == pytest.approx([0.5, 0.3, 0.2], abs=1e-6)


def test_the_correlation_within_articles_is_that_of_the_draws():
    rng = np.random.default_rng(2)
    shares = rng.dirichlet(np.array([0.3, 0.2, 0.5]) * 3, 2000)  # correlation 1 / (3 + 1)
    chosen = np.array([rng.choice(3, p=row) for row in shares for _ in range(4)])
    clusters = np.repeat(np.arange(2000), 4)
    labels = estimators.one_hot(chosen, 3)
    found = estimators.correlation_within(labels, clusters, np.zeros(8000, int))
    assert found == pytest.approx(0.25, abs=0.02)
    shuffled = rng.permutation(clusters)
    assert estimators.correlation_within(labels, shuffled, np.zeros(8000, int)) < 0.02


def test_differences_between_strata_are_no_correlation_within_articles():
    rng = np.random.default_rng(2)
    strata = np.repeat([0, 1], 1000)
    chosen = np.where(rng.random(2000) < np.where(strata == 0, 0.9, 0.1), 0, 1)
    labels, clusters = estimators.one_hot(chosen, 3), np.repeat(np.arange(500), 4)
    assert estimators.correlation_within(labels, clusters, strata) < 0.05
    assert estimators.correlation_within(labels, clusters, np.zeros(2000, int)) > 0.5


@pytest.mark.parametrize(
    ("sizes", "correlation", "expected"),
    [([4, 4], 0.5, 2.5), ([1, 1, 1], 0.9, 1), ([3, 1], 1, 2.5), ([5, 5], 0, 1)],
)
def test_the_design_effect(sizes, correlation, expected):
    clusters = np.repeat(np.arange(len(sizes)), sizes)
    assert estimators.design_effect(clusters, correlation) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((0.2, 0.3, 0.5), (0.2, 0.3, 0.5)),
        ((-0.2, 0.4, 0.8), (0, 0.3, 0.7)),
        ((2, 0, -1), (1, 0, 0)),
    ],
)
def test_the_nearest_shares(values, expected):
    assert estimators.nearest_shares(np.array(values)) == pytest.approx(expected)


def test_weighted_quantiles():
    values = np.array([[3.0], [1.0], [2.0]])
    found = estimators.quantiles(values, np.array([0.2, 0.5, 0.3]), (0.4, 0.7, 0.9))
    assert found[:, 0].tolist() == [1.0, 2.0, 3.0]


def test_one_cluster_has_no_interval():
    found = estimators.covariance_of_mean(np.ones((3, 2)), np.zeros(3, int))
    assert np.isnan(found).all()
