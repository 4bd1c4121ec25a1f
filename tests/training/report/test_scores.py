import numpy as np
import pytest

from labels.metrics.f1 import ids_of
from labels.pipeline.schema import SENTIMENT, STANCE
from training.report.scores import headline, scores_of, summarize, target_gain, tones_of

F, A, N, U = "favor", "against", "neutral", "unrelated"


@pytest.fixture
def answers(prediction):
    """Make the stance rows of a sentence: target=(gold, label)."""

    def make(sentence, group, **targets):
        return [
            prediction(task, gold, label, sentence, group)
            for task, (gold, label) in targets.items()
        ]

    return make


def gain(*sentences):
    rows = [row for answers in sentences for row in answers]
    return target_gain(rows, np.random.default_rng(1), 200)


def test_target_gain_of_three_sentences_by_hand(answers):
    found = gain(
        # both right, both wrong when dealt the other way: 2 - 0 of 2 rows
        answers("s1", "a", russia=(F, F), oic=(A, A)),
        # the same label twice: 1 - 1 of 2 rows
        answers("s2", "b", russia=(F, F), oic=(A, F)),
        # gold and labels F A N; right in the 5 other orders: 1, 0, 1, 1, 0, mean 0.6:
        # FNA 1, AFN 1, ANF 0, NFA 0, NAF 1; so 3 - 0.6 of 3 rows
        answers("s3", "b", russia=(F, F), oic=(A, A), gaza_ceasefire=(N, N)),
    )
    assert found["gain"] == pytest.approx((2 + 0 + 2.4) / 7)
    assert found["n"] == 3
    # articles are drawn whole: article a alone gives 2/2, article b alone 2.4/5
    assert found["low"] == pytest.approx(2.4 / 5)
    assert found["high"] == pytest.approx(1.0)


def test_answers_for_the_wrong_target_lose(answers):
    assert gain(answers("s", "a", russia=(F, A), oic=(A, F)))["gain"] == -1.0


def test_unrelated_targets_and_equal_stances_do_not_count(answers):
    found = gain(
        answers("s1", "a", russia=(F, F), oic=(U, U)),
        answers("s2", "a", russia=(A, A), oic=(A, F), gaza_ceasefire=(U, N)),
    )
    assert found == {
        "gain": None,
        "low": None,
        "high": None,
        "n": 0,
        "reason": "no sentence with two related targets of different stances",
    }


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
