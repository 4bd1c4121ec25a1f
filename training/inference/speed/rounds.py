"""Everything that labels sentences and the machine itself, measured in turn, round by round."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from rich.console import Console

from labels.pipeline.progress import meter
from training.export.artifact import ExportDescription, Variant
from training.inference.processor import variants_of
from training.inference.speed.contender import Contender
from training.inference.speed.exported import Exported
from training.inference.speed.peaks import FP32, INT8, Machine, Peak
from training.inference.speed.remote import Remote
from training.inference.speed.sample import Sample
from training.inference.speed.settings import SpeedSettings
from training.inference.speed.stock import Stock
from training.inference.speed.trained import Trained

FORMATS = {
    Variant.fp32: FP32,
    Variant.int8: INT8,
    Variant.small: INT8,
}  # of most products of a variant
_DEFAULT_BATCH = 1  # of a stock pipeline
_BATCHES = 2  # that a stock pipeline is given to make of its questions, at least
_PROBE = 8  # sentences by which it is estimated how many fit into the time
_PEAK_SHARE = 0.2  # of the time of a measurement, for the products of one library


@dataclass
class Entry:
    """Something that labels sentences, and what was measured of it."""

    name: str
    format: str | None  # of the numbers of most of its products, where a peak is to be compared
    is_asked_alone: bool  # whether single sentences are timed
    sample: Sample  # what it labels in each round
    labelled: int = 0  # sentences in all
    rates: list[float] = field(default_factory=list)  # sentences a second, by round
    alone: list[float] = field(default_factory=list)  # seconds of each single sentence
    peak_mib: float | None = None
    megabytes: float | None = None


class Measured(NamedTuple):
    """What all rounds gave."""

    ours: list[Entry]  # the variants, and the trained model
    default: Entry  # the stock pipeline at its default batch size
    best: Entry  # and at its best one
    tried: dict[int, float]  # sentences a second by batch size
    peaks: list[list[Peak]]  # by round

    @property
    def entries(self) -> list[Entry]:
        """Everything that labels sentences."""
        return [*self.ours, self.default, self.best]


def measure_rounds(
    settings: SpeedSettings, description: ExportDescription, sample: Sample, console: Console
) -> Measured:
    """Open everything, and measure all of it in each round.

    Args:
        settings: Of the run.
        description: Of the export.
        sample: Sentences that are drawn from, evenly by length; who is slow gets fewer.
        console: Shows how far it is.

    Raises:
        DataError: A file of the export was changed, or a process died.
    """
    tried = _try_batches(settings, description, sample, console)
    best = max(tried, key=lambda size: tried[size])
    with ExitStack() as stack:

        def opened(make: Callable[[], Any]) -> Remote[Any]:
            return stack.enter_context(Remote(make))

        def entered(
            name: str, remote: Remote[Any], kind: str | None, least: int = 1
        ) -> tuple[Remote[Any], Entry]:
            n = remote.ask(Contender.fitting, sample.even(_PROBE).texts, settings.seconds)
            return remote, Entry(name, kind, kind is not None, sample.even(max(n, least)))

        console.print("opening every way to label sentences", highlight=False)
        opening: list[tuple[Remote[Any], Entry]] = []
        for variant in variants_of(description):
            remote = opened(partial(Exported, settings.model, settings.threads, variant))
            opening.append(entered(variant.value, remote, FORMATS[variant]))
        if settings.model_folder is not None:
            remote = opened(partial(Trained, settings.model_folder, settings.threads))
            kind = remote.ask(Trained.format)
            opening.append(entered(f"torch {kind}", remote, kind))
        for name, size in (("default", _DEFAULT_BATCH), ("best", best)):
            remote = opened(_stock(settings, description, size))
            least = _sentences_for(size, description)
            opening.append(entered(f"stock, batch {size} ({name})", remote, None, least))
        machine = opened(partial(Machine, settings.threads, settings.seconds * _PEAK_SHARE))
        peaks = []
        total = settings.rounds * len(opening)
        with meter(console, "measuring", "measurements", total) as shown:
            for _ in range(settings.rounds):
                for remote, entry in opening:
                    _measure(remote, entry, sample, settings.seconds)
                    shown.advance()
                peaks.append(machine.ask(Machine.peaks))
        for remote, entry in opening:
            entry.peak_mib = remote.ask(Contender.peak_mib)
            entry.megabytes = remote.ask(Contender.megabytes)
    *ours, default, fastest = (entry for _, entry in opening)
    return Measured(ours, default, fastest, tried, peaks)


def _measure(remote: Remote[Any], entry: Entry, sample: Sample, seconds: float) -> None:
    """Measure something once more."""
    found = remote.ask(Contender.rate, entry.sample.texts, seconds)
    entry.labelled += found.sentences
    entry.rates.append(found.rate)
    if entry.is_asked_alone:
        first = len(entry.alone) % len(sample.texts)  # go on where the last round stopped
        texts = [*sample.texts[first:], *sample.texts[:first]]
        entry.alone += remote.ask(Contender.alone, texts, seconds)


def _try_batches(
    settings: SpeedSettings, description: ExportDescription, sample: Sample, console: Console
) -> dict[int, float]:
    """Measure the stock pipeline once with each batch size, in a process that ends with this."""
    found: dict[int, float] = {}
    with Remote(_stock(settings, description, _DEFAULT_BATCH)) as remote:
        n = remote.ask(Contender.fitting, sample.even(_PROBE).texts, settings.seconds)
        for size in dict.fromkeys((_DEFAULT_BATCH, *settings.stock_batches)):
            console.print(f"the stock pipeline with a batch size of {size}", highlight=False)
            remote.ask(Stock.use, size)
            texts = sample.even(max(n, _sentences_for(size, description))).texts
            found[size] = remote.ask(Contender.rate, texts, settings.seconds).rate
    return found


def _stock(
    settings: SpeedSettings, description: ExportDescription, batch_size: int
) -> Callable[[], Stock]:
    backbone, targets = description["backbone"], description["targets"]
    return partial(Stock, backbone, targets, settings.threads, batch_size, settings.seed)


def _sentences_for(batch_size: int, description: ExportDescription) -> int:
    """Count the sentences whose questions are enough batches of a stock pipeline."""
    return -(-_BATCHES * batch_size // len(description["targets"]))
