import numpy as np
import pytest

from labels.pipeline.schema import SENTIMENT, STANCE
from training.inference.parts import join_parts, spans_of


@pytest.mark.parametrize(
    ("n_tokens", "room", "expected"),
    [
        (0, 100, [(0, 0)]),
        (100, 100, [(0, 100)]),
        (101, 100, [(0, 100), (1, 101)]),
        (168, 100, [(0, 100), (68, 168)]),  # 32 tokens in common, no more
        (169, 100, [(0, 100), (34, 134), (69, 169)]),
        (5, 2, [(0, 2), (1, 3), (2, 4), (3, 5)]),
    ],
)
def test_a_long_sentence_is_cut_into_equal_parts_that_overlap(n_tokens, room, expected):
    assert spans_of(n_tokens, room) == expected


def joined(scheme, *parts):
    return join_parts(scheme, [np.array(part, np.float32) for part in parts]).tolist()


#            favor against neutral unrelated
FAVOR = [0.75, 0.0, 0.125, 0.125]
NEUTRAL = [0.0, 0.25, 0.75, 0.0]
ELSEWHERE = [0.25, 0.125, 0.0, 0.625]
NOWHERE = [0.0, 0.0, 0.125, 0.875]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([NEUTRAL, FAVOR], FAVOR),  # a position outweighs a mention without one
        ([NEUTRAL, ELSEWHERE], NEUTRAL),  # a part that is not about the target says nothing
        ([NOWHERE, ELSEWHERE], ELSEWHERE),
    ],
)
def test_a_stance_is_that_of_the_part_that_takes_it(parts, expected):
    assert joined(STANCE, *parts) == expected
    assert joined(STANCE, *reversed(parts)) == expected


def test_the_sentiment_is_the_mean_of_the_parts():
    assert joined(SENTIMENT, [1.0, 0.0, 0.0], [0.0, 0.5, 0.5]) == [0.5, 0.25, 0.25]
