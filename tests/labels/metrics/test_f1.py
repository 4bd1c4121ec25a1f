import numpy as np
import pytest

from labels.metrics.f1 import class_f1, confusion, mean_f1, polar_ids, score
from labels.pipeline.errors import DataError
from labels.pipeline.schema import SENTIMENT, SENTIMENTS, STANCE, STANCES, Scheme


def ids(*names, classes=STANCES):
    return np.array([classes.index(name) for name in names], np.int64)


def sentiment_ids(*names):
    return ids(*names, classes=SENTIMENTS)


# favor: 1 right of 2 gold and 2 predicted, F1 2/4; against 1 of 1 and 1, F1 1;
# neutral 0 of 1 and 1, F1 0; unrelated 2 of 2 and 2, F1 1.
GOLD = ids("favor", "favor", "against", "neutral", "unrelated", "unrelated")
PREDICTED = ids("favor", "neutral", "against", "favor", "unrelated", "unrelated")


def test_f_polar_is_the_mean_f1_of_favor_and_against():
    scores = score(STANCE, GOLD, PREDICTED)
    assert scores["f_polar"] == pytest.approx((0.5 + 1) / 2)
    assert scores["macro_f1"] == pytest.approx((0.5 + 1 + 0 + 1) / 4)
    assert scores["f1"] == {"favor": 0.5, "against": 1.0, "neutral": 0.0, "unrelated": 1.0}
    assert scores["n_gold"] == {"favor": 2, "against": 1, "neutral": 1, "unrelated": 2}
    assert scores["n"] == 6
    assert {"f_polar_reason", "macro_f1_reason"} & scores.keys() == set()


def test_an_unrelated_row_called_favor_costs_f_polar():
    # favor: 1 right, 1 gold, 2 predicted: F1 2/3
    gold, predicted = ids("favor", "against", "unrelated"), ids("favor", "against", "favor")
    assert score(STANCE, gold, predicted)["f_polar"] == pytest.approx((2 / 3 + 1) / 2)


def test_a_class_without_gold_makes_the_score_null_with_a_reason_and_not_zero():
    gold, predicted = ids("favor", "neutral", "unrelated"), ids("favor", "against", "favor")
    scores = score(STANCE, gold, predicted)
    assert scores["f_polar"] is None
    assert scores["f_polar_reason"] == "no gold example of against"
    assert scores["macro_f1"] is None
    assert scores["macro_f1_reason"] == "no gold example of against"
    assert scores["f1"]["against"] is None
    assert scores["n_gold"]["against"] == 0
    assert scores["n"] == 3


def test_no_rows_at_all_are_null_with_every_lacking_class_named():
    scores = score(STANCE, ids(), ids())
    assert (scores["n"], scores["f_polar"]) == (0, None)
    assert scores["f_polar_reason"] == "no gold example of favor, against"


def test_sentiment_is_the_mean_f1_of_three_classes_and_has_no_f_polar():
    gold = sentiment_ids("negative", "negative", "neutral", "positive")
    predicted = sentiment_ids("negative", "neutral", "neutral", "positive")
    # negative 2/3, neutral 2/3, positive 1
    scores = score(SENTIMENT, gold, predicted)
    assert scores["macro_f1"] == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    assert scores["n_gold"] == {"negative": 2, "neutral": 1, "positive": 1}
    assert {"f_polar", "f_polar_reason"} & scores.keys() == set()
    lacking = score(SENTIMENT, gold[:3], predicted[:3])
    assert lacking["macro_f1"] is None
    assert lacking["macro_f1_reason"] == "no gold example of positive"


def test_false_polar_is_the_share_of_neutral_rows_that_are_called_polar():
    gold = ids("neutral", "neutral", "neutral", "neutral", "favor", "unrelated")
    predicted = ids("favor", "against", "neutral", "unrelated", "against", "favor")
    assert score(STANCE, gold, predicted)["false_polar"] == 2 / 4
    without_neutral = score(STANCE, ids("favor"), ids("favor"))
    assert without_neutral["false_polar"] is None
    assert "false_polar" not in score(SENTIMENT, sentiment_ids("neutral"), sentiment_ids("neutral"))


def test_any_scheme_is_scored_with_the_polar_classes_it_names():
    voice = Scheme("voice", ("author", "reported", "event"), polar=("event",))
    # author 1 right, 2 gold, 1 predicted: 2/3; reported 1; event 1 right, 1 gold, 2 predicted: 2/3
    scores = score(voice, np.array([0, 0, 1, 2]), np.array([0, 2, 1, 2]))
    assert polar_ids(voice) == (2,)
    assert scores["f_polar"] == pytest.approx(2 / 3)
    assert scores["macro_f1"] == pytest.approx((2 / 3 + 1 + 2 / 3) / 3)


def test_the_polar_classes_of_a_stance_are_the_first_two_and_a_sentiment_has_none():
    assert polar_ids(STANCE) == (0, 1)
    assert polar_ids(SENTIMENT) == ()


def test_confusion_has_gold_in_rows_and_predictions_in_columns():
    found = confusion(ids("favor", "favor", "neutral"), ids("favor", "against", "against"), 4)
    assert found[0].tolist() == [1, 1, 0, 0]
    assert found[2].tolist() == [0, 1, 0, 0]
    assert found.sum() == 3


def test_the_f1_of_a_class_is_zero_where_nothing_is_right_and_unknown_without_gold():
    # class 0: gold 1, predicted 0; class 1: never; class 2: gold 1, predicted 2, 1 right
    f1 = class_f1(np.array([[0, 0, 1], [0, 0, 0], [0, 0, 1]]))
    assert f1[0] == 0
    assert np.isnan(f1[1])
    assert f1[2] == pytest.approx(2 / 3)


def test_a_mean_over_some_classes_does_not_ask_for_gold_of_the_others():
    counts = np.array([[1, 0, 0], [0, 0, 0], [1, 0, 1]])
    # class 0: 1 right, 1 gold, 2 predicted; class 2: 1 right, 2 gold, 1 predicted
    assert mean_f1(counts, [0, 2], ["a", "b", "c"]) == (pytest.approx(2 / 3), None)
    assert mean_f1(counts, [0, 1], ["a", "b", "c"]) == (None, "no gold example of b")


def test_gold_and_predictions_of_different_length_are_an_error():
    with pytest.raises(DataError, match=r"gold has shape \(1,\), predicted has \(2,\)"):
        score(STANCE, ids("favor"), ids("favor", "favor"))
