"""Where the records of a shard go: a folder that all machines see, or one in a bucket."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from labels.pipeline.files import atomic_path, write_json
from training.inference.shards.bucket import Bucket, bucket_at, is_address
from training.inference.shards.records import Finished
from training.inference.stage import RECORDS

MARKER = "shard.json"


class ShardFolder:
    """The folder of a shard: its records, what stands beside them, and ``shard.json`` last."""

    def __init__(self, path: Path) -> None:
        """Take the folder in which the files are made."""
        self.path = path

    def finished(self, records: str) -> Finished | None:
        """Read the marker; None where there is none, or no file of records of that name."""
        return read_finished(self.path) if (self.path / records).is_file() else None

    def begin(self, records: str) -> None:
        """Make ready for files that take the place of old ones.

        The marker goes first: what it says holds of the old ones.
        """
        (self.path / MARKER).unlink(missing_ok=True)
        for old in self.path.glob(f"{RECORDS}.*"):
            if not old.name.startswith(records):  # of another form
                old.unlink()

    def finish(self, made: Finished) -> None:
        """Write the marker, when all else stands."""
        write_json(self.path / MARKER, made)


class BucketFolder(ShardFolder):
    """A shard's folder in a bucket: its files are made on this machine, then copied there."""

    def __init__(self, bucket: Bucket, name: str, path: Path) -> None:
        """Take the folder of all shards, the name of one, and where its files are made."""
        super().__init__(path)
        self._bucket, self._name = bucket, name

    def finished(self, records: str) -> Finished | None:
        """Read the marker; None where there is none, or no file of records of that name."""
        if not self._bucket.has(f"{self._name}/{records}"):
            return None
        with TemporaryDirectory(prefix="sikap-marker-") as folder:
            try:
                self._bucket.fetch(f"{self._name}/{MARKER}", Path(folder) / MARKER)
            except FileNotFoundError:
                return None
            return read_finished(Path(folder))

    def begin(self, records: str) -> None:
        """Do nothing: the old files are whole until the new ones are."""

    def finish(self, made: Finished) -> None:
        """Put the files in the place of the old ones, the marker last."""
        super().finish(made)
        self._bucket.remove(f"{self._name}/{MARKER}")
        names = sorted(path.name for path in self.path.glob(f"{RECORDS}.*"))
        for old in self._bucket.names_in(self._name):
            if old.startswith(f"{RECORDS}.") and old not in names:
                self._bucket.remove(f"{self._name}/{old}")
        for name in (*names, MARKER):
            self._bucket.store(self.path / name, f"{self._name}/{name}")


@contextmanager
def shard_folder(output: str, name: str) -> Iterator[ShardFolder]:
    """Give the folder of a shard.

    Args:
        output: Folder of all shards, or its address in a bucket.
        name: Of the shard, below the input.
    """
    if not is_address(output):
        yield ShardFolder(Path(output) / name)
        return
    with TemporaryDirectory(prefix="sikap-records-") as folder:
        yield BucketFolder(bucket_at(output), name, Path(folder))


@contextmanager
def file_beside(output: str, ending: str) -> Iterator[Path]:
    """Give a path to write the file to that stands beside the output, under its name and an ending.

    It takes its place as a whole, when the block succeeds.
    """
    if not is_address(output):
        path = Path(output)
        with atomic_path(path.with_name(path.name + ending)) as temporary:
            yield temporary
        return
    above, _, name = output.rstrip("/").rpartition("/")
    with TemporaryDirectory(prefix="sikap-beside-") as folder:
        path = Path(folder) / "file"
        yield path
        bucket_at(above).store(path, name + ending)


def read_finished(folder: Path) -> Finished | None:
    """Read what the marker of a shard's folder says; None where there is none."""
    try:
        found: Finished = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found
