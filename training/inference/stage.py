"""From input files to one record per sentence: the contract of ``predict_stance``."""

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from itertools import chain, starmap
from pathlib import Path
from time import perf_counter

from rich.console import Console

from labels.ingest import Boilerplate, Item, Source, read_inputs
from labels.pipeline.files import atomic_path
from labels.pipeline.progress import meter
from labels.pipeline.schema import Field, Reject
from labels.pipeline.workers import Workers
from training.contract.records import RemovedText, Summary
from training.export.artifact import Variant
from training.inference.article_summary import summarize_article
from training.inference.description import read_export
from training.inference.journal import Journal
from training.inference.labelling import Labelled, id_of, in_chunks, label, one_ahead, text_of
from training.inference.memory import Memory
from training.inference.outputs import join_files, write_records
from training.inference.processor import choose_variant
from training.inference.reading import Reader, Reading, Readings
from training.inference.scorer import Scorer, open_model
from training.inference.settings import PredictSettings
from training.inference.summary import Run

RECORDS, KEYS = "records", "keys"  # of what was asked about the sentence of each record
# Beside the output, by what they hold.
REJECTS, REMOVED, TEXTS, ARTICLES = "rejects", "removed", "texts", "articles"
SUMMARY = "meta"
_COUNTED_BYTES = 1_000_000  # inputs of a larger file or of a folder are counted first


def predict_stance(settings: PredictSettings) -> None:
    """Label every sentence of the input and write records, rejects and summaries.

    Writes ``output`` and beside it ``.articles.jsonl``, ``.rejects.jsonl``, ``.removed.jsonl``
    (what cleaning left out), ``.meta.json`` and, where offsets refer to a text that is not the
    input's own (pages, markup), ``.texts.jsonl`` with that text. Reading, labelling and writing go
    on at the same time, some articles ahead. What is finished is kept once a minute, so that a
    killed run goes on with ``resume=true``. A sentence that comes again is not scored again.

    Raises:
        ConfigError: The input does not exist, the model is no export, or the run that is to be gone
            on with was another one.
        DataError: A file of the export was changed, the boilerplate is of another kind, the input
            is another than that of the run that stopped, or another run writes the same output.
    """
    console = Console(stderr=True)
    items = _items(settings)
    description, export_hash = read_export(settings.model)
    source = Source(
        outlet=settings.source,
        boilerplate=Boilerplate.read(settings.boilerplate) if settings.boilerplate else None,
    )
    reader = Reader.of(description, settings.unit, source)
    targets = [target["key"] for target in description["targets"]]
    run = Run(targets)
    total = _count(settings, console)
    variant = choose_variant(description, settings.variant)
    key = run.key(settings, export_hash, variant)
    with ExitStack() as stack:
        workers = stack.enter_context(Workers(settings.processes))
        opener, labeller = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        for pool in (opener, labeller):  # Ctrl-C waits for the chunk at hand, not for the next
            stack.callback(pool.shutdown, cancel_futures=True)
        journal = stack.enter_context(Journal(settings.output, key, settings.resume))
        _tell_of_earlier(journal, console)
        if journal.state is not None:
            run.restore(journal.state)
        # The model opens while the first input is read, but not before processes have started,
        # which would hold copies of its threads.
        readings = Readings(reader, journal.left(items), workers)
        opening = opener.submit(_open, settings, variant, journal)
        work = partial(_label, opening)
        start = perf_counter()
        with meter(console, "labelling", "inputs", total, journal.inputs) as shown:
            for n_inputs in take_all(one_ahead(work, in_chunks(readings), labeller), journal, run):
                shown.advance(n_inputs)
        opening.result()  # where no sentence was found, a changed file is an error all the same
        run.seconds = perf_counter() - start
        write_all(journal, run.summary(settings, export_hash, variant), settings.output, run)
    run.show(console, settings.output, rejects=beside(REJECTS), removed=beside(REMOVED))


def beside(name: str) -> str:
    """Name the ending of a file beside the output."""
    return f".{name}.json" if name == SUMMARY else f".{name}.jsonl"


def _items(settings: PredictSettings) -> Iterator[Item]:
    return read_inputs([settings.input], settings.unit, settings.max_megabytes, settings.fields)


def _count(settings: PredictSettings, console: Console) -> int | None:
    """Count the inputs where that says how long it will take, and takes a thousandth of it."""
    path = settings.input
    is_large = path.is_file() and path.stat().st_size >= _COUNTED_BYTES
    if not path.is_dir() and not is_large:
        return None
    total = 0
    with meter(console, "counting", "inputs") as shown:
        for _ in _items(settings):
            total += 1
            shown.advance()
    return total


def _tell_of_earlier(journal: Journal, console: Console) -> None:
    if journal.inputs:
        console.print(f"going on after {journal.inputs} inputs", highlight=False)
    if journal.dropped:
        console.print(
            f"an earlier run had finished {journal.dropped} inputs; this one begins anew "
            "(resume=true would have gone on from there)",
            highlight=False,
            soft_wrap=True,
        )


def _open(settings: PredictSettings, variant: Variant, journal: Journal) -> Memory:
    return remembering(open_model(settings.model, settings.threads, variant), settings, journal)


def remembering(model: Scorer, settings: PredictSettings, journal: Journal) -> Memory:
    """Let a model remember what the run that is gone on with was answered."""
    memory = Memory(model, settings.batch_tokens, settings.abstain_risk, settings.remember)
    if settings.remember:
        parts = zip(journal.parts(KEYS), journal.parts(RECORDS), strict=True)
        memory.learn(chain.from_iterable(starmap(_answers, parts)))
    return memory


def _answers(keys: Path, records: Path) -> Iterator[tuple[str, str]]:
    """Read what a part of the run was asked and answered."""
    with keys.open(encoding="utf-8") as asked, records.open(encoding="utf-8") as answered:
        for key, record in zip(asked, answered, strict=True):
            yield json.loads(key)["key"], record


def _label(opening: Future[Memory], chunk: list[Reading | Reject]) -> list[Labelled | Reject]:
    return label(opening.result(), chunk)


def take_all(
    chunks: Iterable[list[Labelled | Reject]], journal: Journal, run: Run
) -> Iterator[int]:
    """Write and count what became of the inputs; give how many there were in each chunk."""
    for chunk in chunks:
        for labelled in chunk:
            _take(labelled, journal, run)
        if journal.is_due():
            journal.checkpoint(run.state())
        yield len(chunk)


def _take(labelled: Labelled | Reject, journal: Journal, run: Run) -> None:
    """Write and count what became of an input."""
    if isinstance(labelled, Reject):
        run.add_reject(labelled)
        journal.write(REJECTS, asdict(labelled))
    else:
        run.add_article(labelled)
        for key, record in zip(labelled.keys, labelled.records, strict=True):
            run.add_labels(record)
            journal.write(RECORDS, record)
            journal.write(KEYS, {"key": key})
        journal.write(ARTICLES, summarize_article(labelled, run.targets))
        _write_aside(labelled, journal)
    journal.take()


def _write_aside(labelled: Labelled, journal: Journal) -> None:
    """Write the text that offsets refer to, if it is not the input's, and what was left out."""
    record, article = labelled.prepared.record, labelled.prepared.article
    if text := text_of(labelled.prepared):
        journal.write(TEXTS, text)
    for span in labelled.prepared.removed:
        removed = RemovedText(
            id=id_of(record),
            field=Field.text.value,
            start=span.start,
            end=span.end,
            kind=span.kind,
            rule=span.rule,
            text=article.text[span.start : span.end],
        )
        journal.write(REMOVED, removed)


def write_all(journal: Journal, summary: Summary, output: Path, run: Run) -> None:
    """Join what the journal holds; the records come last, when all beside them stands."""
    journal.checkpoint(run.state())
    for name in (REJECTS, REMOVED, ARTICLES):
        join_files(_beside(output, name), journal.parts(name))
    if run.rewritten:
        join_files(_beside(output, TEXTS), journal.parts(TEXTS))
    else:
        _beside(output, TEXTS).unlink(missing_ok=True)
    with atomic_path(_beside(output, SUMMARY)) as temporary:
        line = json.dumps(summary, ensure_ascii=False)
        temporary.write_text(line + "\n", encoding="utf-8")
    write_records(output, journal.parts(RECORDS), run.targets)
    journal.finish()


def _beside(output: Path, name: str) -> Path:
    return output.with_name(output.name + beside(name))
