"""Share work between the processes of a cluster, and give the results in the order of the work."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from importlib import metadata
from itertools import islice
from types import TracebackType
from typing import Any, Self, TypeVar

from labels.cluster.join import joined
from labels.pipeline.errors import ConfigError, DataError

T = TypeVar("T")
R = TypeVar("R")

TRIES = 3  # of a part: what kills its process every time is to be looked at
_PARTS_EACH = 3  # parts that wait or are done ahead, for each core: they bound the memory


class ClusterWorkers:
    """Processes on all machines of a cluster that do what `Workers` has done on one.

    The results are the same, in the same order. A part whose process or machine dies is done by
    another one.
    """

    def __init__(self, address: str) -> None:
        """Say where: ``host:port`` of the cluster's head, or ``auto``; nothing is joined yet."""
        self._address = address
        self._n_cores = 0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Join the cluster.

        Raises:
            ConfigError: No cluster answers there, it has no core, or Ray is not installed.
        """
        self._n_cores = self._stack.enter_context(joined(self._address))
        if self._n_cores < 1:
            self._stack.close()
            raise ConfigError(f"address: expected a cluster with a core, got {self._address}")
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        """Leave the cluster; what its processes still do is dropped."""
        self._stack.close()

    def map(self, function: Callable[[T], R], parts: Iterable[T]) -> Iterator[R]:
        """Apply a function to every part, and give the results in order.

        Args:
            function: A function of a module, or a partial of one; every machine must have the
                program.
            parts: Taken as they are needed, a few ahead.

        Raises:
            DataError: A machine has another program or none, or a part failed on several.
        """
        import ray

        task = ray.remote(num_cpus=1, max_retries=TRIES - 1)(_do)
        version, shared = metadata.version("sikap"), ray.put(function)
        rest, waiting = iter(parts), deque[Any]()
        n_done = 0
        while True:
            for part in islice(rest, self._n_cores * _PARTS_EACH - len(waiting)):
                waiting.append(task.remote(version, shared, part))
            if not waiting:
                return
            n_done += 1
            yield _result(waiting.popleft(), n_done)


def _do(version: str, function: Callable[[T], R], part: T) -> R:
    """Do one part, in a process of the cluster."""
    found = metadata.version("sikap")
    if found != version:
        raise DataError(f"a machine of the cluster: expected sikap {version}, found {found}")
    return function(part)


def _result(told: Any, number: int) -> Any:  # noqa: ANN401 - what the function gives
    import ray
    from ray.exceptions import RayError, RayTaskError

    try:
        return ray.get(told)
    except RayTaskError as error:
        if isinstance(error.cause, RayError | ImportError):  # what it was told cannot be read there
            found = str(error.cause).partition("\n")[0]
            raise DataError(
                f"a machine of the cluster: expected the program as it is installed here, found "
                f"{found}"
            ) from None
        raise error.cause from None  # where it came from says nothing to a user
    except RayError as error:
        raise DataError(
            f"part {number} of the input: its process died {TRIES} times, perhaps for want of "
            f"memory ({type(error).__name__}); nothing was changed"
        ) from error
