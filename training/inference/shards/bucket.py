"""A folder of a bucket, by its address: ``s3://bucket/folder``."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyarrow as pa
from pyarrow import fs

from labels.pipeline.errors import DataError

_SCHEMES = ("s3", "gs")
_CHUNK = 8 * 1024 * 1024  # bytes of a file in memory while it is copied


def is_address(place: str) -> bool:
    """Whether a place is meant to be in a bucket, and no folder of this machine."""
    return "://" in place


def address_problem(address: str) -> str | None:
    """Say what is wrong with an address, without asking anybody; None: nothing."""
    scheme, _, rest = address.partition("://")
    bucket = rest.partition("/")[0]
    if scheme not in _SCHEMES or not bucket:
        return f"expected a folder or an address such as s3://bucket/folder, got {address}"
    if "@" in bucket or "?" in address:  # not repeated: it may hold a key
        return (
            f"expected {scheme}://bucket/folder alone, got more: keys, region and endpoint are "
            "read from the environment (AWS_ACCESS_KEY_ID and the like)"
        )
    return None


class Bucket:
    """A folder of a bucket; names of files are below it."""

    def __init__(self, address: str) -> None:
        """Take an address that `address_problem` finds nothing wrong with; nobody is asked yet."""
        self.address = address.rstrip("/")
        scheme, _, self._root = self.address.partition("://")
        bucket = self._root.partition("/")[0]
        self._files, _ = fs.FileSystem.from_uri(
            f"{scheme}://{bucket}"
        )  # what is no URI is a name too

    def walk(self) -> Iterator[tuple[str, int]]:
        """List all files below, hidden ones left out, by name, each with its size in bytes.

        Raises:
            DataError: There is no such folder, or it may not be listed.
        """
        try:
            found = self._files.get_file_info(fs.FileSelector(self._root, recursive=True))
        except OSError as error:
            raise self._told("a folder that can be listed", error) from error
        for info in sorted(found, key=lambda info: str(info.path)):
            name = info.path.removeprefix(self._root).lstrip("/")
            if info.is_file and not any(part.startswith(".") for part in name.split("/")):
                yield name, info.size

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return bool(self._files.get_file_info(self._path(name)).is_file)

    def names_in(self, folder: str) -> list[str]:
        """List the names of the files in a folder below; none where there is no such folder."""
        where = fs.FileSelector(self._path(folder), allow_not_found=True)
        return [info.base_name for info in self._files.get_file_info(where) if info.is_file]

    def fetch(self, name: str, path: Path) -> None:
        """Copy a file to this machine.

        Raises:
            FileNotFoundError: There is none.
            OSError: It cannot be read.
        """
        with self._files.open_input_stream(self._path(name)) as source, path.open("wb") as to:
            while chunk := source.read(_CHUNK):
                to.write(chunk)

    def store(self, path: Path, name: str) -> None:
        """Copy a file of this machine, which takes the place of one with the same name as a whole.

        Raises:
            DataError: It cannot be written.
        """
        try:
            with path.open("rb") as source, self._files.open_output_stream(self._path(name)) as to:
                while chunk := source.read(_CHUNK):
                    to.write(chunk)
        except OSError as error:
            raise self._told("a folder that can be written", error) from error

    def remove(self, name: str) -> None:
        """Remove a file, if there is one."""
        if self.has(name):
            self._files.delete_file(self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _told(self, expected: str, error: OSError) -> DataError:
        return DataError(f"{self.address}: expected {expected}: {error}")


@cache
def bucket_at(address: str) -> Bucket:
    """Give the bucket's folder at an address, opened once in a process.

    Raises:
        DataError: The address is none that Arrow knows.
    """
    try:
        return Bucket(address)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise DataError(f"{address}: expected one such as s3://bucket/folder: {error}") from error
