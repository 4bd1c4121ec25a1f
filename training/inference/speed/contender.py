"""What is measured: something that labels sentences, in a process of its own."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

_STATUS = Path("/proc/self/status")  # of Linux; elsewhere the peak is not known
_WARM, _TRIED = 4, 8  # sentences that are labelled before anything counts


class Timed(NamedTuple):
    """How long something took."""

    sentences: int  # that were labelled in full
    seconds: float

    @property
    def rate(self) -> float:
        """Sentences a second."""
        return self.sentences / self.seconds


class Contender(ABC):
    """A way to label sentences: every target's stance, and the sentiment."""

    @abstractmethod
    def label(self, sentences: Sequence[str]) -> int:
        """Label sentences together, and count those of which every question was answered."""

    @abstractmethod
    def megabytes(self) -> float | None:
        """Give the size on disk of what this needs, in units of a million bytes."""

    def fitting(self, sentences: Sequence[str], seconds: float) -> int:
        """Estimate how many sentences are labelled in so many seconds, one at least.

        What is loaded or prepared with the first sentences is so before anything is timed.
        """
        self.label(sentences[:_WARM])
        tried = sentences[:_TRIED]
        return max(1, int(seconds * timed(self.label, tried, 0).rate))

    def rate(self, sentences: Sequence[str], seconds: float) -> Timed:
        """Label some sentences together, over and over for about so many seconds."""
        return timed(self.label, sentences, seconds)

    def alone(self, sentences: Sequence[str], seconds: float) -> list[float]:
        """Label one sentence after another for about so many seconds, and time each.

        Args:
            sentences: Taken in order, and again from the first.
            seconds: After which no further one is begun; the first always is.
        """
        found: list[float] = []
        begin = perf_counter()
        while not found or perf_counter() - begin < seconds:
            text = sentences[len(found) % len(sentences)]
            start = perf_counter()
            self.label([text])
            found.append(perf_counter() - start)
        return found

    def peak_mib(self) -> float | None:
        """Give the largest resident memory of this process so far, in MiB, where it is known."""
        text = _STATUS.read_text(encoding="ascii") if _STATUS.exists() else ""
        found = re.search(r"^VmHWM:\s*(\d+) kB$", text, re.MULTILINE)
        return int(found[1]) / 1024 if found else None


def timed(
    label: Callable[[Sequence[str]], int],
    sentences: Sequence[str],
    seconds: float,
    clock: Callable[[], float] = perf_counter,
) -> Timed:
    """Time whole passes over some sentences: one, and as many more as fit into the time.

    Args:
        label: Labels sentences and returns how many it labelled.
        sentences: Of each pass.
        seconds: A pass that would probably end later is not begun.
        clock: Gives seconds, from any start.
    """
    begin = clock()
    done = passes = 0
    while True:
        done += label(sentences)
        passes += 1
        taken = clock() - begin
        if taken * (passes + 1) / passes > seconds:
            return Timed(done, taken)
