from math import log, sqrt

import pytest

from training.drift.words import PRIOR, topic_words, words_of


def test_words_have_no_case_numbers_or_ways_to_write_a_letter():
    assert words_of("Gaza, 2024: GAZA's e\u0301te\u0301 x") == ["gaza", "gaza", "\u00e9t\u00e9"]
    assert words_of("\u0647\u064f\u062f\u0646\u0629") == words_of("\u0647\u062f\u0646\u0629")


def test_the_odds_of_a_word_by_hand():
    new, reference = {"truce": 40, "the": 60}, {"truce": 10, "the": 90}
    (found,) = topic_words(new, reference, 5)
    prior = PRIOR * 50 / 200
    ratio = log((40 + prior) / (100 + PRIOR - 40 - prior))
    ratio -= log((10 + prior) / (100 + PRIOR - 10 - prior))
    assert found["z"] == pytest.approx(ratio / sqrt(1 / (40 + prior) + 1 / (10 + prior)))
    assert (found["word"], found["articles"], found["reference"]) == ("truce", 40, 10)


def test_a_word_that_is_frequent_everywhere_or_stands_in_few_articles_is_no_topic():
    new = {"the": 1000, "hapax": 2, "drone": 90}
    reference = {"the": 1000, "talks": 90}
    assert [word["word"] for word in topic_words(new, reference, 9)] == ["drone"]
    assert topic_words(new, {}, 9) == []
    assert topic_words(new, reference, 0) == []
