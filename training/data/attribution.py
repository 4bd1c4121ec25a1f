"""Whose stance it is, and in which voice: from text to tokens and back.

No torch here, as an export is read without it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from labels.pipeline.schema import AUTHOR, POLAR_STANCES, VOICES
from training.data.marks import Offsets

HOLDER, VOICE = "holder", "voice"  # outputs of a classifier, and columns of tables
UNKNOWN = -100  # in the place of a token or a voice that gold does not give
BY_AUTHOR = (0, 0)  # the first token frames the sentence, and stands for its author
LONGEST = 12  # tokens of a holder: 98 of 100 in the built-in corpus have no more

Span = tuple[int, int]  # start and end in a sentence, in code points
Spans = NDArray[np.int64]  # first and last token of each holder


class Attribution(NamedTuple):
    """What gold says of one stance, in numbers; `UNKNOWN` where it says nothing."""

    holder: int = UNKNOWN  # number of its span, see `span_number`
    voice: int = UNKNOWN  # in the order of `VOICES`


def span_number(first: int, last: int) -> int:
    """Number a span of tokens, among all that are at most `LONGEST` tokens long."""
    return first * LONGEST + last - first


def attribution_of(stance: Mapping[str, Any], text: str, offsets: Offsets) -> Attribution:
    """Find the tokens of the holder of a stance, and number its voice.

    Args:
        stance: An entry of ``stances`` in the table ``splits``.
        text: The sentence.
        offsets: Of its tokens, see `in_sentence`.

    Returns:
        Nothing known where the stance is not polar; no holder where gold's is not in the text or
        in the part of it that the model reads, or is longer than `LONGEST`.
    """
    if stance["label"] not in POLAR_STANCES:
        return Attribution()
    voice = VOICES.index(stance[VOICE]) if stance[VOICE] else UNKNOWN
    if stance[HOLDER] is None:
        return Attribution(voice=voice)
    if stance[HOLDER] == AUTHOR:
        return Attribution(span_number(*BY_AUTHOR), voice)
    span = span_of(stance[HOLDER], text)
    if span is None:
        return Attribution(voice=voice)
    start, end = span
    tokens = ((offsets[:, 0] < end) & (offsets[:, 1] > start)).nonzero()[0]
    if not 0 < len(tokens) <= LONGEST or offsets[:, 1].max() < end:
        return Attribution(voice=voice)
    return Attribution(span_number(int(tokens[0]), int(tokens[-1])), voice)


def span_of(holder: str, text: str) -> Span | None:
    """Find a holder in its sentence: as a word of its own, or else anywhere; None if it is not."""
    escaped = re.escape(holder)
    found = re.search(rf"(?<!\w){escaped}(?!\w)", text) or re.search(escaped, text)
    return found.span() if found else None


def pad_offsets(rows: Sequence[Offsets], length: int) -> NDArray[np.bool_]:
    """Tell which tokens are of their sentence, shape ``(n, length)``; padding is not."""
    inside = np.zeros((len(rows), length), dtype=bool)
    for number, offsets in enumerate(rows):
        inside[number, : len(offsets)] = offsets[:, 0] < offsets[:, 1]
    return inside


def best_spans(logits: NDArray[np.float32], inside: NDArray[np.bool_]) -> Spans:
    """Choose the likeliest holder of every stance: a span of the sentence, or its author.

    Args:
        logits: Of each span, by its first token and the number of those that follow it, shape
            ``(n, targets, length, LONGEST)``.
        inside: What `pad_offsets` gives.

    Returns:
        First and last token, shape ``(n, targets, 2)``; `BY_AUTHOR` for the author.
    """
    length = inside.shape[1]
    possible = np.zeros((*inside.shape, LONGEST), dtype=bool)
    for steps in range(min(LONGEST, length)):
        possible[:, : length - steps, steps] = inside[:, : length - steps] & inside[:, steps:]
    first, last = BY_AUTHOR
    possible[:, first, last - first] = True
    scores = np.where(possible[:, None], logits, -np.inf)
    best = scores.reshape(*logits.shape[:2], -1).argmax(-1)
    begin, steps = np.divmod(best, LONGEST)
    return np.stack([begin, begin + steps], axis=-1).astype(np.int64)


def read_holder(tokens: NDArray[np.int64], text: str, offsets: Offsets) -> Span | None:
    """Give the span of a holder, in whole words; None for the author, or where it is a mere gap.

    Args:
        tokens: First and last one.
        text: The sentence.
        offsets: Of its tokens.
    """
    first, last = tokens.tolist()
    if (first, last) == BY_AUTHOR:
        return None
    start, end = int(offsets[first, 0]), int(offsets[last, 1])
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return None
    while 0 < start and _in_word(text[start - 1]) and _in_word(text[start]):
        start -= 1
    while end < len(text) and _in_word(text[end]) and _in_word(text[end - 1]):
        end += 1
    return start, end


def _in_word(letter: str) -> bool:
    """Tell whether a word goes on with this; so it does with a vowel sign, as of Arabic."""
    return letter.isalnum() or unicodedata.category(letter).startswith("M")
