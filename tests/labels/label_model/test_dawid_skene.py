from time import perf_counter

import numpy as np
import pytest

from labels.label_model.dawid_skene import fit
from labels.label_model.kind import LabelModelKind
from labels.label_model.majority import majority
from labels.label_model.settings import LabelModelSettings
from labels.label_model.votes import ABSTAIN, NOT_ASKED


def settings(kind=LabelModelKind.confusion, discount=True, learn=False):
    return LabelModelSettings(
        kind=kind,
        accuracy=0.7,
        strength=2.0,
        pooling=5.0,
        unlabelled_weight=1.0,
        discount_dependent=discount,
        learn_frequencies=learn,
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


def functions(rng, n=2000):
    """Votes of five labellers of three classes, one of which is mostly silent, and the truth."""
    truth = rng.integers(0, 3, n)
    columns = []
    for accuracy, coverage in ((0.85, 1.0), (0.75, 0.6), (0.7, 0.6), (0.6, 0.9), (0.9, 0.1)):
        wrong = rng.random(n) > accuracy
        votes = np.where(wrong, (truth + rng.integers(1, 3, n)) % 3, truth)
        columns.append(np.where(rng.random(n) < coverage, votes, ABSTAIN))
    return np.column_stack(columns), truth


@pytest.mark.parametrize("discount", [True, False])
@pytest.mark.parametrize("kind", [LabelModelKind.one_coin, LabelModelKind.confusion])
def test_planted_copies_of_a_labeller_change_nothing(matrix, kind, discount):
    votes, _ = functions(np.random.default_rng(11))
    gold = np.full(len(votes), -1)
    planted = np.column_stack([votes[:, 3], votes, votes[:, 3]])
    alone = fit(matrix(votes, 3), gold, settings(kind, discount))
    found = fit(matrix(planted, 3), gold, settings(kind, discount))
    np.testing.assert_allclose(found.probabilities, alone.probabilities, atol=1e-9)
    np.testing.assert_allclose(found.outcomes[1:-1], alone.outcomes, atol=1e-9)
    assert found.weights[[0, 4, 6]] == pytest.approx([alone.weights[3] / 3] * 3)


def test_near_copies_of_a_bad_labeller_do_less_harm_where_they_are_discounted(matrix):
    rng = np.random.default_rng(12)
    votes, truth = functions(rng)
    near = [np.where(rng.random(len(truth)) < 0.03, ABSTAIN, votes[:, 3]) for _ in range(4)]
    planted = matrix(np.column_stack([votes, *near]), 3)
    gold = np.full(len(votes), -1)
    right = [
        (fit(planted, gold, settings(discount=discount)).probabilities.argmax(1) == truth).mean()
        for discount in (True, False)
    ]
    assert right[0] > right[1] + 0.05


def test_a_few_answers_that_are_alike_make_no_copies(matrix):
    votes = [[0, 0, 0]] + [[NOT_ASKED, NOT_ASKED, 1]] * 60
    gold = np.full(61, -1)
    found = fit(matrix(votes), gold, settings())
    assert found.weights.tolist() == [1, 1, 1]


def test_a_rare_class_keeps_its_frequency_unless_frequencies_are_learned(matrix):
    rng = np.random.default_rng(15)
    # One labeller says what is common; another finds a third of what is rare, and errs as often.
    truth = (rng.random(6000) < 0.05).astype(int)
    common = np.where(rng.random(6000) < 0.6, 0, ABSTAIN)
    found = (truth == 1) & (rng.random(6000) < 0.35) | (truth == 0) & (rng.random(6000) < 0.01)
    votes = matrix(np.column_stack([np.where(found, ABSTAIN, common), np.where(found, 1, ABSTAIN)]))
    gold = np.full(6000, -1)
    kept = fit(votes, gold, settings())
    learned = fit(votes, gold, settings(learn=True))
    by_vote = majority(votes)[votes.has_vote()].mean(axis=0)
    np.testing.assert_allclose(kept.prior[0, 0], by_vote, atol=1e-3)
    assert abs(learned.prior[0, 0, 1] - by_vote[1]) > 1e-3
    assert (kept.probabilities.argmax(axis=1) == 1).sum() >= 0.9 * found.sum()


def test_many_items_are_the_same_as_few_patterns(matrix):
    votes, _ = functions(np.random.default_rng(13), n=50)
    once = fit(matrix(np.tile(votes, (2, 1)), 3), np.full(100, -1), settings()).probabilities
    np.testing.assert_array_equal(once[:50], once[50:])


def test_more_labellers_than_fit_into_one_number_keep_their_items_apart(matrix):
    votes = np.zeros((200, 130), dtype=np.int8)
    votes[100:, -1] = 1  # the last column alone tells of the class
    votes[:, :-1] = np.random.default_rng(2).integers(-1, 2, (1, 129))
    votes[::7, :-1] = np.random.default_rng(3).integers(-1, 2, (29, 129))
    truth = votes[:, -1].astype(int)
    gold = np.where(np.arange(200) % 3 == 0, -1, truth)
    found = fit(matrix(votes), gold, settings())
    np.testing.assert_array_equal(found.probabilities.argmax(axis=1), truth)


def test_a_million_votes_take_no_ten_seconds(matrix):
    rng = np.random.default_rng(14)
    votes, _ = functions(rng, n=2000)
    votes = np.hstack([votes, np.roll(votes, 1, axis=0)])[rng.integers(0, 2000, 170_000)]
    assert (votes >= 0).sum() > 1_000_000
    begin = perf_counter()
    fit(matrix(votes, 3), np.full(len(votes), -1), settings())
    assert perf_counter() - begin < 10


def test_a_vote_never_speaks_more_for_another_class(matrix):
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 2, 4000)
    votes = np.column_stack([noisy(rng, truth, a) for a in (0.95, 0.9, 0.85, 0.2)])
    outcomes = fit(matrix(votes), np.full(4000, -1), settings()).outcomes
    own = np.diagonal(outcomes, axis1=2, axis2=3)
    assert (outcomes[..., :-1] <= own[:, :, None, :] + 1e-12).all()
    np.testing.assert_allclose(outcomes.sum(axis=-1), 1.0)
