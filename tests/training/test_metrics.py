import numpy as np
import pytest

from labels.errors import DataError
from labels.schema import SENTIMENTS, STANCES
from training.evaluate_metrics import SentimentMetric, StanceMetric
from training.metrics import POLAR_IDS, confusion, group_interval, score_sentiment, score_stance


def ids(*names, scheme=STANCES):
    return np.array([scheme.index(name) for name in names], np.int64)


# favor: 1 right of 2 gold and 2 predicted, F1 2/4; against 1 of 1 and 1, F1 1;
# neutral 0 of 1 and 1, F1 0; unrelated 2 of 2 and 2, F1 1.
GOLD = ids("favor", "favor", "against", "neutral", "unrelated", "unrelated")
PREDICTED = ids("favor", "neutral", "against", "favor", "unrelated", "unrelated")


def test_f_polar_is_the_mean_f1_of_favor_and_against():
    scores = score_stance(GOLD, PREDICTED)
    assert scores["f_polar"] == pytest.approx((0.5 + 1) / 2)
    assert scores["macro_f1"] == pytest.approx((0.5 + 1 + 0 + 1) / 4)
    assert scores["f1"] == {"favor": 0.5, "against": 1.0, "neutral": 0.0, "unrelated": 1.0}
    assert scores["n_gold"] == {"favor": 2, "against": 1, "neutral": 1, "unrelated": 2}
    assert scores["n"] == 6
    assert "f_polar_reason" not in scores


def test_an_unrelated_row_called_favor_costs_f_polar():
    # favor: 1 right, 1 gold, 2 predicted: F1 2/3
    scores = score_stance(ids("favor", "against", "unrelated"), ids("favor", "against", "favor"))
    assert scores["f_polar"] == pytest.approx((2 / 3 + 1) / 2)


def test_a_class_without_gold_makes_the_score_null_with_a_reason_and_not_zero():
    scores = score_stance(ids("favor", "neutral", "unrelated"), ids("favor", "against", "favor"))
    assert scores["f_polar"] is None
    assert scores["f_polar_reason"] == "no gold example of against"
    assert scores["macro_f1"] is None
    assert scores["f1"]["against"] is None
    assert scores["n_gold"]["against"] == 0
    assert scores["n"] == 3


def test_no_rows_at_all_are_null_with_every_lacking_class_named():
    scores = score_stance(ids(), ids())
    assert (scores["n"], scores["f_polar"]) == (0, None)
    assert scores["f_polar_reason"] == "no gold example of favor, against"


def test_sentiment_is_the_mean_f1_of_three_classes():
    gold = ids("negative", "negative", "neutral", "positive", scheme=SENTIMENTS)
    predicted = ids("negative", "neutral", "neutral", "positive", scheme=SENTIMENTS)
    # negative 2/3, neutral 2/3, positive 1
    scores = score_sentiment(gold, predicted)
    assert scores["sentiment_macro_f1"] == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    lacking = score_sentiment(gold[:3], predicted[:3])
    assert lacking["sentiment_macro_f1"] is None
    assert lacking["sentiment_macro_f1_reason"] == "no gold example of positive"


def test_confusion_has_gold_in_rows_and_predictions_in_columns():
    found = confusion(ids("favor", "favor", "neutral"), ids("favor", "against", "against"), 4)
    assert found[0].tolist() == [1, 1, 0, 0]
    assert found[2].tolist() == [0, 1, 0, 0]
    assert found.sum() == 3


def test_gold_and_predictions_of_different_length_are_an_error():
    with pytest.raises(DataError, match=r"gold has shape \(1,\), predicted has \(2,\)"):
        score_stance(ids("favor"), ids("favor", "favor"))


def interval(gold, predicted, groups, draws=400):
    rng = np.random.default_rng(3)
    return group_interval(gold, predicted, groups, POLAR_IDS, len(STANCES), rng, draws)


def test_interval_draws_whole_groups_and_not_rows():
    # Every group is the same: favor F1 2/3, against 0. Drawing groups can change nothing; drawing
    # rows would.
    gold, predicted = ids("favor", "against"), ids("favor", "favor")
    low, high = interval(
        np.tile(gold, 4), np.tile(predicted, 4), ["a", "a", "b", "b"] + list("ccdd")
    )
    assert (low, high) == (pytest.approx(1 / 3), pytest.approx(1 / 3))


def test_interval_reaches_from_the_worst_to_the_best_group():
    # Of two groups one is all right and one all wrong; a quarter of the draws holds one alone.
    gold = ids("favor", "against", "favor", "against")
    predicted = ids("favor", "against", "against", "favor")
    assert interval(gold, predicted, ["a", "a", "b", "b"]) == (0.0, 1.0)


def test_interval_of_one_group_or_of_a_null_score_is_null():
    polar = ids("favor", "against")
    assert interval(polar, polar, ["a", "a"]) is None
    favor = ids("favor", "favor")
    assert interval(favor, favor, ["a", "b"]) is None


def test_metric_classes_score_batches_as_the_functions_do():
    metric = StanceMetric()
    metric.add_batch(references=GOLD[:4], predictions=PREDICTED[:4])
    metric.add_batch(references=GOLD[4:], predictions=PREDICTED[4:])
    assert metric.compute()["f_polar"] == pytest.approx(0.75)
    tones = SentimentMetric().compute(references=[0, 1, 2], predictions=[0, 1, 2])
    assert tones["sentiment_macro_f1"] == 1.0
