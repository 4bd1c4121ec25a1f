import numpy as np
import pytest

from training.data.attribution import (
    BY_AUTHOR,
    LONGEST,
    UNKNOWN,
    Attribution,
    attribution_of,
    best_spans,
    pad_offsets,
    read_holder,
    span_number,
    span_of,
)
from training.data.marks import in_sentence

TEXT = "UN: the US, Ankara said"
#            <s>    ▁UN     :       ▁the    ▁US     ,         ▁Ank      ara       ▁said     </s>
OFFSETS = in_sentence(
    [(0, 0), (0, 2), (2, 3), (3, 7), (7, 10), (10, 11), (11, 15), (15, 18), (18, 23), (0, 0)], 0
)


def stance(label="favor", holder="Ankara", voice="reported"):
    return {"label": label, "holder": holder, "voice": voice}


@pytest.mark.parametrize(
    ("holder", "tokens"),
    [("Ankara", (6, 7)), ("the US", (3, 4)), ("UN", (1, 1)), ("author", (0, 0)), ("nkar", (6, 7))],
)
def test_a_holder_is_the_tokens_that_it_covers_or_cuts(holder, tokens):
    assert attribution_of(stance(holder=holder), TEXT, OFFSETS) == Attribution(
        span_number(*tokens), 1
    )


def test_a_holder_is_sought_as_a_word_before_it_is_sought_in_words():
    assert span_of("AS", "MASSA: AS menolak") == (7, 9)
    assert span_of("الاتحاد", "والاتحاد الأوروبي") == (1, 8)
    assert span_of("(UN)", "the (UN) said") == (4, 8)
    assert span_of("NATO", TEXT) is None


def test_what_gold_does_not_say_is_unknown():
    assert attribution_of(stance(label="neutral"), TEXT, OFFSETS) == Attribution()
    assert attribution_of(stance(holder=None), TEXT, OFFSETS) == Attribution(voice=1)
    assert attribution_of(stance(voice=None), TEXT, OFFSETS) == Attribution(
        span_number(6, 7), UNKNOWN
    )
    assert attribution_of(stance(holder="NATO"), TEXT, OFFSETS) == Attribution(voice=1)


def test_a_holder_that_the_model_does_not_read_to_its_end_is_unknown():
    cut = np.vstack([OFFSETS[:7], OFFSETS[-1:]])  # after "Ank"
    assert attribution_of(stance(), TEXT, cut) == Attribution(voice=1)
    assert attribution_of(stance(holder="the US"), TEXT, cut) == Attribution(span_number(3, 4), 1)


def test_a_holder_that_is_too_long_is_unknown():
    text = "a " * 20
    offsets = in_sentence([(0, 0), *((2 * i, 2 * i + 1) for i in range(20)), (0, 0)], 0)
    for n_words, number in ((LONGEST, span_number(1, LONGEST)), (LONGEST + 1, UNKNOWN)):
        holder = " ".join(["a"] * n_words)
        assert attribution_of(stance(holder=holder), text, offsets).holder == number


def test_spans_have_numbers_of_their_own():
    spans = [(first, first + steps) for first in range(9) for steps in range(LONGEST)]
    assert [span_number(*span) for span in spans] == list(range(len(spans)))


def logits_of(*spans, length=10):
    """Make logits of one sentence and target: 0 but for some spans, ``(first, last, logit)``."""
    logits = np.zeros((1, 1, length, LONGEST), np.float32)
    for first, last, value in spans:
        logits[0, 0, first, last - first] = value
    return logits


def best(*spans, length=10):
    inside = pad_offsets([OFFSETS], length)
    return tuple(best_spans(logits_of(*spans, length=length), inside)[0, 0].tolist())


def test_the_likeliest_span_is_chosen():
    assert best((3, 4, 5), (6, 7, 4)) == (3, 4)
    assert best((3, 4, 5), (6, 7, 6)) == (6, 7)
    assert best((1, 8, 1)) == (1, 8)


def test_the_author_is_chosen_where_the_frame_scores_more_than_any_span():
    assert best((0, 0, 3), (3, 4, 2)) == BY_AUTHOR
    assert best((0, 0, 3), (3, 4, 5)) == (3, 4)


def test_neither_the_frame_nor_padding_belongs_to_a_holder():
    outside = [(9, 9, 9), (8, 9, 9), (0, 1, 9), (11, 11, 9), (9, 11, 9)]
    assert best(*outside, (3, 4, 1), length=12) == (3, 4)


def test_where_nothing_is_of_the_sentence_the_author_is_left():
    nothing = np.zeros((1, 4), bool)
    assert best_spans(logits_of((1, 1, 5), length=4), nothing).tolist() == [[[0, 0]]]


def test_each_target_and_sentence_has_a_holder_of_its_own():
    logits = np.concatenate([logits_of((3, 4, 5)), logits_of((6, 7, 5))], axis=1)
    logits = np.concatenate([logits, logits[:, ::-1]])
    spans = best_spans(logits, pad_offsets([OFFSETS, OFFSETS], len(OFFSETS)))
    assert spans.tolist() == [[[3, 4], [6, 7]], [[6, 7], [3, 4]]]


@pytest.mark.parametrize(
    ("tokens", "holder"),
    [
        ((3, 4), "the US"),
        ((6, 7), "Ankara"),
        ((7, 7), "Ankara"),
        ((6, 6), "Ankara"),
        ((1, 1), "UN"),
    ],
)
def test_a_holder_is_read_in_whole_words(tokens, holder):
    start, end = read_holder(np.array(tokens), TEXT, OFFSETS)
    assert TEXT[start:end] == holder


def test_vowel_signs_are_of_the_word():
    text = "قال رئيسُ الوفدِ، أمس"
    word = text.index("الوفد")
    tokens = in_sentence([(0, 0), (4, 8), (word, word + 5), (0, 0)], 0)
    assert read_holder(np.array([1, 2]), text, tokens) == (4, text.index("،"))


def test_the_author_and_a_gap_have_no_span():
    gap = in_sentence([(0, 0), (0, 1), (1, 2), (0, 0)], 0)
    assert read_holder(np.array([2, 2]), "a b", gap) is None
    assert read_holder(np.array(BY_AUTHOR), TEXT, OFFSETS) is None
