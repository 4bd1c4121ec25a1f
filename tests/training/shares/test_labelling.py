import numpy as np
import pytest

from training.shares import estimators
from training.shares.labelling import labels_needed, narrowest_width

RATES = np.array([[0.8, 0.05, 0.15], [0.1, 0.7, 0.2], [0.05, 0.05, 0.9]])
SHARES = np.array([0.3, 0.3, 0.4])


def width(counts, confusion, i=1):
    found = estimators.posterior(counts, confusion, np.random.default_rng(1), 40_000)
    return float(found.high[i] - found.low[i])


def test_no_labels_are_needed_where_the_interval_is_narrow():
    assert labels_needed(SHARES @ RATES * 1000, RATES * 100, 1, 0.08, 0.1) == 0


def test_no_number_of_labels_helps_a_cell_with_few_sentences():
    counts, confusion = SHARES @ RATES * 50, RATES * 30
    now = width(counts, confusion)
    narrowest = narrowest_width(counts, confusion, 1, now)
    assert 0.2 < narrowest < now
    assert labels_needed(counts, confusion, 1, now, narrowest * 0.98) is None
    assert labels_needed(counts, confusion, 1, now, (now + narrowest) / 2) > 0


def test_so_many_labels_do_make_the_interval_as_narrow():
    counts, confusion = SHARES @ RATES * 3000, RATES * 60
    now = width(counts, confusion)
    needed = labels_needed(counts, confusion, 1, now, 0.8 * now)
    assert 10 < needed < 500
    more = confusion + needed * SHARES[:, None] * RATES
    assert width(counts, more) == pytest.approx(0.8 * now, rel=0.06)
