import numpy as np
import pytest
from rich.console import Console

from training.compare.measures import HEADLINE, MEASURES, Slice
from training.compare.records import Verdict
from training.compare.results import compare, compare_slice

BY_NAME = {measure.name: measure for measure in MEASURES}
QUIET = Console(quiet=True)


def result_of(results, measure, **where):
    parts = {"target": None, "lang": None, "voice": None} | where
    (found,) = [
        one
        for one in results
        if one["measure"] == measure and all(one[name] == value for name, value in parts.items())
    ]
    return found


def test_a_better_model_is_told_from_a_worse_one(draw_alike, settings):
    pairs = draw_alike(np.random.default_rng(5), 300, b_gain=0.1)
    results = compare(pairs, settings(), QUIET)
    headline = results[0]
    assert (headline["measure"], headline["target"], headline["lang"]) == ("f_polar", None, None)
    assert headline["verdict"] == Verdict.b
    assert headline["p_corrected"] is None
    assert headline["low"] > 0
    assert headline["difference"] == pytest.approx(headline["b"] - headline["a"])
    accuracy = result_of(results, "accuracy")
    assert accuracy["verdict"] == Verdict.b
    assert accuracy["p_corrected"] >= accuracy["p"]
    rows = [pair for pair in pairs if pair.task != "sentiment"]
    assert accuracy["mcnemar"]["b_only"] == sum(pair.b == pair.gold != pair.a for pair in rows)
    assert accuracy["n"] == len(rows)


def test_the_two_swapped_give_the_opposite(draw_alike, settings, pair):
    pairs = draw_alike(np.random.default_rng(5), 200, b_gain=0.1)
    swapped = [
        pair(one.gold, one.b, one.a, one.task, one.sentence_id, one.group, one.lang)
        for one in pairs
    ]
    first, second = (compare(rows, settings(), QUIET)[0] for rows in (pairs, swapped))
    assert (first["verdict"], second["verdict"]) == (Verdict.b, Verdict.a)
    assert first["difference"] == pytest.approx(-second["difference"])


def test_a_model_is_not_better_than_itself(draw_alike, settings, pair):
    pairs = [
        pair(one.gold, one.a, one.a, one.task, one.sentence_id, one.group, one.lang)
        for one in draw_alike(np.random.default_rng(6))
    ]
    for result in compare(pairs, settings(least_rows=1, least_groups=2, least_gold=1), QUIET):
        if result["p"] is not None:
            assert (result["verdict"], result["p"], result["low"]) == (Verdict.undecided, 1, 0)
            assert result["differing_groups"] == 0


def test_the_same_seed_gives_the_same_result(draw_alike, settings):
    pairs = draw_alike(np.random.default_rng(7))
    first, again = (compare(pairs, settings(), QUIET) for _ in range(2))
    assert first == again
    assert compare(pairs, settings(seed=14), QUIET) != first


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"least_rows": 500}, "120 rows, fewer than 500"),
        ({"least_groups": 100}, "rows of 60 articles, fewer than 100"),
        ({"least_gold": 50}, "40 gold rows of favor, fewer than 50"),
    ],
)
def test_too_few_rows_have_a_score_and_no_verdict(pair, settings, changes, reason):
    pairs = [
        pair(gold, gold, "favor", sentence=str(i), group=str(i % 60))
        for i, gold in enumerate(["favor", "against", "neutral"] * 40)
    ]
    found = compare_slice(HEADLINE, Slice(), pairs, settings(**changes), np.random.default_rng(1))
    assert found["reason"] == reason
    assert found["verdict"] == Verdict.too_few
    assert (found["p"], found["low"]) == (None, None)
    assert found["a"] == 1


def test_a_class_without_gold_has_no_score(pair, settings):
    pairs = [pair("favor", "favor", "against", group=str(i)) for i in range(50)]
    found = compare_slice(HEADLINE, Slice(), pairs, settings(), np.random.default_rng(1))
    assert (found["a"], found["difference"]) == (None, None)
    assert found["reason"] == "no gold example of against"
    none = compare_slice(BY_NAME["accuracy"], Slice(), [], settings(), np.random.default_rng(1))
    assert (none["n"], none["a"], none["reason"]) == (0, None, "no rows")
    assert none["mcnemar"] == {"a_only": 0, "b_only": 0, "p": 1.0}


def test_a_holder_that_changes_is_a_difference_though_the_label_is_the_same(pair, settings):
    pairs = [
        pair("favor", "favor", "favor", group=str(i), a_holder=False, b_holder=i < 40)
        for i in range(50)
    ]
    measure = BY_NAME["holder_right"]
    found = compare_slice(measure, Slice(), pairs, settings(), np.random.default_rng(1))
    assert (found["a"], found["b"], found["differing_groups"]) == (0, 0.8, 40)
    assert found["p"] < 0.02
