"""Measure how fast inference is, and write and show what was found."""

import os
from functools import partial

from rich.console import Console
from rich.table import Table

from labels.pipeline.errors import ConfigError
from labels.pipeline.files import atomic_path, write_json
from training.inference.description import read_description
from training.inference.processor import variants_of
from training.inference.speed.operations import Operations, operations_of
from training.inference.speed.page import (
    COSTS,
    PEAKS,
    SPEEDS,
    STEPS,
    cost_rows,
    page_text,
    peak_rows,
    speed_rows,
    step_rows,
)
from training.inference.speed.remote import Remote
from training.inference.speed.results import (
    MachineRecord,
    PeakRecord,
    Speed,
    Way,
    best_peaks,
    percentiles,
    ratio,
    spread,
    step_record,
)
from training.inference.speed.rounds import Entry, Measured, measure_rounds
from training.inference.speed.sample import draw_articles, sentences_of
from training.inference.speed.settings import SpeedSettings
from training.inference.speed.steps import Step, Steps
from training.model.store import MANIFEST
from training.pictures.figures import draw_rates
from training.speed.machine import instructions, processor, versions

_PACKAGES = ("numpy", "onnxruntime", "tokenizers", "torch", "transformers")


def benchmark_speed(settings: SpeedSettings) -> None:
    """Measure every variant, the stock way, the machine and the steps; write and show the figures.

    Every way to label sentences runs in a process of its own. In each round they are measured one
    after the other, so that a machine that becomes slower does so for all.

    Raises:
        ConfigError: A model or the input does not exist.
        DataError: A file of the export was changed, the input has no sentence, or a process died.
    """
    console = Console(stderr=True)
    description, export_hash = read_description(settings.model)
    folder = settings.model_folder
    if folder is not None and not (folder / MANIFEST).is_file():
        raise ConfigError(
            f"model_folder: expected a model folder, got {folder}; run `make run` first, or leave "
            "the trained model out: model_folder=null"
        )
    items = draw_articles(settings)
    sample = sentences_of(items, description, settings)
    console.print(
        f"{len(items)} inputs; {len(sample.texts)} of their sentences, {sample.tokens:.1f} tokens "
        "on average",
        highlight=False,
    )
    operations = operations_of(description)
    make = partial(
        Steps, settings.model, settings.threads, variants_of(description)[0], settings.seconds
    )
    with Remote(make) as remote:
        console.print("from raw text to records, step by step", highlight=False)
        steps = remote.ask(Steps.measure, settings.input, settings.unit, items)
    measured = measure_rounds(settings, description, sample, console)
    speed = _speed(settings, export_hash, measured, operations, steps)
    picture = settings.page.with_suffix(".svg")
    draw_rates(
        picture,
        {
            way["name"]: (found["median"], found["low"], found["high"])
            for way in speed["ways"]
            for found in [way["sentences_per_second"]]
        },
    )
    write_json(settings.output, speed)
    with atomic_path(settings.page) as temporary:
        temporary.write_text(page_text(speed, picture.name), encoding="utf-8")
    _show(speed, settings)


def _speed(
    settings: SpeedSettings,
    export_hash: str,
    measured: Measured,
    operations: Operations,
    steps: list[Step],
) -> Speed:
    peaks = best_peaks(measured.peaks)
    return Speed(
        machine=MachineRecord(
            processor=processor(),
            instructions=instructions(),
            threads=settings.threads or os.cpu_count() or 1,
            versions=versions(_PACKAGES),
        ),
        export_hash=export_hash,
        input=os.fsencode(settings.input).decode(errors="replace"),
        unit=settings.unit.value,
        seed=settings.seed,
        rounds=settings.rounds,
        seconds=settings.seconds,
        stock_tried={str(size): rate for size, rate in measured.tried.items()},
        ways=[_way(entry, measured, operations, peaks) for entry in measured.entries],
        peaks=[record for record, _ in peaks.values()],
        steps=[step_record(step) for step in steps],
    )


def _way(
    entry: Entry,
    measured: Measured,
    operations: Operations,
    peaks: dict[str, tuple[PeakRecord, list[float]]],
) -> Way:
    """Compare a way with the stock ones, and with what the machine does at best."""
    gigaops = share = None
    if entry.format is not None:
        gigaops = operations.mean(entry.sample.lengths) / 1e9
        share = ratio([rate * gigaops for rate in entry.rates], peaks[entry.format][1])
    middle, late = percentiles(entry.alone)
    return Way(
        name=entry.name,
        labelled=entry.labelled,
        sample=len(entry.sample.texts),
        tokens=entry.sample.tokens,
        sentences_per_second=spread(entry.rates),
        beside_default=ratio(entry.rates, measured.default.rates),
        beside_best=ratio(entry.rates, measured.best.rates),
        gigaops_per_sentence=gigaops,
        format=entry.format,
        share_of_peak=share,
        alone=len(entry.alone),
        p50_milliseconds=middle,
        p99_milliseconds=late,
        peak_mib=entry.peak_mib,
        megabytes=entry.megabytes,
    )


def _show(speed: Speed, settings: SpeedSettings) -> None:
    console = Console()
    first = speed["ways"][0]
    default, best = (first[name]["median"] for name in ("beside_default", "beside_best"))
    title = (
        f"{first['name']}: {default:.1f} times the rate of the stock pipeline, {best:.1f} times "
        "that at its best batch size"
    )
    for name, header, rows in (
        (title, SPEEDS, speed_rows(speed)),
        ("One sentence, and room", COSTS, cost_rows(speed)),
        ("Products of large matrices", PEAKS, peak_rows(speed)),
        ("From raw text to records", STEPS, step_rows(speed["steps"])),
    ):
        table = Table(title=name)
        for column in header:
            table.add_column(column, justify="right")
        for row in rows:
            table.add_row(*row)
        console.print(table)
    console.print(
        f"figures {settings.output}\npage    {settings.page}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
