import numpy as np
import pytest

from training.report.sensitivity import swap_mentions, target_gain, target_swap

F, A, N, U = "favor", "against", "neutral", "unrelated"


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


def changes(before, after):
    return target_swap(before, after, np.random.default_rng(1), 200)


def test_answers_that_follow_the_mark_change_and_others_stay(answers):
    before = [
        *answers("s1", "a", russia=(F, F), oic=(A, A), gaza_ceasefire=(U, U)),
        *answers("s2", "b", russia=(N, N), oic=(A, F)),
        *answers("s3", "b", russia=(F, F), oic=(F, F)),  # one answer for both: not counted
    ]
    after = [
        *answers("s1", "a", russia=(F, A), oic=(A, F)),
        *answers("s2", "b", russia=(N, N), oic=(A, N)),
        *answers("s3", "b", russia=(F, N), oic=(F, F)),
    ]
    # article a: 2 of 2 rows; b: 1 of 2
    assert changes(before, after) == {
        "changed": pytest.approx(3 / 4),
        "low": pytest.approx(1 / 2),
        "high": pytest.approx(1.0),
        "n": 4,
    }


def test_a_topic_detector_changes_nothing(answers):
    """It has one answer for the words, wherever a target is marked."""
    before = answers("s1", "a", russia=(F, F), oic=(A, N))
    assert changes(before, before)["changed"] == 0


def test_where_all_targets_get_one_answer_nothing_is_measured(answers, prediction):
    before = answers("s1", "a", russia=(F, F), oic=(A, F))
    sentiment = prediction("sentiment", "neutral", "positive", "s1", "a")
    found = changes([*before, sentiment], before)
    assert (found["changed"], found["n"]) == (None, 0)
    assert found["reason"].startswith("no sentence that names two targets")


def test_each_target_is_asked_about_where_the_next_one_is_named(split_row):
    labels = {"russia": F, "oic": N, "gaza_ceasefire": U}
    text = "Russia and Russia, the OIC, a truce in Gaza."
    named = [("russia", 0), ("russia", 11), ("oic", 23), ("gaza_ceasefire", 30)]
    mentions = [{"target": key, "start": at, "end": at + 3} for key, at in named]
    three = split_row("s1", text, "dev", labels, "neutral") | {"mentions": mentions}
    two = three | {"sentence_id": "s2", "mentions": mentions[1:3]}
    one = three | {"sentence_id": "s3", "mentions": mentions[:2]}
    first, second = swap_mentions([three, two, one])
    # keys in order: gaza_ceasefire, oic, russia
    assert [(m["target"], m["start"]) for m in first["mentions"]] == [
        ("oic", 0),
        ("oic", 11),
        ("gaza_ceasefire", 23),
        ("russia", 30),
    ]
    assert [(m["target"], m["start"]) for m in second["mentions"]] == [("oic", 11), ("russia", 23)]
    assert [stance["target"] for stance in second["stances"]] == ["russia", "oic"]
    assert (first["text"], first["sentiment"]) == (text, None)
