from dataclasses import replace

import numpy as np
import pytest

from training.report_card.curves import reliability, risk_by_coverage
from training.report_card.intervals import Rule
from training.report_card.scored import read_scored
from training.report_card.slices import Measuring

EASY = Measuring(rule=Rule(rows=1, groups=1), n_draws=30, seed=1)


@pytest.fixture
def rows(small):
    """Give answers whose confidence is known: right at 0.9, and half of them wrong at 0.5."""
    found = read_scored(iter(small.predictions), "dev").stances
    sure = np.arange(len(found)) % 2 == 0
    confidence = np.where(sure, 0.9, 0.5)
    labels = np.where(sure | (np.arange(len(found)) % 4 == 1), found.gold, (found.gold + 1) % 4)
    probabilities = np.tile((1 - confidence[:, None]) / 3, (1, 4))
    probabilities[np.arange(len(found)), labels] = confidence
    return replace(found, labels=labels, probabilities=probabilities)


def test_reliability_is_the_share_that_is_right_at_each_confidence(rows):
    low, high = reliability(rows, EASY)
    assert (low.x, low.y, low.n) == (pytest.approx(0.5), pytest.approx(0.5), 48)
    assert (high.x, high.y, high.n) == (pytest.approx(0.9), 1, 48)
    assert low.low < 0.5 < low.high
    assert (high.low, high.high) == (1, 1)


def test_risk_grows_once_the_unsure_answers_are_kept(rows):
    points = risk_by_coverage(rows, EASY)
    assert [point.x for point in points][-1] == 1
    by_share = {round(point.x, 2): point.y for point in points}
    assert by_share[0.25] == by_share[0.5] == 0
    assert by_share[1.0] == pytest.approx(0.25)
    assert points[-1].low < 0.25 < points[-1].high


def test_bins_with_too_few_answers_have_no_point(rows):
    strict = Measuring(rule=Rule(rows=49, groups=1), n_draws=5, seed=1)
    assert reliability(rows, strict) == []
    assert [point.n for point in risk_by_coverage(rows, strict)][0] >= 49


def test_no_answers_make_no_curve(rows):
    assert risk_by_coverage(rows[np.zeros(len(rows), bool)], EASY) == []
