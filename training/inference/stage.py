"""From input files to one record per sentence: the contract of ``predict_stance``."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from labels.ingest import Item, PageFile, RawRecord, prepare, read_inputs, read_page
from labels.pipeline.files import atomic_path
from labels.pipeline.schema import STANCES, Article, Reject, Sentence
from labels.segment import segment
from training.inference.model import StanceModel, read_description
from training.inference.records import (
    Counts,
    Labels,
    PageText,
    Record,
    SentenceFields,
    Summary,
)
from training.inference.settings import PredictSettings

CHUNK_SENTENCES = 1024  # scored together, so that batches hold sentences of similar length
REJECTS, TEXTS, SUMMARY = ".rejects.jsonl", ".texts.jsonl", ".meta.json"  # beside the output


@dataclass
class _Pending:
    """An article whose sentences wait to be scored."""

    record: RawRecord
    article: Article
    sentences: list[Sentence]


def predict_stance(settings: PredictSettings) -> None:
    """Label every sentence of the input and write records, rejects and a summary.

    Writes ``output``, ``output.rejects.jsonl``, ``output.meta.json`` and, when the input holds HTML
    pages, ``output.texts.jsonl`` with the extracted text that the offsets refer to.

    Raises:
        ConfigError: The input does not exist or the model is no export.
        DataError: A file of the export was changed.
    """
    console = Console(stderr=True)
    items = read_inputs([settings.input], settings.unit, settings.max_megabytes)
    description, export_hash = read_description(settings.model)
    output = settings.output
    counts: Counter[str] = Counter()
    labels: dict[str, Counter[str]] = {
        target["key"]: Counter() for target in description["targets"]
    }
    columns = (
        TextColumn("labelling"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("sentences"),
        TimeElapsedColumn(),
    )
    with ExitStack() as stack:
        # The model opens while the first input is read; a changed file stops the run before the
        # first record.
        pool = stack.enter_context(ThreadPoolExecutor(1))
        opening = pool.submit(StanceModel, settings.model, settings.threads)
        files = {
            suffix: stack.enter_context(_replace_text(_beside(output, suffix)))
            for suffix in ("", REJECTS, TEXTS)
        }
        bar = stack.enter_context(Progress(*columns, console=console))
        task = bar.add_task("labelling", total=0)
        for chunk in _chunks(items, settings, files, counts):
            texts = [sentence.text for pending in chunk for sentence in pending.sentences]
            bar.update(task, total=counts["sentences"])
            scored = iter(opening.result()(texts, settings.batch_size))
            for pending in chunk:
                for sentence in pending.sentences:
                    found = next(scored)
                    for target, answer in found["stance"].items():
                        labels[target][answer["label"]] += 1
                    _write(files[""], _record(pending, sentence, found))
            bar.advance(task, len(texts))
        opening.result()  # where no sentence was found, a changed file is an error all the same
    if not counts["pages"]:
        _beside(output, TEXTS).unlink(missing_ok=True)
    summary = _summary(settings, export_hash, counts)
    with _replace_text(_beside(output, SUMMARY)) as file:
        _write(file, summary)
    _show(console, counts, labels, output)


def _chunks(
    items: Iterator[Item],
    settings: PredictSettings,
    files: Mapping[str, TextIO],
    counts: Counter[str],
) -> Iterator[list[_Pending]]:
    """Read, clean and split; hand on articles in input order, write rejects aside."""
    chunk: list[_Pending] = []
    waiting = 0
    for found in items:
        item = read_page(found) if isinstance(found, PageFile) else found
        counts["inputs"] += 1
        article = item if isinstance(item, Reject) else prepare(item, settings.unit)
        if isinstance(article, Reject):
            counts["rejects"] += 1
            counts[f"reject {article.reason}"] += 1
            _write(files[REJECTS], asdict(article))
            continue
        assert isinstance(item, RawRecord)  # only a record is prepared
        counts["articles"] += 1
        if item.is_page:
            counts["pages"] += 1
            page = PageText(id=_id(item), title=article.title, text=article.text)
            _write(files[TEXTS], page)
        sentences = segment(article, settings.unit)
        counts["sentences"] += len(sentences)
        waiting += len(sentences)
        chunk.append(_Pending(item, article, sentences))
        if waiting >= CHUNK_SENTENCES:
            yield chunk
            chunk, waiting = [], 0
    if chunk:
        yield chunk


def _id(record: RawRecord) -> str | int:
    return record.article_id if record.input_id is None else record.input_id


def _record(pending: _Pending, sentence: Sentence, labels: Labels) -> Record:
    article = pending.article
    fields = SentenceFields(
        id=_id(pending.record),
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
    if pending.record.published is not None:
        fields["published"] = pending.record.published
    return {**fields, **labels}


def _summary(settings: PredictSettings, export_hash: str, counts: Counter[str]) -> Summary:
    chosen = {"unit": settings.unit.value, "max_megabytes": settings.max_megabytes}
    return Summary(
        version=metadata.version("sikap"),
        export_hash=export_hash,
        config_hash=hashlib.sha256(json.dumps(chosen).encode()).hexdigest(),
        counts=Counts(
            inputs=counts["inputs"],
            articles=counts["articles"],
            rejects=counts["rejects"],
            sentences=counts["sentences"],
        ),
    )


def _write(file: TextIO, row: Mapping[str, object]) -> None:
    file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _beside(output: Path, suffix: str) -> Path:
    return output.with_name(output.name + suffix)


@contextmanager
def _replace_text(path: Path) -> Iterator[TextIO]:
    """Open a text file that replaces ``path`` when everything went well."""
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        yield file


def _show(
    console: Console,
    counts: Counter[str],
    labels: Mapping[str, Counter[str]],
    output: Path,
) -> None:
    table = Table(title=f"{counts['sentences']} sentences of {counts['articles']} articles")
    table.add_column("target")
    for name in STANCES:
        table.add_column(name, justify="right")
    for target, found in labels.items():
        table.add_row(target, *(str(found[name]) for name in STANCES))
    console.print(table)
    reasons = [
        f"{name.removeprefix('reject ')} {count}"
        for name, count in sorted(counts.items())
        if name.startswith("reject ")
    ]
    console.print(
        f"inputs {counts['inputs']} = articles {counts['articles']} + rejects {counts['rejects']}"
        + (f" ({', '.join(reasons)}; see {output}{REJECTS})" if reasons else ""),
        highlight=False,
        markup=False,
    )
    console.print(f"written: {output}", highlight=False, markup=False)
