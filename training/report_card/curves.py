"""Curves with a band: how often answers are right by confidence, and how many can be kept."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labels.metrics.calibration import N_BINS
from training.report_card.intervals import Measure, by_group, counted, measure, share
from training.report_card.scored import Scored
from training.report_card.slices import Measuring

SHARES = tuple(n / 20 for n in range(1, 21))  # of the answers, the surest first


@dataclass(frozen=True)
class Point:
    """A point of a curve."""

    x: float
    y: float
    low: float  # 95% interval, articles resampled
    high: float
    n: int


def reliability(rows: Scored, measuring: Measuring) -> list[Point]:
    """Tell how often answers of about the same confidence are right.

    Returns:
        For each of ten bins of equal width with enough answers its mean confidence and the share
        of its answers that is right.
    """
    places = np.minimum(N_BINS - 1, (N_BINS * rows.confidences).astype(int))
    inside = [places == place for place in range(N_BINS)]
    xs = [float(rows.confidences[one].mean()) if one.any() else 0.0 for one in inside]
    return _points(rows, inside, rows.right, xs, measuring)


def risk_by_coverage(rows: Scored, measuring: Measuring) -> list[Point]:
    """Tell how many of the surest answers are wrong, for `SHARES` of the answers.

    The confidence from which answers are kept is that of all rows in every draw.
    """
    order = np.argsort(-rows.confidences, kind="stable")
    rank = np.empty(len(rows), np.int64)
    rank[order] = np.arange(len(rows))
    kept = [rank < round(one * len(rows)) for one in SHARES]
    return _points(rows, kept, ~rows.right, list(SHARES), measuring)


def _points(
    rows: Scored,
    chosen: Sequence[NDArray[np.bool_]],
    counts: NDArray[np.bool_],
    xs: Sequence[float],
    measuring: Measuring,
) -> list[Point]:
    """Give the share of the chosen rows that counts; where there are too few, no point."""
    if not len(rows):
        return []
    columns = [one.astype(float) for one in chosen]
    columns += [(one & counts).astype(float) for one in chosen]
    tables = by_group(rows.local_groups, columns)
    measures = {}
    for i in range(len(chosen)):
        found = counted(tables, i)
        shortage = measuring.rule.shortage({"answers": found})
        measures[str(i)] = Measure(share(len(chosen) + i, i), found[0], shortage)
    figures = measure(tables, measures, measuring.n_draws, measuring.seed)
    points = []
    for i, x in enumerate(xs):
        one = figures[str(i)]
        if one.value is not None and one.low is not None and one.high is not None:
            points.append(Point(x, one.value, one.low, one.high, one.n))
    return points
