import numpy as np
import pytest

from labels.label_model.dawid_skene import fit
from labels.label_model.majority import majority
from labels.label_model.settings import LabelModelKind, LabelModelSettings
from labels.label_model.votes import ABSTAIN, NOT_ASKED


def settings(kind=LabelModelKind.confusion):
    return LabelModelSettings(
        kind=kind,
        accuracy=0.7,
        strength=2.0,
        pooling=5.0,
        unlabelled_weight=1.0,
        max_iterations=200,
        tolerance=1e-6,
    )


def noisy(rng, truth, accuracy):
    wrong = rng.random(len(truth)) > accuracy
    return np.where(wrong, 1 - truth, truth)


@pytest.mark.parametrize("kind", [LabelModelKind.one_coin, LabelModelKind.confusion])
def test_a_good_labeller_outweighs_two_that_guess(matrix, kind):
    rng = np.random.default_rng(7)
    truth = rng.integers(0, 2, 3000)
    votes = np.column_stack([noisy(rng, truth, a) for a in (0.95, 0.9, 0.55, 0.55)])
    found = fit(matrix(votes), np.full(3000, -1), settings(kind))
    right = (found.probabilities.argmax(axis=1) == truth).mean()
    best_majority = (majority(matrix(votes)).argmax(axis=1) == truth).mean()
    assert right > best_majority
    assert right > 0.93


def test_the_order_of_items_and_the_run_change_nothing(matrix):
    rng = np.random.default_rng(3)
    votes = rng.integers(-1, 2, (200, 4))
    gold = np.full(200, -1)
    first = fit(matrix(votes), gold, settings()).probabilities
    again = fit(matrix(votes[::-1]), gold, settings()).probabilities[::-1]
    np.testing.assert_allclose(first, again)


def test_gold_items_keep_their_label_and_teach_the_rest(matrix):
    # The labeller always says 0; gold says that such items are 1.
    votes = [[0]] * 40
    gold = np.array([1] * 30 + [-1] * 10)
    found = fit(matrix(votes), gold, settings())
    assert found.probabilities[0] == pytest.approx([0, 1])
    assert (found.probabilities[30:, 1] > 0.9).all()


def test_a_labeller_that_only_ever_votes_one_class_is_informative(matrix):
    # Votes 1 on every second item of class 1, and on none of class 0.
    votes = [[1]] * 20 + [[ABSTAIN]] * 60
    gold = np.array([1] * 20 + [1] * 20 + [0] * 40)
    new = fit(matrix([*votes, [1]]), np.append(gold, -1), settings())
    assert new.probabilities[-1, 1] > 0.9


def test_a_language_without_data_gets_the_figures_of_all(matrix):
    votes = [[1]] * 50 + [[0]] * 50
    gold = np.array([1] * 50 + [0] * 50)
    found = fit(matrix([*votes, [1]], groups=[0] * 100 + [1]), np.append(gold, -1), settings())
    np.testing.assert_allclose(found.outcomes[0, 1], found.outcomes[0, 0], atol=0.03)
    assert found.probabilities[-1, 1] > 0.9


def test_a_labeller_that_was_not_asked_says_nothing(matrix):
    votes = [[0, NOT_ASKED]] * 10 + [[1, NOT_ASKED]] * 10
    gold = np.array([0] * 10 + [1] * 10)
    alone = fit(matrix([[row[0]] for row in votes]), gold, settings()).probabilities
    both = fit(matrix(votes), gold, settings()).probabilities
    np.testing.assert_allclose(alone, both)


def test_rows_sum_to_one(matrix):
    votes = np.random.default_rng(1).integers(-2, 4, (100, 5))
    found = fit(matrix(votes, 4), np.full(100, -1), settings())
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1)
