import sys
from math import log2, sqrt

import numpy as np
import pytest

from training.drift.distance import jensen_shannon, judge, measure_change
from training.drift.features import Feature, Named, features_of
from training.drift.records import Verdict


def feature(counts):
    return Feature("languages", None, None, ["a", "b"], np.array(counts, float))


def measure(counts, groups, is_new, settings):
    found = measure_change(
        feature(counts), np.array(groups), np.array(is_new), settings, np.random.default_rng(1)
    )
    judge([found], settings)
    return found


def test_the_divergence_by_hand():
    assert jensen_shannon(np.array([4.0, 0]), np.array([0, 7.0])) == pytest.approx(1)
    assert jensen_shannon(np.array([1.0, 1]), np.array([5.0, 5])) == pytest.approx(0)
    # (1, 0) and (1/2, 1/2), whose middle is (3/4, 1/4)
    expected = 0.5 * log2(4 / 3) + 0.25 * log2(2 / 3) + 0.25 * log2(2)
    assert jensen_shannon(np.array([3.0, 0]), np.array([2.0, 2])) == pytest.approx(expected)
    assert jensen_shannon(np.array([0.0, 0]), np.array([2.0, 2])) == 0


def test_a_mix_that_has_changed_has_drifted(settings):
    is_new = np.arange(200) < 100
    counts = [[1, 0] if i % 10 < (8 if new else 3) else [0, 1] for i, new in enumerate(is_new)]
    found = measure(counts, range(200), is_new, settings())
    assert found["verdict"] == Verdict.drifted
    assert found["distance"] > found["threshold"] > found["distance"] - found["excess"]
    assert found["shares"] == [
        {"name": "a", "articles": 0.8, "reference": 0.3},
        {"name": "b", "articles": pytest.approx(0.2), "reference": 0.7},
    ]
    divergence = float(jensen_shannon(np.array([80.0, 20]), np.array([30.0, 70])))
    assert found["distance"] == pytest.approx(sqrt(divergence))


def test_a_small_change_is_not_worth_acting_on_however_many_articles_show_it(settings):
    is_new = np.arange(8_000) < 4_000
    counts = [[1, 0] if i % 100 < (50 if new else 45) else [0, 1] for i, new in enumerate(is_new)]
    found = measure(counts, range(8_000), is_new, settings())
    assert found["p"] < 0.01
    assert found["excess"] < 0.1
    assert found["verdict"] == Verdict.little


def test_copies_of_an_article_count_once(settings):
    # forty copies of one article are one surprise, not forty
    counts = [[1, 0]] * 40 + [[0, 1]] * 160
    groups = [0] * 40 + list(range(1, 161))
    is_new = np.arange(200) < 100
    assert measure(counts, range(200), is_new, settings())["verdict"] == Verdict.drifted
    assert measure(counts, groups, is_new, settings())["verdict"] == Verdict.same


def test_too_few_articles_have_no_verdict(settings):
    is_new = np.arange(100) < 30
    found = measure([[1, 0]] * 100, range(100), is_new, settings())
    assert (found["verdict"], found["p"], found["distance"]) == (Verdict.too_few, None, None)
    assert found["reason"] == "30 new articles, fewer than 50"
    # what says nothing of an article does not count for it
    found = measure([[0, 0]] * 60 + [[1, 0]] * 60, range(120), np.arange(120) < 60, settings())
    assert found["reason"] == "0 new articles, fewer than 50"


def changes_between(new, reference, side, chosen, rng):
    texts = [*new, *reference]
    named = [
        Named(text, [{"russia"} if "Moscow" in line.text else set() for line in text.lines])
        for text in texts
    ]
    sides = (side(new), side(reference))
    is_new = np.arange(len(texts)) < len(new)
    groups = np.arange(len(texts))
    changes = [
        measure_change(one, groups, is_new, chosen, rng)
        for one in features_of(named, sides, chosen.targets)
    ]
    judge(changes, chosen)
    return {(one["feature"], one["lang"], one["target"]): one for one in changes}


def test_what_has_changed_is_told_from_what_has_not(draw_texts, side, settings):
    rng = np.random.default_rng(5)
    reference = draw_texts(rng)
    new = draw_texts(rng, russia=0.9, source="Courier")
    found = changes_between(new, reference, side, settings(), rng)
    drifted = {key for key, one in found.items() if one["verdict"] == Verdict.drifted}
    assert {("outlets", None, None), ("names target", "en", "russia")} <= drifted
    for key in (("languages", None, None), ("article size", "en", None)):
        assert found[key]["verdict"] == Verdict.same
    new = draw_texts(rng, topics=3)
    found = changes_between(new, reference, side, settings(), rng)
    assert found["topic words", "en", None]["verdict"] == Verdict.drifted
    assert found["outlets", None, None]["verdict"] == Verdict.same


@pytest.mark.simulation
def test_articles_of_one_source_are_called_drifted_in_one_of_twenty(draw_texts, side, settings):
    """False alarms: any feature at all, once corrected; each by itself, before."""
    n_runs, chosen = 300, settings(notable=0.000001)
    alarms = single = tested = 0
    for run in range(n_runs):
        rng = np.random.default_rng([3, run])
        texts = draw_texts(rng, 140)
        found = changes_between(texts[:70], texts[70:], side, chosen, rng)
        p_values = [one["p"] for one in found.values() if one["p"] is not None]
        single += sum(p < 0.05 for p in p_values)
        tested += len(p_values)
        alarms += any(one["verdict"] == Verdict.drifted for one in found.values())
    sys.stderr.write(
        f"\nof {n_runs} pairs of one source, with a feature that has drifted: {alarms}; of "
        f"{tested} features, with p below 0.05: {single}\n"
    )
    assert alarms / n_runs <= 0.08  # 99% limit of a binomial of 5%
    assert 0.02 <= single / tested <= 0.07
