import numpy as np
import pytest

from labels.metrics.calibration import bins_of, calibration_error, risk_by_coverage


def test_answers_are_binned_by_confidence_and_the_surest_belong_to_the_last_bin():
    found = bins_of(np.array([0.31, 0.39, 1.0, 0.95]), np.array([True, False, True, True]))
    assert [one["n"] for one in found] == [2, 2]
    assert found[0]["confidence"] == pytest.approx(0.35)
    assert (found[0]["accuracy"], found[1]["accuracy"]) == (0.5, 1.0)


def test_the_error_is_the_mean_gap_of_the_bins_weighed_by_their_answers():
    # gaps 0.85 - 0.5 (two answers) and 0.95 - 1 (one)
    confidences, right = np.array([0.8, 0.9 - 1e-9, 0.95]), np.array([True, False, True])
    assert calibration_error(confidences, right) == pytest.approx((2 * 0.35 + 0.05) / 3)


def test_answers_that_are_as_sure_as_they_are_right_have_no_error():
    assert calibration_error(np.full(4, 0.75), np.array([True, True, True, False])) == 0


def test_without_answers_there_is_no_error():
    assert calibration_error(np.array([]), np.array([], bool)) is None


def test_the_risk_is_that_of_the_surest_answers():
    found = risk_by_coverage(np.array([0.2, 0.9, 0.5, 0.7]), np.array([0, 1, 0, 1], bool), (0.5, 1))
    assert found == [{"coverage": 0.5, "risk": 0.0}, {"coverage": 1.0, "risk": 0.5}]
