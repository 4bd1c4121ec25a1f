"""Share work between processes, and give the results in the order of the work."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing.connection import wait
from threading import Thread
from types import TracebackType
from typing import Self, TypeVar

from labels.pipeline.errors import DataError

T = TypeVar("T")
R = TypeVar("R")

_PARTS_EACH = 3  # parts that wait or are done ahead, for each process: they bound the memory


def n_cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """Processes that start with the first work that is worth it, and end with the block."""

    def __init__(self, processes: int) -> None:
        """Say how many: 0 takes one a core, 1 works in this process."""
        self._processes = processes or n_cores()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        """Begin without a process."""
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        """End the processes; after an error, with the few parts that they have at hand.

        To kill them would leave the pool waiting for a queue that nobody reads.
        """
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def map(self, function: Callable[[T], R], parts: Iterable[T]) -> Iterator[R]:
        """Apply a function to every part, and give the results in order.

        The very first part is done in this process: what it loads, the others then share. The
        processes have started when this returns, so no thread that is started later is copied into
        them.

        Args:
            function: A function of a module, or a partial of one.
            parts: Taken as they are needed, a few ahead.

        Raises:
            DataError: A process died, as the system ends one that needs too much memory.
        """
        rest = iter(parts)
        first = [] if self._pool else [function(part) for part in islice(rest, 1)]
        second = list(islice(rest, 1)) if self._processes > 1 else []
        if not second:
            return chain(first, map(function, rest))
        waiting = deque([self._submit(function, second[0])])
        return chain(first, self._results(function, rest, waiting, len(first)))

    def _results(
        self,
        function: Callable[[T], R],
        parts: Iterator[T],
        waiting: deque[Future[R]],
        n_done: int,
    ) -> Iterator[R]:
        while waiting:
            for part in islice(parts, self._processes * _PARTS_EACH - len(waiting)):
                waiting.append(self._submit(function, part))
            n_done += 1
            try:
                yield waiting.popleft().result()
            except BrokenProcessPool as error:
                raise _died(n_done) from error

    def _submit(self, function: Callable[[T], R], part: T) -> Future[R]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._processes, initializer=_begin)
        try:
            return self._pool.submit(function, part)
        except BrokenProcessPool as error:
            raise _died() from error


def _died(number: int | None = None) -> DataError:
    place = "" if number is None else f" at part {number} of the input"
    return DataError(
        f"a worker process died{place}, perhaps for want of memory; nothing was changed:"
        " run it again with processes=1"
    )


def _begin() -> None:
    """Leave Ctrl-C to the first process, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)  # nobody waits for a result
