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


@dataclass(frozen=True)
class Shard:
    """A file of the input."""

    name: str  # below the input
    path: Path  # absolute
    where: str  # as given: what rejects call it
    size: int  # bytes


def list_shards(folder: Path) -> tuple[list[Shard], list[Reject]]:
    """List the files of a folder, the largest first, and what in it is no file.

    The largest come first so that none of them is left over when all other workers are done.
    """
    shards, rejects = [], []
    for found in walk([folder]):
        if isinstance(found, Reject):
            rejects.append(found)
        else:
            shards.append(_shard(found))
    return sorted(shards, key=lambda shard: -shard.size), rejects


def _shard(found: InputFile) -> Shard:
    path = found.path.absolute()
    return Shard(found.name, path, str(found.path), path.stat().st_size)


@contextmanager
def items_of(shard: Shard, settings: PredictSettings) -> Iterator[Iterator[Item]]:
    """Read the inputs of a shard, with the ids and places that a run over the folder gives them.

    The names of inputs are their paths below the folder that is read. So a folder is made that
    holds the one file under its name, as a link.
    """
    with TemporaryDirectory(prefix="sikap-shard-") as folder:
        link = Path(folder) / shard.name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(shard.path)
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
