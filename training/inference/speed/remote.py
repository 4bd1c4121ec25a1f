"""An object that lives in a process of its own, so that its memory is its own too."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from labels.pipeline.errors import DataError

T = TypeVar("T")
R = TypeVar("R")

_held: list[Any] = []  # the object, in its process


class Remote(Generic[T]):
    """A process that holds one object and calls its methods; it ends with the block.

    While nothing is asked of it, it takes no time from the others.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        """Start the process and make the object there.

        Args:
            make: A class or function of a module, or a partial of one.

        Raises:
            ConfigError: As ``make`` does.
            DataError: The same; or the process died.
        """
        # A fresh interpreter: a copy of this one would begin with the memory of this one.
        self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin)
        try:
            self._run(_hold, make)
        except BaseException:
            self._pool.shutdown()
            raise

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        """End the process."""
        self._pool.shutdown(cancel_futures=True)

    def ask(self, method: Callable[..., R], *arguments: object) -> R:
        """Call a method of the object, ``Class.method``, with arguments, and wait for its result.

        Raises:
            DataError: The process died.
        """
        found: R = self._run(_call, method.__name__, arguments)
        return found

    def _run(self, function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401
        try:
            return self._pool.submit(function, *arguments).result()
        except BrokenProcessPool as error:
            raise DataError(
                "a measured process died, perhaps for want of memory; nothing was written"
            ) from error


def _begin() -> None:
    """Leave Ctrl-C to the first process, and end with it, even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)  # nobody waits for a result


def _hold(make: Callable[[], object]) -> None:
    _held[:] = [make()]


def _call(name: str, arguments: tuple[object, ...]) -> object:
    return getattr(_held[0], name)(*arguments)
