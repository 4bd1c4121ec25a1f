import numpy as np
import pytest

from labels.label_model.dependence import copies, weigh
from labels.label_model.votes import NOT_ASKED

UNINFORMED = np.full((800, 2), 0.5)


def weights_of(votes, posterior=UNINFORMED):
    """Weigh labellers of two classes that say each half of the time."""
    tables = np.tile([0.5, 0.5, 0.0], (votes.shape[1], 1, 2, 1))
    zeros, ones = np.zeros(len(votes), dtype=np.int64), np.ones(len(votes))
    return weigh(votes, zeros, ones, posterior[: len(votes)], tables)


def columns(*rows):
    """Labellers that are right (0) or wrong (1) as written, again and again."""
    return np.tile(np.array(rows).T, (100, 1))


def test_copies_are_found_wherever_they_stand():
    votes = np.random.default_rng(0).integers(-1, 3, (50, 3)).astype(np.int8)
    first, kind = copies(votes[:, [2, 0, 2, 1, 0]])
    assert first.tolist() == [0, 1, 3]
    assert kind.tolist() == [0, 1, 0, 2, 1]


def test_nineteen_answers_that_are_alike_make_no_copies():
    same = np.zeros((40, 2), dtype=np.int8)
    same[19:] = NOT_ASKED
    assert copies(same)[1].tolist() == [0, 1]
    same[19] = 0
    assert copies(same)[1].tolist() == [0, 0]


def test_labellers_that_err_apart_count_in_full():
    assert weights_of(columns([0, 0, 1, 1], [0, 1, 0, 1])) == pytest.approx([1, 1])


def test_one_that_errs_as_another_shares_its_weight_and_a_third_keeps_its_own():
    found = weights_of(columns([0, 0, 1, 1], [0, 0, 1, 1], [0, 1, 0, 1]))
    assert found[:2].sum() == pytest.approx(1)
    assert found[2] == pytest.approx(1)


def test_a_correlation_of_a_half_is_a_fifth_less_each():
    # Correlation of the residuals 0.5, squared 0.25: 1 / (1 + 0.25) each.
    votes = columns([0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1, 1, 0])
    assert weights_of(votes) == pytest.approx([0.8, 0.8])


def test_agreement_that_the_class_explains_costs_nothing():
    truth = np.arange(400) % 2
    votes = np.column_stack([truth, truth])
    tables = np.tile(np.eye(2, 3), (2, 1, 1, 1))
    zeros, ones = np.zeros(400, dtype=np.int64), np.ones(400)
    assert weigh(votes, zeros, ones, np.eye(2)[truth], tables) == pytest.approx([1, 1])


def test_those_who_were_never_asked_the_same_are_not_alike():
    votes = columns([0, 1, NOT_ASKED, NOT_ASKED], [NOT_ASKED, NOT_ASKED, 0, 1])
    assert weights_of(votes) == pytest.approx([1, 1])
