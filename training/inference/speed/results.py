"""What is kept of the measurements, and the ratios that are made of them."""

from collections.abc import Sequence
from statistics import median
from typing import TypedDict

import numpy as np

from training.inference.speed.peaks import Peak
from training.inference.speed.steps import Step

_FEWEST = 100  # times of which the 99th percentile is more than the longest


class Spread(TypedDict):
    """A figure that was measured once in every round."""

    median: float
    low: float  # of all rounds
    high: float


class Way(TypedDict):
    """How fast a way to label sentences is."""

    name: str
    labelled: int  # sentences, in all rounds
    sample: int  # different sentences
    tokens: float  # of a sentence of the sample, on average
    sentences_per_second: Spread
    beside_default: Spread  # rate beside that of the stock pipeline at its default batch size
    beside_best: Spread  # and at its best one
    gigaops_per_sentence: float | None  # billions of operations of matrix products, without padding
    format: str | None  # of the numbers of most of its products
    share_of_peak: Spread | None  # of what the machine does at best in that format
    alone: int  # sentences that were labelled one by one
    p50_milliseconds: float | None  # that one takes
    p99_milliseconds: float | None  # null with fewer than 100
    peak_mib: float | None  # resident memory of its process
    megabytes: float | None  # on disk


class PeakRecord(TypedDict):
    """What the machine does at best in a number format."""

    format: str
    by: str  # what was fastest
    size: int  # rows and columns of its matrices
    gigaops_per_second: Spread


class StepRecord(TypedDict):
    """How fast a step from raw text to records is."""

    name: str
    articles: int
    sentences: int | None  # null before articles are split
    seconds: float
    articles_per_second: float
    sentences_per_second: float | None


class MachineRecord(TypedDict):
    """Where all was measured."""

    processor: str
    instructions: list[str]
    threads: int
    versions: dict[str, str]


class Speed(TypedDict):
    """All that was measured in a run."""

    machine: MachineRecord
    export_hash: str
    input: str
    unit: str
    seed: int
    rounds: int
    seconds: float
    stock_tried: dict[str, float]
    ways: list[Way]
    peaks: list[PeakRecord]
    steps: list[StepRecord]


def spread(values: Sequence[float]) -> Spread:
    """Give the median of what the rounds gave, the least and the most."""
    return Spread(median=median(values), low=min(values), high=max(values))


def ratio(values: Sequence[float], others: Sequence[float]) -> Spread:
    """Compare two figures of the same rounds.

    Returns:
        The ratio of the medians; the least and the most that a round by itself gives.
    """
    by_round = [value / other for value, other in zip(values, others, strict=True)]
    return Spread(
        median=median(values) / median(others),
        low=min(by_round),
        high=max(by_round),
    )


def best_peaks(rounds: Sequence[Sequence[Peak]]) -> dict[str, tuple[PeakRecord, list[float]]]:
    """Take what multiplies fastest in each number format, by the median of all rounds.

    Returns:
        By format, the record and the rate in each round.
    """
    found: dict[str, tuple[PeakRecord, list[float]]] = {}
    for same in zip(*rounds, strict=True):  # of one library
        rates = [peak.gigaops for peak in same]
        record = PeakRecord(
            format=same[0].format,
            by=same[0].by,
            size=same[0].size,
            gigaops_per_second=spread(rates),
        )
        known = found.get(record["format"])
        if known is None or median(rates) > median(known[1]):
            found[record["format"]] = record, rates
    return found


def percentiles(seconds: Sequence[float]) -> tuple[float | None, float | None]:
    """Give the 50th and the 99th percentile of some times, in milliseconds.

    Returns:
        None for that which there are too few times for.
    """
    if not seconds:
        return None, None
    middle, late = (float(value) * 1000 for value in np.percentile(seconds, [50, 99]))
    return middle, late if len(seconds) >= _FEWEST else None


def step_record(step: Step) -> StepRecord:
    """Turn the time of a step into rates."""
    return StepRecord(
        name=step.name,
        articles=step.articles,
        sentences=step.sentences or None,
        seconds=step.seconds,
        articles_per_second=step.articles / step.seconds,
        sentences_per_second=step.sentences / step.seconds if step.sentences else None,
    )
