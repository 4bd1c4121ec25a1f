import numpy as np
import pytest

from labels.metrics.calibration_file import least_confidence
from training.calibrate.abstention import SHARES, thresholds_of, upper_risk
from training.calibrate.answers import Judged


def judged(right, confidences=None):
    right = np.array(right, bool)
    if confidences is None:
        confidences = np.linspace(0.99, 0.3, len(right))  # the surest first
    return Judged(np.zeros(len(right), np.int64), np.array(confidences), right)


def test_the_bound_of_an_error_by_hand():
    # none of n wrong: (1 - risk)^n = delta
    assert upper_risk(0, 20, 0.1) == pytest.approx(1 - 0.1 ** (1 / 20))
    assert upper_risk(5, 5, 0.1) == 1
    assert 0.5 < upper_risk(10, 20, 0.1) < upper_risk(10, 20, 0.01) < 1


def test_there_is_a_threshold_for_each_share_of_the_answers():
    found = thresholds_of(judged([True] * 50 + [False] * 50), 0.1)
    assert [one["coverage"] for one in found] == pytest.approx(list(SHARES))
    assert [one["confidence"] for one in found] == sorted(
        (one["confidence"] for one in found), reverse=True
    )
    risks = [one["risk"] for one in found]
    assert risks[4] == min(risks)  # half of them, all right
    assert risks[-1] > 0.5


def test_few_or_no_answers_have_few_thresholds():
    assert thresholds_of(judged([]), 0.1) == []
    assert [one["coverage"] for one in thresholds_of(judged([True, True]), 0.1)] == [0.5, 1.0]


def test_the_threshold_that_keeps_the_most_below_the_risk_is_chosen():
    found = [
        {"confidence": 0.9, "risk": 0.2, "coverage": 0.1},
        {"confidence": 0.8, "risk": 0.1, "coverage": 0.2},
        {"confidence": 0.7, "risk": 0.3, "coverage": 0.3},
    ]
    assert least_confidence(found, 0.1) == 0.8
    assert least_confidence(found, 0.3) == 0.7
    assert least_confidence(found, 0.05) > 1
    assert least_confidence([], 0.5) > 1


def test_the_bound_holds_on_other_answers_at_least_as_often_as_said():
    """Answers that are wrong with the probability of 1 minus their confidence."""
    rng = np.random.default_rng(3)
    failures = n_chosen = 0
    for _ in range(300):
        confidences = rng.uniform(0.4, 1, 500)
        found = thresholds_of(judged(rng.random(500) < confidences, confidences), 0.1)
        least = least_confidence(found, 0.2)
        if least <= 1:
            n_chosen += 1
            failures += (1 - least) / 2 > 0.2  # the true risk above the threshold
    assert n_chosen > 100
    assert failures <= 0.1 * 300
