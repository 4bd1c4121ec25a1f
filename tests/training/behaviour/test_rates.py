import pytest
from scipy.stats import binomtest

from training.behaviour.rates import Answer, failed_pairs, pass_rates, passes, wilson


def answered(pairs, **wrong):
    """Give the right answer to every item, but to those that are named."""
    answers = {
        item.id: Answer(item.label, {item.label: 1.0}) for pair in pairs for item in pair.items
    }
    return answers | {name: Answer(label, None) for name, label in wrong.items()}


def rate(rates, capability, lang):
    (found,) = [one for one in rates if (one["capability"], one["lang"]) == (capability, lang)]
    return found


def test_a_pair_passes_when_both_answers_are_right(pairs):
    assert passes(pairs[0], answered(pairs))
    for item in pairs[0].items:
        assert not passes(pairs[0], answered(pairs, **{item.id: "neutral"}))


@pytest.mark.parametrize(("k", "n"), [(0, 13), (8, 13), (13, 13), (1, 1), (130, 182)])
def test_the_interval_is_that_of_wilson(k, n):
    known = binomtest(k, n).proportion_ci(method="wilson")
    assert wilson(k / n, n) == pytest.approx((known.low, known.high), abs=1e-9)


def test_rates_are_by_capability_and_language_and_over_all(pairs):
    rates = pass_rates("m", pairs, answered(pairs, **{"en-negation-01b": "favor"}))
    assert [(one["capability"], one["lang"]) for one in rates] == [
        (capability, lang)
        for capability in ("negation", "passive", "all")
        for lang in ("en", "ru", "all")
    ]
    found = rate(rates, "negation", "en")
    assert (found["pairs"], found["passed"], found["rate"]) == (1, 0, 0.0)
    assert (found["items"], found["right"], found["as_expected"]) == (2, 1, 0)
    over_all = rate(rates, "all", "all")
    assert (over_all["pairs"], over_all["passed"], over_all["rate"]) == (4, 3, 0.75)
    assert (over_all["items"], over_all["right"], over_all["as_expected"]) == (8, 7, 3)


def test_renderings_of_a_pair_do_not_make_an_interval_narrower(pairs):
    rates = pass_rates("m", pairs, answered(pairs))
    one = rate(rates, "negation", "en")
    both = rate(rates, "negation", "all")
    assert (one["low"], one["high"]) == (both["low"], both["high"])
    assert both["pairs"] == 2
    assert both["low"] == pytest.approx(wilson(1.0, 1)[0], abs=1e-4)


def test_the_same_answer_to_everything_passes_only_pairs_with_that_label(pairs):
    always = {item.id: Answer("neutral", None) for pair in pairs for item in pair.items}
    rates = pass_rates("m", pairs, always)
    assert rate(rates, "negation", "all")["constant"] == 0
    assert rate(rates, "passive", "all")["constant"] == 1
    assert rate(rates, "all", "all")["constant"] == rate(rates, "all", "all")["rate"] == 0.5


def test_wrong_answers_may_still_differ_as_they_should(pairs):
    swapped = {"en-negation-01a": "against", "en-negation-01b": "favor"}
    found = rate(pass_rates("m", pairs, answered(pairs, **swapped)), "negation", "en")
    assert (found["passed"], found["right"], found["as_expected"]) == (0, 0, 1)


def test_no_answer_is_wrong_and_not_as_expected(pairs):
    silent = {"en-passive-01a": None, "en-passive-01b": None}
    found = rate(pass_rates("m", pairs, answered(pairs, **silent)), "passive", "en")
    assert (found["passed"], found["right"], found["as_expected"]) == (0, 0, 0)


def test_a_failed_pair_shows_both_sentences_and_answers(pairs):
    answers = answered(pairs, **{"ru-passive-01b": "against"})
    (found,) = failed_pairs("m", pairs, answers)
    assert (found["model"], found["pair"], found["lang"]) == ("m", "passive-01", "ru")
    assert (found["target"], found["expect"], found["capability"]) == ("oic", "same", "passive")
    right, wrong = found["items"]
    assert (right["label"], right["answer"]) == ("neutral", "neutral")
    assert right["probabilities"] == {"neutral": 1.0}
    assert (wrong["id"], wrong["label"], wrong["answer"]) == (
        "ru-passive-01b",
        "neutral",
        "against",
    )
    assert wrong["text"] == "A session is held by the OIC."
