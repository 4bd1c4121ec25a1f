import sys
from math import comb

import numpy as np
import pytest

from training.compare.measures import HEADLINE, MEASURES, Slice
from training.compare.results import compare_slice
from training.compare.significance import corrected, mcnemar_p, paired_interval, permutation_p

ACCURACY = next(measure for measure in MEASURES if measure.name == "accuracy")


def share(counts):
    return counts[..., 1] / np.maximum(counts.sum(-1), 1)


def groups(*right, n=2):
    """Count wrong and right rows of groups of n rows."""
    return np.array([[n - k, k] for k in right], float)


def test_with_few_groups_every_way_to_swap_is_tried():
    # b is better by one row in each of six articles: only all swapped or none is as far apart
    a, b = groups(*[0] * 6), groups(*[1] * 6)
    p = permutation_p(a, b, share, np.random.default_rng(1), 1_000)
    assert p == pytest.approx(2 / 2**6)
    # what is the same in both plays no part, however much of it there is
    same = groups(*[2] * 50)
    more = (np.vstack([one, same]) for one in (a, b))
    assert permutation_p(*more, share, np.random.default_rng(1), 1_000) == pytest.approx(p)


def test_an_article_counts_once_however_many_rows_it_has():
    a, b = groups(0, n=500), groups(500, n=500)
    assert permutation_p(a, b, share, np.random.default_rng(1), 1_000) == 1
    assert mcnemar_p(0, 500) < 1e-100
    assert permutation_p(a, a, share, np.random.default_rng(1), 1_000) == 1


def test_a_swapped_comparison_has_the_same_p():
    rng = np.random.default_rng(4)
    a, b = (rng.poisson(1, (30, 16)).astype(float) for _ in range(2))
    first, second = (
        permutation_p(*pair, HEADLINE.value, np.random.default_rng(2), 999)
        for pair in ((a, b), (b, a))
    )
    assert first == pytest.approx(second, abs=0.05)


def test_an_interval_holds_the_difference_and_narrows_with_more_articles(draw_alike):
    widths = []
    for n_groups in (40, 640):
        pairs = [p for p in draw_alike(np.random.default_rng(3), n_groups, 0.1) if p.task == "oic"]
        numbers = np.unique([pair.group for pair in pairs], return_inverse=True)[1]
        a, b = ACCURACY.counts(pairs, numbers)
        low, high = paired_interval(a, b, ACCURACY.value, np.random.default_rng(1), 500)
        assert low < ACCURACY.value(b.sum(0)) - ACCURACY.value(a.sum(0)) < high
        widths.append(high - low)
    assert widths[1] == pytest.approx(widths[0] / 4, rel=0.35)


def test_the_interval_pairs_the_answers_of_an_article():
    # both models fail in the same articles, so their difference hardly varies
    a = groups(*[0] * 20, *[19] * 20, n=20)
    b = groups(*[1] * 20, *[20] * 20, n=20)
    low, high = paired_interval(a, b, share, np.random.default_rng(1), 300)
    assert (low, high) == (pytest.approx(0.05), pytest.approx(0.05))


def test_mcnemar_by_hand():
    assert mcnemar_p(0, 0) == 1
    assert mcnemar_p(5, 5) == 1
    assert mcnemar_p(1, 9) == pytest.approx(2 * (comb(10, 0) + comb(10, 1)) / 2**10)


def test_the_correction_by_hand():
    assert corrected([]) == []
    assert corrected([0.01, 0.04, 0.5]) == pytest.approx([0.03, 0.06, 0.5])


def tell(text):
    sys.stderr.write(f"\n{text}\n")  # with pytest -s


@pytest.mark.simulation
def test_two_models_that_are_alike_differ_in_one_of_twenty_comparisons(draw_alike, settings):
    """The known null: with 199 swaps, two-sided, p is below 0.05 in 4 of 100 comparisons.

    The limits are those of a binomial of that, but that accuracy is often equal by chance.
    """
    n_runs, found = 1_000, dict.fromkeys(("f_polar", "accuracy", "interval", "McNemar"), 0)
    chosen = settings(permutations=199, bootstrap_draws=200)
    for run in range(n_runs):
        rng = np.random.default_rng([7, run])
        pairs = [pair for pair in draw_alike(rng) if pair.task != "sentiment"]
        polar = compare_slice(HEADLINE, Slice(), pairs, chosen, rng)
        right = compare_slice(ACCURACY, Slice(), pairs, chosen, rng)
        found["f_polar"] += polar["p"] < 0.05
        found["accuracy"] += right["p"] < 0.05
        found["interval"] += not polar["low"] <= 0 <= polar["high"]
        found["McNemar"] += right["mcnemar"]["p"] < 0.05
    tell(f"of {n_runs} comparisons of two models that are alike, told apart by: {found}")
    assert 0.028 <= found["f_polar"] / n_runs <= 0.054
    assert found["accuracy"] / n_runs <= 0.054
    assert found["interval"] / n_runs <= 0.08
    assert found["McNemar"] / n_runs > 0.15


@pytest.mark.simulation
def test_of_many_slices_of_two_models_that_are_alike_one_differs_in_one_of_twenty(
    draw_alike, settings
):
    n_runs, chosen = 200, settings(permutations=499, bootstrap_draws=100)
    uncorrected = after = 0
    for run in range(n_runs):
        rng = np.random.default_rng([8, run])
        pairs = [pair for pair in draw_alike(rng) if pair.task != "sentiment"]
        p_values = []
        for part in ACCURACY.slices(pairs):
            rows = [pair for pair in pairs if part.holds(pair)]
            p_values.append(compare_slice(ACCURACY, part, rows, chosen, rng)["p"])
        uncorrected += min(p_values) < 0.05
        after += min(corrected(p_values)) < 0.05
    tell(f"of {n_runs}, with a slice told apart: {uncorrected} uncorrected, {after} corrected")
    assert uncorrected / n_runs > 0.1
    assert after / n_runs <= 0.085  # 97.5% limit of a binomial of 5%
