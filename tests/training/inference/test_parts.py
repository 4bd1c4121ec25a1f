import numpy as np
import pytest

from training.inference.parts import spans_of, speaking_part


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


#            favor against neutral unrelated
FAVOR = [0.75, 0.0, 0.125, 0.125]
NEUTRAL = [0.0, 0.25, 0.75, 0.0]
ELSEWHERE = [0.25, 0.125, 0.0, 0.625]
NOWHERE = [0.0, 0.0, 0.125, 0.875]


@pytest.mark.parametrize(
    ("parts", "speaks"),
    [
        ([NEUTRAL, FAVOR], FAVOR),  # a position outweighs a mention without one
        ([NEUTRAL, ELSEWHERE], NEUTRAL),  # a part that is not about the target says nothing
        ([NOWHERE, ELSEWHERE], ELSEWHERE),
    ],
)
def test_the_part_that_takes_a_position_speaks_for_the_sentence(parts, speaks):
    for order in (parts, parts[::-1]):
        chosen = speaking_part([np.array(part, np.float32) for part in order])
        assert order[chosen] == speaks
