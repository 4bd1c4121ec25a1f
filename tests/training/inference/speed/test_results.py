import pytest

from training.inference.speed.peaks import Peak
from training.inference.speed.results import best_peaks, percentiles, ratio, spread, step_record
from training.inference.speed.steps import Step


def test_a_figure_is_the_median_of_the_rounds_with_the_least_and_the_most():
    assert spread([5.0, 1.0, 3.0]) == {"median": 3.0, "low": 1.0, "high": 5.0}
    assert spread([2.0]) == {"median": 2.0, "low": 2.0, "high": 2.0}


def test_a_ratio_is_of_the_medians_and_its_bounds_of_single_rounds():
    # in the second round the machine was slow for both, so the ratio is not
    found = ratio([30.0, 12.0, 33.0], [3.0, 1.0, 3.0])
    assert found == {"median": 10.0, "low": 10.0, "high": 12.0}
    assert ratio([4.0, 4.0], [2.0, 2.0]) == {"median": 2.0, "low": 2.0, "high": 2.0}


def test_figures_of_different_rounds_are_not_compared():
    with pytest.raises(ValueError, match="shorter"):
        ratio([1.0, 2.0], [1.0])


def test_the_peak_is_of_the_library_that_is_mostly_the_fastest():
    rounds = [
        [Peak("fp32", "a", 512, 50.0), Peak("fp32", "b", 1024, 60.0), Peak("int8", "a", 256, 9.0)],
        [Peak("fp32", "a", 512, 99.0), Peak("fp32", "b", 1024, 61.0), Peak("int8", "a", 256, 8.0)],
        [Peak("fp32", "a", 512, 51.0), Peak("fp32", "b", 1024, 62.0), Peak("int8", "a", 256, 7.0)],
    ]
    found = best_peaks(rounds)
    assert list(found) == ["fp32", "int8"]
    record, rates = found["fp32"]
    assert rates == [60.0, 61.0, 62.0]
    assert record == {
        "format": "fp32",
        "by": "b",
        "size": 1024,
        "gigaops_per_second": {"median": 61.0, "low": 60.0, "high": 62.0},
    }
    assert found["int8"][1] == [9.0, 8.0, 7.0]


def test_percentiles_are_in_milliseconds_and_need_enough_times():
    assert percentiles([]) == (None, None)
    assert percentiles([0.2, 0.1, 0.3]) == (pytest.approx(200), None)
    middle, late = percentiles([number / 1000 for number in range(101)])
    assert (middle, late) == (pytest.approx(50), pytest.approx(99))


def test_a_step_is_told_by_its_rates():
    found = step_record(Step("score", 10, 40, 2.0))
    assert (found["articles_per_second"], found["sentences_per_second"]) == (5.0, 20.0)
    before = step_record(Step("clean", 10, 0, 2.0))
    assert (before["sentences"], before["sentences_per_second"]) == (None, None)
