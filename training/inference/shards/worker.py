"""What one worker does: it opens the model once, and labels shard after shard."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from labels.ingest import Boilerplate, Source
from labels.pipeline.errors import ConfigError
from labels.pipeline.files import sha256_of
from labels.pipeline.workers import Workers
from training.inference.journal import Journal
from training.inference.labelling import in_chunks, label, one_ahead
from training.inference.reading import Reader, Readings
from training.inference.settings import PredictSettings
from training.inference.shards.folders import ShardFolder, shard_folder
from training.inference.shards.listing import Shard, at_hand, items_of
from training.inference.shards.records import Finished
from training.inference.shards.settings import PredictShardsSettings
from training.inference.stage import RECORDS, remembering, take_all, write_all
from training.inference.summary import Run

if TYPE_CHECKING:
    from training.inference.scorer import Scorer


@dataclass(frozen=True)
class Opened:
    """What a worker works with."""

    version: str  # of the program
    export_hash: str
    process: int
    machine: str


@dataclass(frozen=True)
class Done:
    """A shard that is finished."""

    name: str
    finished: Finished
    is_new: bool  # not found finished
    process: int  # of the worker


class ShardWorker:
    """Labels shards, one at a time, into a folder each."""

    def __init__(self, settings: PredictShardsSettings) -> None:
        """Say how, by `PredictShardsSettings.for_workers`; nothing is opened."""
        self._settings = settings
        self._model: Scorer
        self._reader: Reader

    def open(self) -> Opened:
        """Open the model.

        Raises:
            ConfigError: The model is no export, or lacks the variant.
            DataError: A file of the export was changed, or the boilerplate is of another kind.
        """
        settings = self._settings
        # As many as the model has, and not one a core, for what tokenises: it reads this once.
        os.environ["RAYON_NUM_THREADS"] = str(settings.threads)
        from training.inference.scorer import open_model

        self._model = open_model(settings.model, settings.threads, settings.variant)
        boilerplate = Boilerplate.read(settings.boilerplate) if settings.boilerplate else None
        source = Source(outlet=settings.source, boilerplate=boilerplate)
        self._reader = Reader.of(self._model.description, settings.unit, source)
        return Opened(
            version=metadata.version("sikap"),
            export_hash=self._model.export_hash,
            process=os.getpid(),
            machine=os.uname().nodename,
        )

    def label(self, shard: Shard) -> Done:
        """Label a shard, unless it is finished: as ``predict_stance`` labels a file.

        The folder of its name gets the records, what stands beside them and, last, ``shard.json``.
        It goes on from the last checkpoint of a worker that died; not so in a bucket, which has
        none.

        Raises:
            DataError: Another run writes the same output.
            OSError: The file cannot be read, or the output not be written.
        """
        with (
            at_hand(shard, self._settings.input) as path,
            shard_folder(self._settings.output, shard.name) as folder,
        ):
            output = folder.path / f"{RECORDS}.{self._settings.form}"
            settings = self._settings.of_one(path, output)
            run = Run(self._model.targets)
            key = run.key(settings, self._model.export_hash, self._model.variant)
            key = ":".join((key, output.name, sha256_of(path), shard.name))
            found = folder.finished(output.name)
            if found is not None and found["key"] == key:
                return Done(shard.name, found, is_new=False, process=os.getpid())
            self._write(shard, key, settings, run, folder)
            made = Finished(key=key, state=run.state())
            folder.finish(made)
        return Done(shard.name, made, is_new=True, process=os.getpid())

    def _write(
        self, shard: Shard, key: str, settings: PredictSettings, run: Run, folder: ShardFolder
    ) -> None:
        """Label a shard, count it in ``run``, and write all but the marker into its folder."""
        output = settings.output
        with ExitStack() as stack:
            # A checkpoint holds places too, and the folder may be called otherwise the next time.
            journal = stack.enter_context(_open_journal(output, f"{key}:{shard.where}"))
            if journal.state is not None:
                run.restore(journal.state)
            labeller = ThreadPoolExecutor(1)
            stack.callback(labeller.shutdown, cancel_futures=True)
            items = stack.enter_context(items_of(shard, settings))
            readings = Readings(self._reader, journal.left(items), Workers(1))
            # Its own for each shard, whose bytes then do not depend on who labelled what before.
            work = partial(label, remembering(self._model, settings, journal))
            for _ in take_all(one_ahead(work, in_chunks(readings), labeller), journal, run):
                pass  # nobody is told: the shard is the unit of progress
            assert journal.inputs == run.inputs  # each is an article or a reject
            folder.begin(output.name)
            summary = run.summary(settings, self._model.export_hash, self._model.variant)
            write_all(journal, summary, output, run)


def _open_journal(output: Path, key: str) -> Journal:
    """Go on where a run with the same key stopped, else begin anew."""
    try:
        return Journal(output, key, resume=True)
    except ConfigError:  # what lies there is of another file, model or setting
        return Journal(output, key, resume=False)
