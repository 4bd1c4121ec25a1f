"""How often a model names the right holder of a stance, and its voice."""

from collections.abc import Sequence
from typing import TypedDict

from labels.pipeline.schema import AUTHOR
from labels.pipeline.tables import Row


class AttributionScores(TypedDict):
    """Shares of polar rows that are right, fractions in [0, 1]; null where gold names none."""

    holders: int  # rows whose holder gold names
    holder_right: float | None
    authors: int  # of them, those whose holder is the author
    author_right: float | None
    voices: int  # rows whose voice gold names
    voice_right: float | None


def same_span(first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Tell whether two spans are the same or share at least half of the longer one."""
    common = min(first[1], second[1]) - max(first[0], second[0])
    longest = max(first[1] - first[0], second[1] - second[0])
    return common > 0 and 2 * common >= longest


def score_attributions(rows: Sequence[Row]) -> AttributionScores:
    """Score rows of the table ``predictions``; one without a holder or voice in gold is left out.

    The model is asked for the holder of gold's stance, whether it found that stance or not.
    """
    of_holders = [row for row in rows if row["gold_holder"] is not None]
    of_authors = [row for row in of_holders if row["gold_holder"] == AUTHOR]
    of_voices = [row for row in rows if row["gold_voice"] is not None]
    return AttributionScores(
        holders=len(of_holders),
        holder_right=_share([row["holder_right"] for row in of_holders]),
        authors=len(of_authors),
        author_right=_share([row["holder_right"] for row in of_authors]),
        voices=len(of_voices),
        voice_right=_share([row["voice"] == row["gold_voice"] for row in of_voices]),
    )


def _share(right: Sequence[bool]) -> float | None:
    return sum(right) / len(right) if right else None
