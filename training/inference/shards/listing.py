"""The shards of a folder, and what is read of one: as of the folder, whichever machine reads it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from labels.ingest import Item, PageFile, read_inputs
from labels.ingest.read.folders import InputFile, walk
from labels.pipeline.schema import Reject
from training.inference.settings import PredictSettings
from training.inference.shards.bucket import bucket_at, is_address


@dataclass(frozen=True)
class Shard:
    """A file of the input."""

    name: str  # below the input
    path: Path | None  # absolute; None: in a bucket, see `at_hand`
    where: str  # as given: what rejects call it
    size: int  # bytes


def list_shards(place: str) -> tuple[list[Shard], list[Reject]]:
    """List the files of a folder, the largest first, and what in it is no file.

    The largest come first so that none of them is left over when all other workers are done.

    Args:
        place: A folder, or the address of one in a bucket.

    Raises:
        DataError: The bucket's folder cannot be listed.
    """
    shards, rejects = [], []
    for found in _in_bucket(place) if is_address(place) else walk([Path(place)]):
        if isinstance(found, InputFile):
            path = found.path.absolute()
            shards.append(Shard(found.name, path, str(found.path), path.stat().st_size))
        elif isinstance(found, Shard):
            shards.append(found)
        else:
            rejects.append(found)
    return sorted(shards, key=lambda shard: -shard.size), rejects


def _in_bucket(address: str) -> Iterator[Shard]:
    bucket = bucket_at(address)
    for name, size in bucket.walk():
        yield Shard(name, None, f"{bucket.address}/{name}", size)


@contextmanager
def at_hand(shard: Shard, place: str) -> Iterator[Path]:
    """Give the path of a shard's file, which is copied here if it lies in a bucket.

    Args:
        shard: One of `list_shards`.
        place: What it was listed from.

    Raises:
        OSError: It cannot be read.
    """
    if shard.path is not None:
        yield shard.path
        return
    with TemporaryDirectory(prefix="sikap-shard-") as folder:
        path = Path(folder) / Path(shard.name).name
        bucket_at(place).fetch(shard.name, path)
        yield path


@contextmanager
def items_of(shard: Shard, settings: PredictSettings) -> Iterator[Iterator[Item]]:
    """Read the inputs of a shard, with the ids and places that a run over the folder gives them.

    The names of inputs are their paths below the folder that is read. So a folder is made that
    holds the one file, the input of ``settings``, under the shard's name, as a link.
    """
    with TemporaryDirectory(prefix="sikap-shard-") as folder:
        link = Path(folder) / shard.name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(settings.input)
        items = read_inputs([Path(folder)], settings.unit, settings.max_megabytes, settings.fields)
        yield (_placed(item, str(link), shard.where) for item in items)


def _placed(item: Item, link: str, where: str) -> Item:
    """Name the file where the link is named."""

    def named(text: str) -> str:
        return where + text.removeprefix(link)

    if isinstance(item, Reject):
        return replace(item, source=named(item.source), message=named(item.message))
    if isinstance(item, PageFile) and item.record is not None:
        item = replace(item, record=replace(item.record, where=named(item.record.where)))
    return replace(item, where=named(item.where))
