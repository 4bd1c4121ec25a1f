import numpy as np
import pytest

from labels.pipeline.errors import DataError
from labels.pipeline.schema import SENTIMENT, STANCE
from training.pool.weights import Judged, choose

FAVOR, AGAINST, NEUTRAL, UNRELATED = np.eye(4) * 0.88 + 0.03
WEIGHTS = {"n_folds": 4, "step": 0.05, "biases": (), "seed": 1}


def judged(rows, scheme=STANCE, times=8):
    """Repeat answers (model, rules, gold) in articles of their own."""
    model, rules, gold = zip(*(rows * times), strict=True)
    return Judged(
        scheme=scheme,
        model=np.array(model),
        rules=np.array(rules),
        gold=np.array(gold),
        articles=[f"a{place // len(rows)}" for place in range(len(gold))],
    )


def test_who_is_right_gets_the_weight():
    rows = [(FAVOR, AGAINST, 0), (AGAINST, FAVOR, 1), (NEUTRAL, NEUTRAL, 2)]
    choice, scores = choose(judged(rows), **WEIGHTS)
    assert choice["weight"] > 0.5
    assert (scores["model"], scores["rules"], scores["pool"]) == (1.0, 0.0, 1.0)
    swapped = [(rules, model, gold) for model, rules, gold in rows]
    choice, scores = choose(judged(swapped), **WEIGHTS)
    assert choice["weight"] < 0.5
    assert (scores["model"], scores["rules"], scores["pool"]) == (0.0, 1.0, 1.0)


def test_both_together_may_be_right_where_neither_is():
    unsure = np.array([0.4, 0.08, 0.5, 0.02])
    rows = [
        (unsure, [0.45, 0.03, 0.02, 0.5], 0),  # both hold favor for the second likeliest
        (AGAINST, AGAINST, 1),
    ]
    choice, scores = choose(judged(rows), **WEIGHTS)
    assert (scores["model"], scores["rules"], scores["pool"]) == (0.5, 0.5, 1.0)
    assert choice == {"weight": 0.5, "bias": {}}  # of the weights that are as good the most even


def test_a_bias_is_taken_where_held_out_answers_are_better_for_it():
    shy = np.array([0.3, 0.1, 0.55, 0.05])
    rows = [(shy, shy, 0), (AGAINST, AGAINST, 1), (NEUTRAL, NEUTRAL, 2)]
    plain, before = choose(judged(rows), **WEIGHTS)
    biased, after = choose(judged(rows), **WEIGHTS | {"biases": (-1.0, 1.0)})
    assert (plain["bias"], before["pool"]) == ({}, 0.5)
    assert (biased["bias"], after["pool"]) == ({"favor": 1.0, "against": 1.0}, 1.0)


def test_a_bias_that_helps_nothing_is_left_out():
    rows = [(FAVOR, FAVOR, 0), (AGAINST, AGAINST, 1)]
    choice, _ = choose(judged(rows), **WEIGHTS | {"biases": (-1.0, 1.0)})
    assert choice == {"weight": 0.5, "bias": {}}


def test_a_fold_is_answered_by_what_the_others_chose():
    one, two = [0.9, 0.05, 0.05], [0.05, 0.05, 0.9]
    found = Judged(
        scheme=SENTIMENT,
        model=np.array([one, two, [0.1, 0.8, 0.1]] * 2),
        rules=np.array([two, one, [0.1, 0.8, 0.1]] * 2),
        gold=np.array([0, 2, 1, 2, 0, 1]),  # in one article the model is right, in the other rules
        articles=["a"] * 3 + ["b"] * 3,
    )
    _, scores = choose(found, 2, 1.0, (), 1)
    # Chosen on the other article, whoever is asked is wrong on negative and positive.
    assert scores["pool"] == pytest.approx(1 / 3)


def test_no_gold_of_a_class_is_an_error_not_a_zero():
    with pytest.raises(DataError, match="stance: no gold example of against"):
        choose(judged([(FAVOR, FAVOR, 0)]), **WEIGHTS)


def test_fewer_articles_than_folds_are_an_error():
    rows = [(FAVOR, FAVOR, 0), (AGAINST, AGAINST, 1)]
    with pytest.raises(DataError, match="expected at least 4 articles, found 2"):
        choose(judged(rows, times=2), **WEIGHTS)
