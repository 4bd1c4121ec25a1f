"""From a folder of files to a folder of records, over the workers of a cluster."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from time import perf_counter

from rich.console import Console

from labels.cluster.join import joined
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.progress import meter
from labels.pipeline.schema import Reject
from training.inference.description import read_export
from training.inference.processor import choose_variant
from training.inference.shards.crew import Crew, Failed
from training.inference.shards.folders import file_beside
from training.inference.shards.listing import Shard, list_shards
from training.inference.shards.records import ShardCounts, ShardsSummary
from training.inference.shards.settings import PredictShardsSettings
from training.inference.stage import RECORDS, REJECTS, REMOVED, SUMMARY, beside
from training.inference.summary import Run


def predict_shards(settings: PredictShardsSettings) -> None:
    """Label every file of a folder on a cluster, each into a folder of its own.

    A file is a shard. The folder of its name below ``output`` gets what ``predict_stance`` writes
    for it, and ``shard.json`` when all of it stands. A shard that is finished, of the same content,
    model, settings and program, is not labelled again.

    Raises:
        ConfigError: The model is no export, or there is no such cluster.
        DataError: The export was changed, a worker has another one, shards failed, or another run
            writes the same output.
    """
    console = Console(stderr=True)
    description, export_hash = read_export(settings.model)
    variant = choose_variant(description, settings.variant)
    shards, rejects = list_shards(settings.input)
    run = Run([target["key"] for target in description["targets"]])
    with joined(settings.address) as n_cores:
        n_workers = _n_workers(settings, len(shards), n_cores)
        expected = metadata.version("sikap"), export_hash
        crew = Crew(settings.for_workers(variant), n_workers, expected, console)
        counts, failed = _label(crew, shards, run, console)
    for reject in rejects:
        run.add_reject(reject)
    asked = settings.of_one(
        Path(settings.input), Path(settings.output, f"{RECORDS}.{settings.form}")
    )
    summary = run.summary(asked, export_hash, variant)
    _write(settings.output, ShardsSummary(**summary, shards=counts), rejects)
    _show(settings, run, counts, crew, console)
    if failed:
        reasons = "\n".join(f"  {found.name}: {found.reason}" for found in failed)
        raise DataError(
            f"{len(failed)} of {len(shards)} shards failed; what is finished is kept, and the same "
            f"command tries the others again:\n{reasons}"
        )


def _n_workers(settings: PredictShardsSettings, n_shards: int, n_cores: int) -> int:
    """Choose as many as were asked for, or as the cluster has cores for; not more than shards."""
    if n_cores < settings.threads:
        raise ConfigError(
            f"threads: expected at most {n_cores}, the cores of the cluster, got {settings.threads}"
        )
    return min(settings.workers or max(1, n_cores // settings.threads), n_shards)


def _label(
    crew: Crew, shards: Sequence[Shard], run: Run, console: Console
) -> tuple[ShardCounts, list[Failed]]:
    """Label the shards, and add up what they hold."""
    counts = ShardCounts(all=len(shards), labelled=0, finished_before=0, failed=0)
    failed = []
    start = perf_counter()
    with meter(console, "labelling", "shards", len(shards)) as shown:
        for found in crew.label(shards):
            shown.advance()
            if isinstance(found, Failed):
                counts["failed"] += 1
                failed.append(found)
            elif found.is_new:
                counts["labelled"] += 1
                run.add(found.finished["state"])
            else:
                counts["finished_before"] += 1
                run.restore(found.finished["state"])
    run.seconds = perf_counter() - start
    return counts, failed


def _write(output: str, summary: ShardsSummary, rejects: Sequence[Reject]) -> None:
    """Write the sums, and what of the input is no file, beside the folder."""
    for name, rows in ((REJECTS, map(asdict, rejects)), (SUMMARY, [summary])):
        with file_beside(output, beside(name)) as temporary:
            lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            temporary.write_text("".join(lines), encoding="utf-8")


def _show(
    settings: PredictShardsSettings, run: Run, counts: ShardCounts, crew: Crew, console: Console
) -> None:
    """Print the table of the run, and how the shards fared."""
    records = f"/**/{RECORDS}.{settings.form}"
    run.show(
        console,
        settings.output,
        rejects=f"{records}{beside(REJECTS)}",
        removed=f"{records}{beside(REMOVED)}",
    )
    lines = [
        f"shards {counts['all']} = labelled {counts['labelled']} + finished before "
        f"{counts['finished_before']} + failed {counts['failed']}",
        f"workers {len(crew.opened)}, of which {crew.lost} died",
    ]
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
