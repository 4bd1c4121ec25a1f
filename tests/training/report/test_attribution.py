import numpy as np
import pytest

from training.data.marks import in_sentence
from training.report.attribution import NO_ATTRIBUTION, attribution_columns

TEXT = "Ankara praised it"
OFFSETS = in_sentence([(0, 0), (0, 6), (6, 14), (14, 17), (0, 0)], 0)
REPORTED = np.array([0.0, 2.0, 1.0], np.float32)


def columns(label="favor", holder="Ankara", voice="reported", tokens=(1, 1)):
    stance = {"label": label, "holder": holder, "voice": voice}
    return attribution_columns(stance, TEXT, OFFSETS, np.array(tokens), REPORTED)


def test_what_the_model_says_stands_beside_gold():
    assert columns(voice="event") == {
        "gold_holder": "Ankara",
        "holder": "Ankara",
        "holder_right": True,
        "gold_voice": "event",
        "voice": "reported",
    }


@pytest.mark.parametrize(
    ("holder", "tokens", "found", "right"),
    [
        ("author", (0, 0), "author", True),
        ("author", (1, 1), "Ankara", False),
        ("Ankara", (0, 0), "author", False),
        ("Ankara", (1, 2), "Ankara praised", False),  # 6 of 14 code points
        ("Ankara", (2, 3), "praised it", False),
        ("praised it", (2, 2), "praised", True),
    ],
)
def test_a_holder_is_right_that_is_gold_s_or_shares_half_with_it(holder, tokens, found, right):
    told = columns(holder=holder, tokens=tokens)
    assert (told["holder"], told["holder_right"]) == (found, right)


def test_what_gold_does_not_know_is_not_scored():
    assert columns(label="neutral") == NO_ATTRIBUTION
    assert columns(holder=None)["holder_right"] is None
    assert columns(holder=None)["voice"] == "reported"
    assert columns(holder="NATO")["gold_holder"] is None  # not in the sentence
    assert columns(voice=None)["voice"] is None
