import pytest

from labels.label_model.majority import majority
from labels.label_model.votes import ABSTAIN, NOT_ASKED


def test_majority_gives_the_fractions_of_the_votes(matrix):
    votes = [[0, 0, 1], [ABSTAIN, 1, NOT_ASKED], [ABSTAIN, ABSTAIN, ABSTAIN]]
    fractions = majority(matrix(votes))
    assert fractions[0] == pytest.approx([2 / 3, 1 / 3])
    assert fractions[1] == pytest.approx([0, 1])
    assert fractions[2] == pytest.approx([0.5, 0.5])
