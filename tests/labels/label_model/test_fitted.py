import json

import numpy as np
import pytest

from labels.label_model.dawid_skene import fit
from labels.label_model.fitted import LabelModel, stratum_of
from labels.label_model.kind import LabelModelKind
from labels.label_model.settings import LabelModelSettings
from labels.label_model.votes import ABSTAIN, NOT_ASKED

CLASSES = ("a", "b")


def fitted(kind, weights=(1.0,), outcomes=(), prior=((0.5, 0.5),)):
    """A label model of one stratum and language."""
    return LabelModel(
        kind=kind,
        classes=CLASSES,
        labellers=tuple(f"f{number}" for number in range(len(weights))),
        groups=("en",),
        strata=("russia",),
        weights=np.array(weights),
        outcomes=np.array(outcomes, float).reshape(len(weights), -1, 2, 3)
        if len(outcomes)
        else np.zeros((len(weights), 0)),
        prior=np.array([prior]),
    )


# Of class a the labeller says a six times in ten, and is silent else; of b it says b once.
TABLE = [[[0.6, 0.0, 0.4], [0.0, 0.1, 0.9]]]


def ask(model, *votes):
    zeros = np.zeros(len(votes), dtype=np.int64)
    return model.posterior(np.array(votes, dtype=np.int8), zeros, zeros)


def test_silence_counts_with_confusions_and_not_with_one_coin():
    silent = ask(fitted(LabelModelKind.confusion, outcomes=TABLE), [ABSTAIN])
    assert silent[0, 1] == pytest.approx(0.9 / 1.3)
    assert ask(fitted(LabelModelKind.one_coin, outcomes=TABLE), [ABSTAIN])[0, 1] == 0.5


def test_who_was_not_asked_leaves_the_class_frequencies():
    model = fitted(LabelModelKind.confusion, outcomes=TABLE, prior=((0.2, 0.8),))
    assert ask(model, [NOT_ASKED])[0] == pytest.approx([0.2, 0.8])


def test_a_weight_of_a_half_takes_the_root_of_the_evidence():
    half = ask(fitted(LabelModelKind.confusion, weights=(0.5,), outcomes=TABLE), [ABSTAIN])
    assert half[0, 1] / half[0, 0] == pytest.approx((0.9 / 0.4) ** 0.5)


def test_frequencies_settle_a_tie_of_the_majority_and_a_question_without_votes():
    model = fitted(LabelModelKind.majority, weights=(1, 1, 1), prior=((0.3, 0.7),))
    found = ask(model, [0, 1, ABSTAIN], [ABSTAIN, ABSTAIN, NOT_ASKED], [0, 0, 1])
    assert found.argmax(axis=1).tolist() == [1, 1, 0]
    assert found[2] == pytest.approx([2 / 3, 1 / 3], abs=1e-3)
    assert found[1] == pytest.approx([0.3, 0.7])


@pytest.mark.parametrize("kind", [LabelModelKind.one_coin, LabelModelKind.confusion])
def test_json_and_back_gives_the_probabilities_of_the_fit(matrix, kind):
    rng = np.random.default_rng(5)
    votes = matrix(rng.integers(-2, 2, (300, 4)), groups=rng.integers(0, 2, 300))
    settings = LabelModelSettings(
        kind=kind,
        accuracy=0.7,
        strength=2.0,
        pooling=5.0,
        unlabelled_weight=1.0,
        discount_dependent=True,
        learn_frequencies=False,
        max_iterations=500,
        tolerance=1e-9,
    )
    found = fit(votes, np.full(300, -1), settings)
    model = LabelModel(
        kind=kind,
        classes=CLASSES,
        labellers=votes.labellers,
        groups=("en", "ru"),
        strata=("russia",),
        weights=found.weights,
        outcomes=found.outcomes,
        prior=found.prior,
    )
    again = LabelModel.from_json(json.loads(json.dumps(model.to_json())))
    np.testing.assert_allclose(
        again.posterior(votes.votes, votes.groups, votes.strata), found.probabilities, atol=1e-6
    )
    assert again.labellers == votes.labellers
    assert again.kind is kind


def test_a_stratum_is_a_task_and_whether_its_target_is_named():
    assert stratum_of("oic", is_named=True) != stratum_of("oic", is_named=False)
