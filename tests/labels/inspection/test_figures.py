import numpy as np
import pytest

from labels.inspection.figures import doubted, interval, measure
from labels.label_model.items import SchemeItems
from labels.label_model.votes import ABSTAIN, NOT_ASKED, VoteMatrix
from labels.pipeline.schema import STANCE, Task

LANGS = ("ar", "en", "other")
FAVOR, AGAINST, NEUTRAL = 0, 1, 2


def items(votes, gold, groups):
    """Two tasks: item 2i is sentence i with the first, item 2i + 1 with the second."""
    matrix = VoteMatrix(
        np.array(votes, np.int8), np.array(groups), np.zeros(len(votes), int), 4, ("f", "g", "h")
    )
    return SchemeItems(
        scheme=STANCE,
        tasks=(Task("russia", STANCE), Task("oic", STANCE)),
        matrix=matrix,
        gold=np.array(gold),
        anchors=np.full(len(gold), -1),
        articles=np.arange(len(gold)) // 2,
    )


@pytest.fixture(scope="module")
def figures():
    once = [
        [FAVOR, FAVOR, NOT_ASKED],  # russia, ar
        [ABSTAIN, NEUTRAL, NOT_ASKED],  # oic, ar
        [AGAINST, AGAINST, AGAINST],  # russia, en
        [FAVOR, ABSTAIN, ABSTAIN],  # oic, en
        [ABSTAIN, FAVOR, NEUTRAL],  # russia, en
        [ABSTAIN, ABSTAIN, ABSTAIN],  # oic, en
    ]
    gold = [FAVOR, -1, FAVOR, FAVOR, NEUTRAL, -1]
    found = measure(items(once * 10, gold * 10, [0, 0, 1, 1, 1, 1] * 10), LANGS)
    return {(one["labeller"], one["task"], one["lang"]): one for one in found}


def test_coverage_overlap_conflict_and_accuracy_are_of_the_task_and_language(figures):
    found = figures["f", "russia", "en"]
    assert found | {"low": 0, "high": 0} == {
        "scheme": "stance",
        "labeller": "f",
        "task": "russia",
        "lang": "en",
        "asked": 20,
        "votes": 10,
        "coverage": 0.5,
        "overlap": 1.0,
        "conflict": 0.0,
        "most_alike": "g",
        "correlation": 1.0,
        "n_gold": 10,
        "accuracy": 0.0,
        "low": 0,
        "high": 0,
    }
    assert figures["g", "russia", "en"]["conflict"] == 0.5
    together = figures["f", "all", "all"]
    assert (together["asked"], together["votes"], together["n_gold"]) == (60, 30, 30)
    assert together["accuracy"] == pytest.approx(2 / 3, abs=1e-4)


def test_what_was_never_asked_is_left_out(figures):
    assert ("h", "russia", "ar") not in figures
    assert ("f", "russia", "other") not in figures


def test_without_gold_there_is_no_accuracy_and_no_interval(figures):
    found = figures["g", "oic", "ar"]
    assert found["n_gold"] == 0
    assert found["accuracy"] is found["low"] is found["high"] is None


def test_the_interval_is_that_of_wilson():
    # Wilson 1927: 8 of 10, z = 1.96, worked out by hand.
    assert interval(8, 10) == pytest.approx((0.490, 0.943), abs=1e-3)
    assert interval(0, 0) == (None, None)


def test_who_is_right_too_rarely_is_named_where_enough_is_known(figures):
    rows = list(figures.values())
    assert [one["labeller"] for one in doubted(rows, 0.6, 20)] == ["g", "h"]
    assert list(doubted(rows, 0.6, 1000)) == []
    assert list(doubted(rows, 0.1, 20)) == []
