"""From input files to one record per sentence: the contract of ``predict_stance``."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from labels.files import atomic_path
from labels.ingest import RawRecord, prepare, read_inputs
from labels.schema import Article, Reject, Sentence
from labels.segment import segment
from training.config import PredictConfig
from training.inference import StanceModel

CHUNK_SENTENCES = 1024  # scored together, so that batches hold sentences of similar length


@dataclass
class _Pending:
    """An article whose sentences wait to be scored."""

    record: RawRecord
    article: Article
    sentences: list[Sentence]


def predict_stance(config: PredictConfig) -> None:
    """Label every sentence of the input and write records, rejects and a summary.

    Writes ``output``, ``output.rejects.jsonl``, ``output.meta.json`` and, when the input holds HTML
    pages, ``output.texts.jsonl`` with the extracted text that the offsets refer to.

    Raises:
        ConfigError: The input does not exist or the model is no export.
        DataError: A file of the export was changed.
    """
    console = Console(stderr=True)
    items = read_inputs([config.input], config.unit, config.max_megabytes)
    model = StanceModel(config.model, config.threads)
    output = Path(config.output)
    counts: Counter[str] = Counter()
    labels: dict[str, Counter[str]] = {target: Counter() for target in model.targets}
    columns = (
        TextColumn("labelling"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("sentences"),
        TimeElapsedColumn(),
    )
    with ExitStack() as stack:
        files = {
            suffix: stack.enter_context(_replace_text(output, suffix))
            for suffix in ("", ".rejects.jsonl", ".texts.jsonl")
        }
        bar = stack.enter_context(Progress(*columns, console=console))
        task = bar.add_task("labelling", total=0)
        for chunk in _chunks(items, config, files, counts):
            texts = [sentence.text for one in chunk for sentence in one.sentences]
            bar.update(task, total=counts["sentences"])
            scored = iter(model(texts, config.batch_size))
            for one in chunk:
                for sentence in one.sentences:
                    found = next(scored)
                    for target in model.targets:
                        labels[target][found["stance"][target]["label"]] += 1
                    _write(files[""], _record(one, sentence) | found)
            bar.advance(task, len(texts))
    if not counts["pages"]:
        output.with_name(output.name + ".texts.jsonl").unlink(missing_ok=True)
    summary = {
        "version": metadata.version("sikap"),
        "export_hash": model.export_hash,
        "config_hash": hashlib.sha256(
            json.dumps({"unit": config.unit.value, "max_megabytes": config.max_megabytes}).encode()
        ).hexdigest(),
        "counts": {name: counts[name] for name in ("inputs", "articles", "rejects", "sentences")},
    }
    with atomic_path(output.with_name(output.name + ".meta.json")) as temporary:
        temporary.write_text(json.dumps(summary) + "\n", encoding="utf-8")
    _show(console, counts, labels, output)


def _chunks(
    items: Iterator[RawRecord | Reject],
    config: PredictConfig,
    files: dict[str, TextIO],
    counts: Counter[str],
) -> Iterator[list[_Pending]]:
    """Read, clean and split; hand on articles in input order, write rejects aside."""
    chunk: list[_Pending] = []
    waiting = 0
    for item in items:
        counts["inputs"] += 1
        article = item if isinstance(item, Reject) else prepare(item, config.unit)
        if isinstance(article, Reject):
            counts["rejects"] += 1
            counts[f"reject {article.reason}"] += 1
            _write(files[".rejects.jsonl"], asdict(article))
            continue
        assert isinstance(item, RawRecord)  # only a record is prepared
        counts["articles"] += 1
        if item.is_page:
            counts["pages"] += 1
            text = {"id": _id(item), "title": article.title, "text": article.text}
            _write(files[".texts.jsonl"], text)
        sentences = segment(article, config.unit)
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


def _record(pending: _Pending, sentence: Sentence) -> dict[str, Any]:
    article = pending.article
    record = {
        "id": _id(pending.record),
        "sentence_id": sentence.sentence_id,
        "kind": sentence.kind.value,
        "field": sentence.field.value,
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text,
        "lang": sentence.lang,
    }
    carried = {
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "published": pending.record.published,
    }
    return record | {name: value for name, value in carried.items() if value is not None}


def _write(file: TextIO, row: dict[str, Any]) -> None:
    file.write(json.dumps(row, ensure_ascii=False) + "\n")


@contextmanager
def _replace_text(path: Path, suffix: str) -> Iterator[TextIO]:
    """Open a text file that replaces ``path + suffix`` when everything went well."""
    with (
        atomic_path(path.with_name(path.name + suffix)) as temporary,
        temporary.open("w", encoding="utf-8") as file,
    ):
        yield file


def _show(
    console: Console, counts: Counter[str], labels: dict[str, Counter[str]], output: Path
) -> None:
    table = Table(title=f"{counts['sentences']} sentences of {counts['articles']} articles")
    table.add_column("target")
    names = ("favor", "against", "neutral", "unrelated")
    for name in names:
        table.add_column(name, justify="right")
    for target, found in labels.items():
        table.add_row(target, *(str(found[name]) for name in names))
    console.print(table)
    reasons = [
        f"{name.removeprefix('reject ')} {count}"
        for name, count in sorted(counts.items())
        if name.startswith("reject ")
    ]
    console.print(
        f"inputs {counts['inputs']} = articles {counts['articles']} + rejects {counts['rejects']}"
        + (f" ({', '.join(reasons)}; see {output}.rejects.jsonl)" if reasons else ""),
        highlight=False,
        markup=False,
    )
    console.print(f"written: {output}", highlight=False, markup=False)
