import numpy as np
import pytest

from labels.label_model.diagnose import describe_labellers, labeller_table, score_silver
from labels.label_model.votes import ABSTAIN, NOT_ASKED, VoteMatrix
from labels.pipeline.schema import SENTIMENT, STANCE


@pytest.fixture
def described():
    votes = np.array([[0, 0], [0, 1], [0, ABSTAIN], [ABSTAIN, 1], [NOT_ASKED, 1]], dtype=np.int8)
    groups = np.array([0, 0, 0, 0, 1])
    matrix = VoteMatrix(votes, groups, np.zeros(5, int), 2, ("first", "second"))
    return describe_labellers(matrix, np.array([0, 1, -1, -1, 1]), ["en", "ru"])


def test_coverage_overlap_conflict_and_accuracy_by_hand(described):
    # Asked on 4, votes on 3; beside another vote on 2 of them, beside a different one on 1.
    assert described["first"]["all"] == {
        "votes": 3,
        "coverage": 0.75,
        "overlap": 0.6667,
        "conflict": 0.3333,
        "accuracy": 0.5,
        "n_gold": 2,
    }
    assert described["second"]["ru"] == {
        "votes": 1,
        "coverage": 1.0,
        "overlap": 0.0,
        "conflict": 0.0,
        "accuracy": 1.0,
        "n_gold": 1,
    }


def test_a_language_that_a_labeller_was_not_asked_about_is_left_out(described):
    assert list(described["first"]) == ["all", "en"]
    assert list(described["second"]) == ["all", "en", "ru"]


def test_the_table_for_the_console_has_a_row_a_labeller(described):
    table = labeller_table("title", described)
    assert [column.header for column in table.columns][:3] == ["labeller", "votes", "coverage"]
    assert [list(column.cells) for column in table.columns][:3] == [
        ["first", "second"],
        ["3", "4"],
        ["0.750", "0.800"],
    ]


def test_silver_is_scored_where_there_is_gold_and_by_language():
    # favor, favor, against, neutral; the last item has no gold and is of a language without any.
    probabilities = np.eye(4)[[0, 0, 1, 2]]
    gold = np.array([0, 1, 1, -1])
    scores = score_silver(STANCE, probabilities, gold, np.array([0, 1, 1, 2]), ["en", "ru", "ar"])
    assert list(scores) == ["all", "en", "ru"]
    # favor: precision 1/2, recall 1; against: precision 1, recall 1/2. Both F1 are 2/3.
    assert scores["all"]["f_polar"] == pytest.approx(2 / 3)
    assert (scores["all"]["n"], scores["ru"]["n"]) == (3, 2)
    assert scores["all"]["macro_f1"] is None
    assert scores["all"]["macro_f1_reason"] == "no gold example of neutral, unrelated"


def test_without_gold_there_is_a_reason_instead_of_a_score():
    scores = score_silver(SENTIMENT, np.eye(3), np.array([-1, -1, -1]), np.zeros(3, int), ["en"])
    assert list(scores) == ["all"]
    assert (scores["all"]["n"], scores["all"]["macro_f1"]) == (0, None)
    assert scores["all"]["macro_f1_reason"] == "no gold example of negative, neutral, positive"
