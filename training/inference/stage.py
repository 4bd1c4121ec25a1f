"""From input files to one record per sentence: the contract of ``predict_stance``."""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from rich.console import Console

from labels.ingest import (
    Boilerplate,
    Item,
    PageFile,
    Prepared,
    RawRecord,
    Source,
    prepare,
    read_inputs,
    read_page,
)
from labels.pipeline.files import atomic_path
from labels.pipeline.progress import meter
from labels.pipeline.schema import Field, Reject, Sentence, SentenceKind
from labels.segment import segment
from training.inference.model import StanceModel, read_description
from training.inference.records import Labels, Record, RemovedText, RewrittenText, SentenceFields
from training.inference.settings import PredictSettings
from training.inference.summary import Run

CHUNK_SENTENCES = 1024  # scored together, so that batches hold sentences of similar length
# Beside the output.
REJECTS, REMOVED, TEXTS = ".rejects.jsonl", ".removed.jsonl", ".texts.jsonl"
SUMMARY = ".meta.json"
_POST_TIME = "post_time"  # the kind of clutter that says when a live blog's post came


@dataclass
class _Pending:
    """An article whose sentences wait to be scored."""

    prepared: Prepared
    sentences: list[Sentence]


def predict_stance(settings: PredictSettings) -> None:
    """Label every sentence of the input and write records, rejects and a summary.

    Writes ``output`` and beside it ``.rejects.jsonl``, ``.removed.jsonl`` (what cleaning left out),
    ``.meta.json`` and, where offsets refer to a text that is not the input's own (pages, markup),
    ``.texts.jsonl`` with that text.

    Raises:
        ConfigError: The input does not exist or the model is no export.
        DataError: A file of the export was changed, or the boilerplate is of another kind.
    """
    console = Console(stderr=True)
    items = read_inputs([settings.input], settings.unit, settings.max_megabytes, settings.fields)
    description, export_hash = read_description(settings.model)
    source = Source(
        outlet=settings.source,
        boilerplate=Boilerplate.read(settings.boilerplate) if settings.boilerplate else None,
    )
    output = settings.output
    run = Run([target["key"] for target in description["targets"]])
    with ExitStack() as stack:
        # The model opens while the first input is read; a changed file stops the run before the
        # first record.
        pool = stack.enter_context(ThreadPoolExecutor(1))
        opening = pool.submit(StanceModel, settings.model, settings.threads)
        files = {
            suffix: stack.enter_context(_replace_text(_beside(output, suffix)))
            for suffix in ("", REJECTS, REMOVED, TEXTS)
        }
        shown = stack.enter_context(meter(console, "labelling", "sentences"))
        for chunk in _chunks(items, settings, source, files, run):
            model = opening.result()
            texts = [sentence.text for pending in chunk for sentence in pending.sentences]
            mentions = [
                found for pending in chunk for found in model.find_mentions(pending.sentences)
            ]
            langs = [sentence.lang for pending in chunk for sentence in pending.sentences]
            scored = iter(model(texts, settings.batch_size, mentions, langs, settings.abstain_risk))
            for pending in chunk:
                for sentence in pending.sentences:
                    found = next(scored)
                    run.add_labels(found)
                    _write(files[""], _record(pending.prepared, sentence, found))
            shown.advance(len(texts))
        opening.result()  # where no sentence was found, a changed file is an error all the same
    if not run.rewritten:
        _beside(output, TEXTS).unlink(missing_ok=True)
    with _replace_text(_beside(output, SUMMARY)) as file:
        _write(file, run.summary(settings, export_hash))
    run.show(console, output, rejects=REJECTS, removed=REMOVED)


def _chunks(
    items: Iterator[Item],
    settings: PredictSettings,
    source: Source,
    files: Mapping[str, TextIO],
    run: Run,
) -> Iterator[list[_Pending]]:
    """Read, clean and split; hand on articles in input order, write the rest aside."""
    chunk: list[_Pending] = []
    waiting = 0
    for item in items:
        found = read_page(item) if isinstance(item, PageFile) else item
        prepared = found if isinstance(found, Reject) else prepare(found, settings.unit, source)
        if isinstance(prepared, Reject):
            run.add_reject(prepared)
            _write(files[REJECTS], asdict(prepared))
            continue
        sentences = segment(prepared.article, settings.unit)
        run.add_article(prepared, len(sentences))
        _write_aside(prepared, files)
        waiting += len(sentences)
        chunk.append(_Pending(prepared, sentences))
        if waiting >= CHUNK_SENTENCES:
            yield chunk
            chunk, waiting = [], 0
    if chunk:
        yield chunk


def _write_aside(prepared: Prepared, files: Mapping[str, TextIO]) -> None:
    """Write the text that offsets refer to, if it is not the input's, and what was left out."""
    record, article = prepared.record, prepared.article
    if record.is_rewritten or record.is_page:
        text = RewrittenText(id=_id(record), title=article.title, text=article.text)
        _write(files[TEXTS], text)
    for span in prepared.removed:
        removed = RemovedText(
            id=_id(record),
            field=Field.text.value,
            start=span.start,
            end=span.end,
            kind=span.kind,
            rule=span.rule,
            text=article.text[span.start : span.end],
        )
        _write(files[REMOVED], removed)


def _id(record: RawRecord) -> str | int:
    return record.article_id if record.input_id is None else record.input_id


def _record(prepared: Prepared, sentence: Sentence, labels: Labels) -> Record:
    article = prepared.article
    fields = SentenceFields(
        id=_id(prepared.record),
        sentence_id=sentence.sentence_id,
        kind=sentence.kind.value,
        field=sentence.field.value,
        start=sentence.start,
        end=sentence.end,
        text=sentence.text,
        lang=sentence.lang,
    )
    if article.title is not None:
        fields["title"] = article.title
    if article.source is not None:
        fields["source"] = article.source
    if article.url is not None:
        fields["url"] = article.url
    if prepared.record.published is not None:
        fields["published"] = prepared.record.published
    if posted := _posted(prepared, sentence):
        fields["posted"] = posted
    return {**fields, **labels}


def _posted(prepared: Prepared, sentence: Sentence) -> str | None:
    """Find the time of the post that a sentence of a live blog stands in: the last one above it."""
    if sentence.field is not Field.text or sentence.kind is SentenceKind.title:
        return None
    times = [
        span for span in prepared.removed if span.kind == _POST_TIME and span.start < sentence.start
    ]
    return prepared.article.text[times[-1].start : times[-1].end].strip() if times else None


def _write(file: TextIO, row: Mapping[str, object]) -> None:
    file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _beside(output: Path, suffix: str) -> Path:
    return output.with_name(output.name + suffix)


@contextmanager
def _replace_text(path: Path) -> Iterator[TextIO]:
    """Open a text file that replaces ``path`` when everything went well."""
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        yield file
