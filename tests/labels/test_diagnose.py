import numpy as np

from labels.diagnose import agreement_with_gold, describe_functions
from labels.label_model.votes import ABSTAIN, NOT_ASKED, VoteMatrix


def test_coverage_overlap_conflict_and_accuracy_by_hand():
    votes = np.array([[0, 0], [0, 1], [0, ABSTAIN], [ABSTAIN, 1], [NOT_ASKED, 1]], dtype=np.int8)
    matrix = VoteMatrix(votes, np.zeros(5, int), np.zeros(5, int), 2, ("first", "second"))
    gold = np.array([0, 1, -1, -1, 1])
    first = next(
        row
        for row in describe_functions(matrix, gold, ["en"])
        if row["function"] == "first" and row["lang"] == "all"
    )
    # Asked on 4, votes on 3; beside another vote on 2 of them, beside a different one on 1.
    assert first == {
        "function": "first",
        "lang": "all",
        "votes": 3,
        "coverage": 0.75,
        "overlap": 0.6667,
        "conflict": 0.3333,
        "accuracy": 0.5,
        "n_gold": 2,
    }


def test_f1_by_hand_and_null_with_a_reason():
    probabilities = np.eye(3)[[0, 0, 1, 2]]
    names = ("favor", "against", "neutral")
    gold = np.array([0, 1, 1, -1])
    scores = agreement_with_gold(probabilities, gold, names, ("favor", "against"))
    # favor: precision 1/2, recall 1; against: precision 1, recall 1/2. Both F1 are 2/3.
    assert scores["f_polar"] == {"value": 0.6667, "n": 3}
    assert scores["macro_f1"] == {"value": None, "n": 3, "reason": "no gold example of neutral"}
