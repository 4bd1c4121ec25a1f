import pytest

from labels.metrics.attribution import same_span, score_attributions


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ((0, 10), (0, 10), True),
        ((0, 10), (5, 10), True),  # half of the longer one
        ((0, 10), (6, 10), False),
        ((0, 4), (2, 6), True),
        ((0, 4), (3, 7), False),
        ((0, 4), (4, 8), False),
    ],
)
def test_spans_are_the_same_that_share_half_of_the_longer_one(first, second, same):
    assert same_span(first, second) is same
    assert same_span(second, first) is same


def row(gold_holder=None, right=None, gold_voice=None, voice=None):
    return {
        "gold_holder": gold_holder,
        "holder_right": right,
        "gold_voice": gold_voice,
        "voice": voice,
    }


def test_shares_are_of_the_rows_that_gold_knows():
    rows = [
        row("author", True, "author", "author"),
        row("author", False, "event", "reported"),
        row("Ankara", True, None, None),
        row(None, None, "event", "event"),
        row(),
    ]
    assert score_attributions(rows) == {
        "holders": 3,
        "holder_right": pytest.approx(2 / 3),
        "authors": 2,
        "author_right": 0.5,
        "voices": 3,
        "voice_right": pytest.approx(2 / 3),
    }


def test_without_gold_there_is_no_share_and_no_zero():
    found = score_attributions([row()])
    assert (found["holders"], found["holder_right"], found["author_right"]) == (0, None, None)
    assert (found["voices"], found["voice_right"]) == (0, None)
