"""The columns of the table ``predictions`` that tell of holder and voice."""

import numpy as np
from numpy.typing import NDArray

from labels.metrics.attribution import same_span
from labels.pipeline.schema import AUTHOR, STANCE, VOICES
from labels.pipeline.tables import Row
from training.data.attribution import HOLDER, VOICE, read_holder, span_of
from training.data.marks import Offsets

NO_ATTRIBUTION: Row = dict.fromkeys(
    ("gold_holder", "holder", "holder_right", "gold_voice", "voice")
)


def attribution_columns(
    stance: Row,
    text: str,
    offsets: Offsets,
    tokens: NDArray[np.int64],
    voices: NDArray[np.float32],
) -> Row:
    """Set what a model says of holder and voice beside what gold says of them.

    Args:
        stance: Of the table ``splits``.
        text: The sentence.
        offsets: Of its tokens.
        tokens: First and last one of the predicted holder.
        voices: Logits, shape ``(voices,)``.

    Returns:
        `NO_ATTRIBUTION` but for what gold knows of a polar stance: a holder that is `AUTHOR` or
        stands in the text, and a voice.
    """
    columns = dict(NO_ATTRIBUTION)
    if stance["label"] not in STANCE.polar:
        return columns
    holder = stance[HOLDER]
    expected = None if holder in (None, AUTHOR) else span_of(holder, text)
    if holder == AUTHOR or expected is not None:
        found = read_holder(tokens, text, offsets)
        columns["gold_holder"] = holder
        columns["holder"] = AUTHOR if found is None else text[slice(*found)]
        columns["holder_right"] = (
            found == expected if found is None or expected is None else same_span(found, expected)
        )
    if stance[VOICE] is not None:
        columns["gold_voice"] = stance[VOICE]
        columns["voice"] = VOICES[int(voices.argmax())]
    return columns
