"""How far the confidence of answers is the share of them that is right."""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

N_BINS = 10

Confidences = NDArray[np.float64]  # highest probability of each answer, in [0, 1]
Right = NDArray[np.bool_]  # whether the answer is gold's


class Bin(TypedDict):
    """Answers of about the same confidence."""

    n: int
    confidence: float  # mean
    accuracy: float


class Coverage(TypedDict):
    """The most confident answers."""

    coverage: float  # their share of all
    risk: float  # share of them that is wrong


def bins_of(confidences: Confidences, right: Right) -> list[Bin]:
    """Sort answers into `N_BINS` bins of equal width by confidence; empty ones are left out."""
    places = np.minimum(N_BINS - 1, (N_BINS * confidences).astype(int))
    return [
        Bin(
            n=int(chosen.sum()),
            confidence=float(confidences[chosen].mean()),
            accuracy=float(right[chosen].mean()),
        )
        for chosen in (places == place for place in range(N_BINS))
        if chosen.any()
    ]


def calibration_error(confidences: Confidences, right: Right) -> float | None:
    """Compute the expected calibration error, in [0, 1]; None without answers.

    Source:
        Guo et al. 2017, On calibration of modern neural networks, equation 3;
        https://arxiv.org/abs/1706.04599.
    """
    if not len(confidences):
        return None
    found = bins_of(confidences, right)
    return sum(one["n"] * abs(one["confidence"] - one["accuracy"]) for one in found) / len(right)


def risk_by_coverage(
    confidences: Confidences, right: Right, shares: Sequence[float]
) -> list[Coverage]:
    """Tell how many of the most confident answers are wrong, for some shares of all answers."""
    order = np.argsort(-confidences, kind="stable")
    kept = [max(1, round(share * len(order))) for share in shares if len(order)]
    return [
        Coverage(coverage=n / len(order), risk=1 - float(right[order[:n]].mean())) for n in kept
    ]
