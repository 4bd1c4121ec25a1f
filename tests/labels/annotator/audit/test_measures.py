import numpy as np
import pytest

from labels.annotator.audit.measures import Judged, mean_interval, score_flips, score_slice
from labels.pipeline.schema import SENTIMENT, STANCE

PAIRS = [
    ("favor", "favor"),
    ("favor", "neutral"),
    ("against", "against"),
    ("against", "neutral"),
    ("neutral", "neutral"),
    ("neutral", "favor"),
    ("unrelated", "unrelated"),
    ("unrelated", "unrelated"),
]


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def judged(pairs):
    return [
        Judged(article=f"a{place}", lang="en", task="russia", gold=gold, label=label)
        for place, (gold, label) in enumerate(pairs)
    ]


def test_scores_are_those_worked_out_by_hand(rng):
    row = score_slice(judged(PAIRS), STANCE, "en", "russia", rng, 200)
    # favor: 1 right of 2 said and 2 in gold; against: 1 of 1 and 2; neutral: 1 of 3 and 2
    favor, against, neutral, unrelated = 2 / 4, 2 / 3, 2 / 5, 1.0
    assert row["f_polar"] == pytest.approx((favor + against) / 2)
    assert row["macro_f1"] == pytest.approx((favor + against + neutral + unrelated) / 4)
    assert (row["lang"], row["task"], row["n"], row["articles"]) == ("en", "russia", 8, 8)
    assert row["f_polar_low"] < row["f_polar"] < row["f_polar_high"]
    assert row["macro_f1_low"] < row["macro_f1"] < row["macro_f1_high"]


def test_the_bias_towards_neutral_is_answered_less_gold(rng):
    row = score_slice(judged(PAIRS), STANCE, "en", "russia", rng, 200)
    assert (row["neutral_gold"], row["neutral_answered"]) == (2 / 8, 3 / 8)
    assert row["neutral_bias"] == pytest.approx(1 / 8)
    assert row["neutral_bias_low"] < 0 < row["neutral_bias_high"]
    assert (row["missed"], row["n_missed"]) == (2 / 4, 4)


def test_a_class_without_gold_is_null_with_the_reason(rng):
    row = score_slice(
        judged([("neutral", "neutral"), ("favor", "favor")]), STANCE, "a", "b", rng, 9
    )
    assert row["f_polar"] is row["f_polar_low"] is row["macro_f1"] is None
    assert row["f_polar_reason"] == "no gold example of against"
    assert "unrelated" in row["macro_f1_reason"]


def test_a_sentiment_has_no_polar_score_and_its_tones_can_be_missed(rng):
    pairs = [("positive", "neutral"), ("negative", "negative"), ("neutral", "neutral")]
    row = score_slice(judged(pairs), SENTIMENT, "en", "sentiment", rng, 9)
    assert "f_polar" not in row
    assert (row["missed"], row["n_missed"]) == (1 / 2, 2)


def test_flips_are_a_share_with_an_interval_over_articles(rng):
    changed = [(f"a{number}", number % 4 == 0) for number in range(200)]
    flip = score_flips(changed, "again", "en", "all", rng, 500)
    assert (flip["flipped"], flip["n"], flip["articles"]) == (0.25, 200, 200)
    assert 0.17 < flip["low"] < 0.25 < flip["high"] < 0.33
    one_article = [(f"a{number // 50}", number % 200 < 50) for number in range(200)]
    wide = score_flips(one_article, "again", "en", "all", rng, 500)
    assert wide["high"] - wide["low"] > flip["high"] - flip["low"]


def test_no_flip_is_no_proof_that_there_are_none(rng):
    # Clopper and Pearson: 0 of 10 trials, up to 30.8%
    never = score_flips([(f"a{n}", False) for n in range(10)], "again", "en", "all", rng, 9)
    assert (never["flipped"], never["low"]) == (0.0, 0.0)
    assert never["high"] == pytest.approx(0.308, abs=0.001)
    always = score_flips([(f"a{n}", True) for n in range(10)], "again", "en", "all", rng, 9)
    assert (always["low"], always["high"]) == (pytest.approx(0.692, abs=0.001), 1.0)
    nothing = score_flips([], "again", "en", "all", rng, 9)
    assert nothing["flipped"] is nothing["low"] is None


def test_a_mean_of_one_article_or_of_equal_values_has_no_interval(rng):
    assert mean_interval(np.array([0.0, 1.0]), ["a", "a"], rng, 9) == (None, None)
    assert mean_interval(np.array([1.0, 1.0]), ["a", "b"], rng, 9) == (None, None)
