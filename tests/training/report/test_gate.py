import numpy as np
import pytest

from labels.pipeline.errors import DataError
from training.report.gate import check_target
from training.report.sensitivity import target_gain

F, A, N = "favor", "against", "neutral"


@pytest.fixture
def gain_of(prediction):
    """Measure the gain on 40 sentences about two targets, given what is said of both."""

    def measure(answer):
        rng = np.random.default_rng(2)
        rows = []
        for i in range(40):
            for target, gold in zip(("russia", "oic"), rng.permutation([F, A, N])[:2], strict=True):
                label = answer(rng, target, str(gold), i)
                rows.append(prediction(target, str(gold), label, f"s{i}", f"g{i}"))
        return target_gain(rows, np.random.default_rng(1), 200)

    return measure


def test_a_model_that_is_often_right_about_the_target_passes(gain_of):
    check_target(gain_of(lambda rng, _, gold, __: gold if rng.random() < 0.7 else N), "dev")


def test_a_topic_detector_does_not_pass(gain_of):
    """It knows that the sentence takes a position, and says so of every target in it."""
    tones = np.random.default_rng(5).permutation([F, A] * 20).tolist()
    gain = gain_of(lambda _, __, ___, sentence: tones[sentence])
    assert gain["gain"] == 0
    with pytest.raises(DataError, match=r"dev: expected a model that looks at the target.*0\.000"):
        check_target(gain, "dev")


def test_answers_that_are_dealt_at_random_do_not_pass(gain_of):
    gain = gain_of(lambda rng, _, __, ___: str(rng.permutation([F, A, N])[0]))
    assert gain["low"] < 0 < gain["high"]
    with pytest.raises(DataError, match="target_gate=false lets the model pass"):
        check_target(gain, "dev")


def test_where_nothing_can_be_measured_the_gate_says_so(prediction):
    gain = target_gain([prediction("oic", F, F)], np.random.default_rng(1), 20)
    with pytest.raises(DataError, match="found no sentence with two related targets"):
        check_target(gain, "test")
