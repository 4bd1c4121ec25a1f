"""The content of ``calibration.json``; read without scipy, as an export carries it."""

from collections.abc import Sequence
from typing import TypedDict

from labels.metrics.calibration import Coverage

FILE = "calibration.json"
POOLED = "pooled"  # in the place of a language: of all languages together


class Threshold(TypedDict):
    """What holds for the answers of one label that are at least so sure."""

    confidence: float
    risk: float  # upper bound of the share of them that is wrong
    coverage: float  # their share of the answers of the label


class Gap(TypedDict):
    """Expected calibration error of some answers, in [0, 1]; after: scaled by other articles."""

    n: int
    before: float | None
    after: float | None


class Ranking(TypedDict):
    """How many of the surest answers are wrong, by their share of all."""

    before: list[Coverage]
    after: list[Coverage]


class Abstained(TypedDict):
    """What abstaining did to answers that had no part in the thresholds."""

    asked: float  # risk that was asked for
    risk: float | None  # share of the answers given that is wrong; null where none is given
    coverage: float  # share of the answers that is given


class Fitted(TypedDict):
    """What an export applies."""

    split: str  # that everything was fitted and measured on
    sentences: int
    delta: float  # probability with which the bounds of a label may fail
    temperatures: dict[str, dict[str, float]]  # task -> language or `POOLED` -> temperature
    thresholds: dict[str, dict[str, list[Threshold]]]  # scheme -> label -> the surest first


class Calibration(Fitted):
    """The whole file."""

    gaps: dict[str, dict[str, Gap]]  # scheme -> "all" or language
    rankings: dict[str, Ranking]  # by scheme
    abstained: dict[str, dict[str, list[Abstained]]]  # scheme -> label


def fitted_part(calibration: Calibration) -> Fitted:
    """Take what an export applies."""
    return Fitted(
        split=calibration["split"],
        sentences=calibration["sentences"],
        delta=calibration["delta"],
        temperatures=calibration["temperatures"],
        thresholds=calibration["thresholds"],
    )


def temperature_for(temperatures: dict[str, float], lang: str | None) -> float:
    """Choose the temperature of a task for a language, or the pooled one."""
    return temperatures.get(lang or POOLED, temperatures[POOLED])


def least_confidence(thresholds: Sequence[Threshold], risk: float) -> float:
    """Choose the threshold that keeps the most answers below a risk; above 1 where none does."""
    kept = [found["confidence"] for found in thresholds if found["risk"] <= risk]
    return min(kept, default=2.0)
