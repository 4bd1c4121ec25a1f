import numpy as np
import pytest

from labels.metrics.f1 import polar_ids
from labels.metrics.intervals import group_interval
from labels.pipeline.schema import STANCE, STANCES


def ids(*names):
    return np.array([STANCES.index(name) for name in names], np.int64)


def interval(gold, predicted, groups, n_draws=400):
    rng = np.random.default_rng(3)
    polar = polar_ids(STANCE)
    return group_interval(gold, predicted, groups, polar, len(STANCES), rng, n_draws)


def test_whole_groups_are_drawn_and_not_rows():
    # Every group is the same: favor F1 2/3, against 0. Drawing groups can change nothing; drawing
    # rows would.
    gold, predicted = ids("favor", "against"), ids("favor", "favor")
    low, high = interval(np.tile(gold, 4), np.tile(predicted, 4), list("aabbccdd"))
    assert (low, high) == (pytest.approx(1 / 3), pytest.approx(1 / 3))


def test_the_interval_reaches_from_the_worst_to_the_best_group():
    # Of two groups one is all right and one all wrong; a quarter of the draws holds one alone.
    gold = ids("favor", "against", "favor", "against")
    predicted = ids("favor", "against", "against", "favor")
    assert interval(gold, predicted, ["a", "a", "b", "b"]) == (0.0, 1.0)


def test_a_group_is_its_name_wherever_its_rows_stand():
    # The same rows in another order: each group has both classes, so each draw scores the same.
    gold, predicted = ids("favor", "favor", "against", "against"), ids(*["favor"] * 4)
    low, high = interval(gold, predicted, ["a", "b", "b", "a"])
    assert (low, high) == (pytest.approx(1 / 3), pytest.approx(1 / 3))


def test_the_interval_of_one_group_or_of_a_null_score_is_null():
    polar = ids("favor", "against")
    assert interval(polar, polar, ["a", "a"]) is None
    favor = ids("favor", "favor")
    assert interval(favor, favor, ["a", "b"]) is None


def test_the_same_source_of_draws_gives_the_same_interval():
    gold = ids("favor", "against", "favor", "against", "favor", "against")
    predicted = ids("favor", "against", "neutral", "against", "favor", "favor")
    groups = list("aabbcc")
    assert interval(gold, predicted, groups) == interval(gold, predicted, groups)
