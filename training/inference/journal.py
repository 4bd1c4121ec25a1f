"""What a run has finished so far, so that a killed one can go on: part files beside the output."""

import fcntl
import hashlib
import json
import shutil
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self, TextIO

from labels.ingest import Item, PageFile, RawRecord
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import write_json

CHECKPOINT_SECONDS = 60.0  # between two states that are kept, at least
_STATE, _LOCK = "state.json", "lock"


class Journal:
    """The files of a run that is not finished, in the folder ``.OUTPUT.partial``.

    Rows go to part files; a checkpoint closes them and notes how many inputs they hold. What a
    killed run wrote after its last checkpoint is dropped and made again. The folder goes with the
    block, unless it holds a checkpoint of a run that was not finished.
    """

    def __init__(self, output: Path, key: str, resume: bool) -> None:
        """Open the folder of an output.

        Args:
            output: The file that the run writes.
            key: What must not change between the runs: model, settings and program.
            resume: Whether to go on from the last checkpoint; else what is there is dropped.

        Raises:
            ConfigError: The checkpoint is of a run with another key.
            DataError: Another run writes the same output.
        """
        self.folder = output.with_name(f".{output.name}.partial")
        self.inputs = 0  # that the checkpoint holds
        self.dropped = 0  # inputs of an earlier run that is not gone on with
        self.state: dict[str, Any] | None = None  # what the checkpoint holds besides
        self._key = key
        self._parts = 0
        self._digest = ""  # of the inputs up to the checkpoint
        self._after: deque[str] = deque()  # digest after each input that was taken since
        self._files: dict[str, TextIO] = {}
        self._stack = ExitStack()
        self._is_finished = False
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock(output)
        self._open(resume)
        self._saved = monotonic()

    def _lock(self, output: Path) -> None:
        lock = self._stack.enter_context((self.folder / _LOCK).open("w"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._stack.close()
            raise DataError(
                f"{output}: expected to be its only writer, found another run that writes it"
            ) from error

    def _open(self, resume: bool) -> None:
        path = self.folder / _STATE
        if path.is_file():
            found = json.loads(path.read_text(encoding="utf-8"))
            if not resume:
                self.dropped = found["inputs"]
            elif found["key"] != self._key:
                self._stack.close()
                raise ConfigError(
                    f"resume: expected the model, the settings and the program of the run that "
                    f"stopped after {found['inputs']} inputs, found others; run without "
                    f"resume=true to begin anew"
                )
            else:
                self.inputs, self._parts = found["inputs"], found["parts"]
                self._digest, self.state = found["digest"], found["state"]
        for part in self.folder.glob("*.jsonl"):
            if int(part.name.partition("-")[0]) >= self._parts:
                part.unlink()
        if not resume:
            path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        """Remove the folder unless somebody may go on from it."""
        self._close()
        if self._is_finished or not (self.folder / _STATE).is_file():
            shutil.rmtree(self.folder, ignore_errors=True)
        self._stack.close()

    def left(self, items: Iterable[Item]) -> Iterator[Item]:
        """Give the inputs that the checkpoint does not hold.

        Raises:
            DataError: The inputs are not those of the run that stopped.
        """
        digest = hashlib.blake2b(digest_size=16)
        number = 0
        for number, item in enumerate(items, start=1):
            for piece in _identity(item):
                digest.update(piece)
            if number == self.inputs and digest.hexdigest() != self._digest:
                raise self._other_inputs()
            if number > self.inputs:
                self._after.append(digest.hexdigest())
                yield item
        if number < self.inputs:
            raise self._other_inputs()

    def _other_inputs(self) -> DataError:
        return DataError(
            f"resume: expected the first {self.inputs} inputs to be those of the run that stopped, "
            "found others; run without resume=true to begin anew"
        )

    def write(self, name: str, row: Mapping[str, object]) -> None:
        """Write a row of the file ``name``."""
        if name not in self._files:
            path = self._part(name, self._parts)
            self._files[name] = path.open("w", encoding="utf-8")
        self._files[name].write(json.dumps(row, ensure_ascii=False) + "\n")

    def take(self) -> None:
        """Say that all rows of the next input are written."""
        self.inputs += 1
        self._digest = self._after.popleft()

    def is_due(self) -> bool:
        """Tell whether it is time for a checkpoint."""
        return monotonic() - self._saved >= CHECKPOINT_SECONDS

    def checkpoint(self, state: Mapping[str, Any]) -> None:
        """Keep what was written, and ``state``, JSON values, which the next run is given."""
        self._close()
        self._parts += 1
        kept = {
            "key": self._key,
            "inputs": self.inputs,
            "digest": self._digest,
            "parts": self._parts,
            "state": state,
        }
        write_json(self.folder / _STATE, kept)
        self._saved = monotonic()

    def parts(self, name: str) -> list[Path]:
        """List the part files ``name`` that a checkpoint holds, in order."""
        paths = (self._part(name, number) for number in range(self._parts))
        return [path for path in paths if path.is_file()]

    def finish(self) -> None:
        """Say that the output stands."""
        self._is_finished = True

    def _part(self, name: str, number: int) -> Path:
        return self.folder / f"{number:06}-{name}.jsonl"

    def _close(self) -> None:
        for file in self._files.values():
            file.close()
        self._files.clear()


def _identity(item: Item) -> Iterator[bytes]:
    """Give what tells an input from others."""
    if isinstance(item, PageFile):
        yield from (item.where.encode(errors="surrogatepass"), item.data)
    elif isinstance(item, RawRecord):
        fields = (item.where, item.article_id, item.title, item.text, item.lang, item.published)
        yield repr(fields).encode()  # which escapes what cannot be encoded
    else:
        yield repr((item.source, item.reason)).encode()
