import pytest

from labels.metrics.f1 import ids_of
from labels.pipeline.schema import SENTIMENT, STANCE
from training.report.scores import headline, scores_of, summarize, tones_of

F, A, N, U = "favor", "against", "neutral", "unrelated"


def test_neutral_rows_are_counted_by_the_tone_of_their_sentence(answers, prediction):
    good = [*answers("s1", "a", russia=(N, F), oic=(N, N)), *answers("s2", "a", russia=(N, A))]
    bad = [*answers("s3", "a", russia=(N, A), oic=(A, A), gaza_ceasefire=(U, A))]
    untold = answers("s4", "a", russia=(N, F))
    sentiments = [
        prediction("sentiment", tone, "neutral", sentence)
        for sentence, tone in (("s1", "positive"), ("s2", "positive"), ("s3", "negative"))
    ]
    assert tones_of([*good, *bad, *untold], sentiments) == {
        "negative": {"n": 1, "favor": 0.0, "against": 1.0},
        "neutral": {"n": 0, "favor": None, "against": None},
        "positive": {"n": 3, "favor": 1 / 3, "against": 1 / 3},
    }


def test_class_ids_follow_the_order_of_the_scheme(prediction):
    rows = [prediction("oic", U, F), prediction("oic", N, A)]
    gold, predicted = ids_of(rows, STANCE)
    assert (gold.tolist(), predicted.tolist()) == ([3, 2], [0, 1])


def test_scores_of_a_scheme_without_polar_classes_have_no_f_polar(prediction):
    # negative and neutral found; positive never predicted: F1 1, 2/3, 0
    rows = [
        prediction("sentiment", gold, label)
        for gold, label in [("negative",) * 2, ("neutral",) * 2, ("positive", "neutral")]
    ]
    found = scores_of(rows, SENTIMENT)
    assert found["macro_f1"] == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert "f_polar" not in found


def test_a_split_by_hand(prediction):
    found = summarize(
        [
            prediction("russia", F, F, "s1", "a", "en"),
            prediction("oic", A, F, "s1", "a", "en"),
            prediction("sentiment", "neutral", "neutral", "s1", "a", "en"),
            prediction("russia", A, A, "s2", "b", "ru"),
            prediction("oic", N, N, "s2", "b", "ru"),
            prediction("oic", U, U, "s3", "b", "ru"),
        ],
        [prediction("russia", A, N, "s2", "b", "ru"), prediction("oic", N, N, "s2", "b", "ru")],
        seed=1,
        n_draws=50,
    )
    assert (found["sentences"], found["groups"], found["rows"]) == (3, 2, 5)
    # favor: 1 right of 2 named and 1 gold, 2/3; against: 1 of 1 named and 2 gold, 2/3
    assert found["f_polar_pooled"] == pytest.approx(2 / 3)
    assert found["macro_f1_pooled"] == pytest.approx((2 / 3 + 2 / 3 + 1 + 1) / 4)
    # group b alone has no favor, which counts as 0 beside its against of 1; both groups 2/3;
    # group a alone 2/3 for favor and 0 for against
    assert found["f_polar_pooled_low"] == pytest.approx(1 / 3)
    assert found["f_polar_pooled_high"] == pytest.approx(2 / 3)
    assert (found["target_swap"]["changed"], found["target_swap"]["n"]) == (0.5, 2)
    assert found["sentiment"]["n"] == 1
    assert found["sentiment_macro_f1"] is None  # no gold of two classes
    assert list(found["targets"]) == ["oic", "russia"]
    assert found["targets"]["russia"]["f_polar"] == 1.0
    assert found["targets"]["oic"]["f_polar_reason"] == "no gold example of favor"
    assert {lang: scores["n"] for lang, scores in found["languages"].items()} == {"en": 2, "ru": 3}
    assert found["languages"]["en"]["sentiment_macro_f1"] is None


def test_the_headline_takes_the_split_s_figures(small_scores):
    scores, found = small_scores
    split = scores["splits"]["dev"]
    # favor 2/3, against 0
    assert found["f_polar_pooled"] == split["f_polar_pooled"] == pytest.approx(1 / 3)
    # (F, A) answered (F, F): 1 right, and 1 right when dealt the other way
    assert found["target_gain"] == split["target_gain"]["gain"] == 0.0
    assert found == headline(split)
    assert found["sentences"] == 2
    assert found["macro_f1_pooled"] is None  # no gold of unrelated
