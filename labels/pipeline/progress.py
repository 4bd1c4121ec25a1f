"""How far long work is: a bar on a terminal, and a line now and then where nobody draws bars."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

_SECONDS = 30.0  # between two lines, at least


class Meter(Protocol):
    """Is told how much is done."""

    def advance(self, n: int = 1) -> None:
        """Say that so many more units are done."""
        ...


@contextmanager
def meter(
    console: Console,
    what: str,
    unit: str,
    total: int | None = None,
    done: int = 0,
    clock: Callable[[], float] = monotonic,
) -> Iterator[Meter]:
    """Show the progress of the work in the block.

    Args:
        console: On a terminal it shows a bar; else a line every half minute, none for short work.
        what: The work: ``training``.
        unit: What is counted, in the plural: ``sentences``.
        total: How many there are; None where it is not known.
        done: How many were done before.
        clock: Seconds, from any start.
    """
    if console.quiet or not console.is_terminal:
        yield _Lines(console, what, unit, total, done, clock)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        yield _Bar(bars, bars.add_task(what, total=total, completed=done))


class _Bar:
    def __init__(self, bars: Progress, task: TaskID) -> None:
        self._bars, self._task = bars, task

    def advance(self, n: int = 1) -> None:
        self._bars.advance(self._task, n)


class _Lines:
    def __init__(
        self,
        console: Console,
        what: str,
        unit: str,
        total: int | None,
        done: int,
        clock: Callable[[], float],
    ) -> None:
        self._console, self._what, self._unit = console, what, unit
        self._total, self._done, self._before = total, done, done
        self._clock = clock
        self._start = self._told = clock()

    def advance(self, n: int = 1) -> None:
        self._done += n
        now = self._clock()
        if now - self._told >= _SECONDS:
            self._told = now
            line = self._line(now - self._start)
            self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def _line(self, seconds: float) -> str:
        rate = (self._done - self._before) / seconds
        of = f" of {self._total:,}" if self._total else ""
        parts = [f"{self._what}: {self._done:,}{of} {self._unit}", f"{_rate(rate)} a second"]
        if self._total and rate and self._total > self._done:
            parts.append(f"{_duration((self._total - self._done) / rate)} left")
        return ", ".join(parts)


def _rate(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
