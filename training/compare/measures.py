"""What two models are compared by: scores that are computed from counts by group."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from labels.pipeline.schema import SENTIMENT, STANCE, Scheme
from training.compare.answers import Pair

Counts = NDArray[np.float64]  # what a score is computed from, in the last axis
Value = Callable[[Counts], NDArray[np.float64]]  # shape (..., k) -> (...), fractions in [0, 1]


@dataclass(frozen=True)
class Slice:
    """Some of the rows; None is all."""

    target: str | None = None
    lang: str | None = None
    voice: str | None = None

    def holds(self, pair: Pair) -> bool:
        """Tell whether a row is of the slice."""
        return (
            self.target in (None, pair.task)
            and self.lang in (None, pair.lang)
            and self.voice in (None, pair.gold_voice)
        )


@dataclass(frozen=True)
class Measure:
    """A score, and the rows that it is computed from."""

    name: str
    scheme: Scheme
    classes: tuple[str, ...] = ()  # whose mean F1 it is; none: a share of rows that are right
    of_holders: bool = False  # right is the holder, not the label

    def takes(self, pair: Pair) -> bool:
        """Tell whether a row has a part in the score."""
        if self.of_holders:
            return pair.a_holder is not None and pair.b_holder is not None
        return pair.scheme == self.scheme

    def right(self, pair: Pair) -> tuple[bool, bool]:
        """Tell whether a and b are right."""
        if self.of_holders:
            return bool(pair.a_holder), bool(pair.b_holder)
        return pair.a == pair.gold, pair.b == pair.gold

    def counts(self, pairs: Sequence[Pair], groups: NDArray[np.int64]) -> tuple[Counts, Counts]:
        """Count what the score needs, by group.

        Args:
            pairs: Rows that it takes.
            groups: Number of the group of each, from 0.

        Returns:
            Of a and of b, shape ``(groups, k)``: confusion matrices laid flat, gold by label, or
            how many rows are wrong and how many are right.
        """
        n_groups = int(groups.max(initial=-1)) + 1
        n = len(self.scheme.classes)
        place = {name: number for number, name in enumerate(self.scheme.classes)}
        found = []
        for side in range(2):
            if self.classes:
                labels = [(pair.a, pair.b)[side] for pair in pairs]
                cells = [
                    place[one.gold] * n + place[label]
                    for one, label in zip(pairs, labels, strict=True)
                ]
                width = n * n
            else:
                cells, width = [int(self.right(pair)[side]) for pair in pairs], 2
            places = groups * width + np.array(cells, np.int64)
            counted = np.bincount(places, minlength=n_groups * width)
            found.append(counted.reshape(n_groups, width).astype(float))
        return found[0], found[1]

    def value(self, counts: Counts) -> NDArray[np.float64]:
        """Compute the score from summed counts; the F1 of a class that does not occur is 0."""
        if not self.classes:
            return np.asarray(counts[..., 1] / np.maximum(counts.sum(-1), 1))
        n = len(self.scheme.classes)
        tables = counts.reshape(*counts.shape[:-1], n, n)
        right = np.diagonal(tables, axis1=-2, axis2=-1)
        total = tables.sum(-1) + tables.sum(-2)
        f1 = 2 * right / np.maximum(total, 1)
        chosen = [self.scheme.classes.index(name) for name in self.classes]
        return np.asarray(f1[..., chosen].mean(-1))

    def slices(self, pairs: Sequence[Pair]) -> Iterator[Slice]:
        """List the slices of rows that it takes: all of them first."""
        yield Slice()
        langs = sorted({pair.lang for pair in pairs})
        if self.scheme == SENTIMENT:
            yield from (Slice(lang=lang) for lang in langs)
            return
        targets = sorted({pair.task for pair in pairs})
        yield from (Slice(target=target) for target in targets)
        yield from (Slice(lang=lang) for lang in langs)
        yield from (Slice(target=target, lang=lang) for target in targets for lang in langs)
        if not self.classes:  # of positions alone, as only these have a voice
            voices = sorted({pair.gold_voice for pair in pairs if pair.gold_voice})
            yield from (Slice(voice=voice) for voice in voices)


HEADLINE = Measure("f_polar", STANCE, STANCE.polar)
MEASURES = (
    HEADLINE,
    Measure("macro_f1", STANCE, STANCE.classes),
    Measure("accuracy", STANCE),
    Measure("sentiment_macro_f1", SENTIMENT, SENTIMENT.classes),
    Measure("sentiment_accuracy", SENTIMENT),
    Measure("holder_right", STANCE, of_holders=True),
)


def questions(pairs: Sequence[Pair]) -> list[tuple[Measure, Slice, list[Pair]]]:
    """List what is compared, with the rows of each; the headline first."""

    def of(measure: Measure) -> Iterator[tuple[Measure, Slice, list[Pair]]]:
        taken = [pair for pair in pairs if measure.takes(pair)]
        for part in measure.slices(taken):
            yield measure, part, [pair for pair in taken if part.holds(pair)]

    return list(chain.from_iterable(map(of, MEASURES)))
