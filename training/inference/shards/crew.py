"""The workers of a cluster: who works, which shard is whose, and what follows when one dies."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from labels.pipeline.errors import DataError
from training.inference.shards.listing import Shard
from training.inference.shards.settings import PredictShardsSettings
from training.inference.shards.worker import Done, Opened, ShardWorker

TRIES = 3  # of a shard: what kills its worker every time is to be looked at
_FAILURES = 5  # shards; after so many the run ends: it is not the shards
_PATIENCE = 30.0  # seconds without a worker until that is told


@dataclass(frozen=True)
class Failed:
    """A shard that could not be finished."""

    name: str
    reason: str


class Crew:
    """Some workers, each with one shard at a time."""

    def __init__(
        self,
        settings: PredictShardsSettings,
        n_workers: int,
        expected: tuple[str, str],
        console: Console,
    ) -> None:
        """Say who is to work; nobody is started.

        Args:
            settings: Of `PredictShardsSettings.for_workers`.
            n_workers: How many work at the same time.
            expected: Version of the program and hash of the export that every worker must have.
            console: Is told of what is waited for.
        """
        self.opened: list[Opened] = []
        self.lost = 0  # workers that died
        self._stillborn = 0  # of them, one after the other before they had opened the model
        self._settings, self._n_workers = settings, n_workers
        self._expected, self._console = expected, console
        self._waiting: deque[Shard] = deque()
        self._tries: Counter[str] = Counter()
        self._n_failed = 0
        self._idle: list[Any] = []
        # What a worker was told to do -> the worker and its shard; None while it opens the model.
        self._busy: dict[Any, tuple[Any, Shard | None]] = {}

    def label(self, shards: Sequence[Shard]) -> Iterator[Done | Failed]:
        """Label shards, and give each when it is finished.

        A worker that dies is replaced, and its shard goes to whoever is free: what a shard needs
        lies in the folders of input and output, so nothing else is lost.

        Raises:
            ConfigError: A worker finds no such model.
            DataError: A worker has another program or model, none can be started, or too many
                shards fail.
        """
        import ray

        self._waiting.extend(shards)
        for _ in range(self._n_workers):
            self._start()
        while self._waiting or any(shard for _, shard in self._busy.values()):
            ready, _ = ray.wait(list(self._busy), timeout=_PATIENCE)
            if not ready:
                self._tell_of_waiting()
                continue
            worker, shard = self._busy.pop(ready[0])
            found = self._result(ready[0], worker, shard)
            if isinstance(found, Opened):
                self._check(found)
            elif isinstance(found, Done):
                yield found
            elif shard is not None and (failed := self._again(shard, found)):
                yield failed
            while self._idle and self._waiting:
                worker, shard = self._idle.pop(), self._waiting.popleft()
                self._busy[worker.label.remote(shard)] = worker, shard

    def _start(self) -> None:
        import ray

        # A worker is not restarted in its place, which may be gone: another one is started.
        kind = ray.remote(num_cpus=self._settings.threads, max_restarts=0)(ShardWorker)
        worker = kind.remote(self._settings)
        self._busy[worker.open.remote()] = worker, None

    def _result(self, told: Any, worker: Any, shard: Shard | None) -> Opened | Done | str:  # noqa: ANN401
        """Give what a worker made of what it was told, or the reason why it did not."""
        import ray
        from ray.exceptions import NodeDiedError, OutOfMemoryError, RayActorError, RayTaskError

        try:
            found: Opened | Done = ray.get(told)
        except (RayActorError, NodeDiedError, OutOfMemoryError) as error:
            ray.kill(worker)  # one that is only out of reach would go on to write
            self.lost += 1
            self._stillborn = 0 if shard else self._stillborn + 1
            if self._stillborn == TRIES:
                raise DataError(f"no worker can be started: {error}") from error
            self._start()
            return "its worker died, perhaps for want of memory"
        except RayTaskError as error:
            if shard is None:
                raise error.cause from None  # where it came from says nothing to a user
            self._idle.append(worker)
            return f"{type(error.cause).__name__}: {error.cause}"
        self._idle.append(worker)
        return found

    def _check(self, opened: Opened) -> None:
        if (opened.version, opened.export_hash) != self._expected:
            version, export_hash = self._expected
            raise DataError(
                f"worker on {opened.machine}: expected sikap {version} and the export "
                f"{export_hash}, found sikap {opened.version} and {opened.export_hash}"
            )
        self.opened.append(opened)
        self._stillborn = 0

    def _again(self, shard: Shard, reason: str) -> Failed | None:
        """Put a shard that was not finished at the end of the others, unless it was often tried."""
        self._tries[shard.name] += 1
        if self._tries[shard.name] < TRIES:
            self._waiting.append(shard)
            return None
        self._n_failed += 1
        if self._n_failed >= _FAILURES:
            raise DataError(f"{self._n_failed} shards failed, the last {shard.where}: {reason}")
        return Failed(shard.name, reason)

    def _tell_of_waiting(self) -> None:
        import ray

        if any(shard for _, shard in self._busy.values()):
            return
        free, all_ = (
            found.get("CPU", 0) for found in (ray.available_resources(), ray.cluster_resources())
        )
        self._console.print(
            f"no worker has opened the model yet; each needs {self._settings.threads} cores of one "
            f"machine: the cluster has {all_:g}, of which {free:g} are free",
            highlight=False,
            soft_wrap=True,
        )
