"""The records of ``predict_stance`` as columns: sentences, their articles, answers by target."""

import csv
import math
import re
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labels.pipeline.errors import DataError
from labels.pipeline.json_lines import read_json_lines
from labels.pipeline.schema import STANCES, VOICES, Reject, rejected
from training.inference.outputs import CSV, PARQUET
from training.shares.estimators import Ids

_TOLERANCE = 0.01  # of the sum of rounded probabilities
_LONGEST_CELL = 10_000_000  # characters; the csv module stops at 131,072 of them
_NEEDED = ("sentence_id", "text", "lang")
_TEXTS = (*_NEEDED, "title", "source", "url", "published")
_HALF = re.compile(r"[\ud800-\udfff]")
_TARGET = re.compile(r"\w[\w-]*")  # it becomes part of the names of files
NOT_ASKED = -1  # code of a label or voice that is not there


@dataclass(frozen=True)
class ArticleInfo:
    """What the records say of an article; its text is what its sentences say, joined."""

    article_id: str
    lang: str
    outlet: str | None
    title: str | None
    url: str | None
    published: str | None  # as written


@dataclass(frozen=True)
class Answers:
    """The answers about one target, one in each place of a sentence."""

    labels: NDArray[np.int8]  # index in STANCES, or NOT_ASKED
    voices: NDArray[np.int8]  # index in VOICES, or NOT_ASKED
    probabilities: NDArray[np.float32]  # shape (n, stances)


@dataclass(frozen=True)
class Corpus:
    """Sentences in the order of the files; those of one article have the same article id."""

    sentence_ids: list[str]
    texts: list[str]
    article_of: Ids  # place in `articles`
    articles: list[ArticleInfo]
    answers: dict[str, Answers]  # by target
    rejects: list[Reject]

    @property
    def targets(self) -> list[str]:
        """The targets that any sentence has an answer for."""
        return list(self.answers)

    def __len__(self) -> int:
        """Count the sentences."""
        return len(self.texts)


@dataclass
class _Columns:
    """What is read so far of one target."""

    places: "array[int]" = field(default_factory=lambda: array("q"))
    labels: "array[int]" = field(default_factory=lambda: array("b"))
    voices: "array[int]" = field(default_factory=lambda: array("b"))
    probabilities: "array[float]" = field(default_factory=lambda: array("f"))


def read_corpus(paths: list[Path]) -> Corpus:
    """Read the output of ``predict_stance``; what is no record of it is a reject.

    Args:
        paths: Parts of one set; a sentence that stands in two of them counts once.

    Raises:
        DataError: A file cannot be read at all, or no record is left.
    """
    ids: list[str] = []
    texts: list[str] = []
    article_of: list[int] = []
    articles: dict[str, ArticleInfo] = {}
    places: dict[str, int] = {}
    columns: dict[str, _Columns] = {}
    seen: set[tuple[str, str]] = set()
    rejects: list[Reject] = []
    for where, record in _records(paths, rejects):
        problem = _problem(record)
        if problem is not None:
            rejects.append(rejected(where, *problem))
            continue
        key = (record["sentence_id"], record["text"])
        if key in seen:
            rejects.append(rejected(where, "duplicate_sentence", f"{key[0]} was read before"))
            continue
        seen.add(key)
        article_id = str(record["id"])
        if article_id not in articles:
            places[article_id] = len(articles)
            articles[article_id] = _article(article_id, record)
        for target, answer in record["stance"].items():
            found = columns.setdefault(target, _Columns())
            found.places.append(len(ids))
            found.labels.append(STANCES.index(answer["label"]))
            voice = answer.get("voice")
            found.voices.append(VOICES.index(voice) if voice else NOT_ASKED)
            found.probabilities.extend(answer["probabilities"][name] for name in STANCES)
        ids.append(record["sentence_id"])
        texts.append(record["text"])
        article_of.append(places[article_id])
    if not ids:
        first = f": {rejects[0].message}" if rejects else ", found none"
        names = ", ".join(map(str, paths))
        raise DataError(f"{names}: expected records of predict_stance{first}")
    return Corpus(
        sentence_ids=ids,
        texts=texts,
        article_of=np.array(article_of, np.int64),
        articles=list(articles.values()),
        answers={target: _answers(found, len(ids)) for target, found in columns.items()},
        rejects=rejects,
    )


def _answers(found: _Columns, n: int) -> Answers:
    labels, voices = np.full(n, NOT_ASKED, np.int8), np.full(n, NOT_ASKED, np.int8)
    probabilities = np.zeros((n, len(STANCES)), np.float32)
    places = np.array(found.places)
    labels[places], voices[places] = np.array(found.labels), np.array(found.voices)
    probabilities[places] = np.array(found.probabilities).reshape(-1, len(STANCES))
    return Answers(labels, voices, probabilities)


def _article(article_id: str, record: Mapping[str, Any]) -> ArticleInfo:
    title, source, url, published = (
        (record.get(name) or "").strip() or None for name in ("title", "source", "url", "published")
    )
    return ArticleInfo(article_id, record["lang"], source, title, url, published)


def _records(paths: list[Path], rejects: list[Reject]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the records of files, whatever their form, with where each stands."""
    for path in paths:
        form = path.suffix.lower()
        if form == PARQUET:
            yield from _parquet_records(path)
        elif form == CSV:
            yield from _csv_records(path)
        else:
            for line in read_json_lines(path):
                if isinstance(line, Reject):
                    rejects.append(line)
                else:
                    yield line.where, line.values


def _parquet_records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            number = 0
            for batch in file.iter_batches():
                for row in batch.to_pylist():
                    yield f"{path}#{number}", _nested(row)
                    number += 1
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(f"{path}: expected a table of predict_stance: {error}") from error


def _csv_records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            for row in reader:
                row.pop(None, None)  # surplus cells
                yield f"{path}:{reader.line_num}", _nested(row)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: expected a table of predict_stance: {error}") from error


def _nested(row: Mapping[str, Any]) -> dict[str, Any]:
    """Undo `training.inference.outputs.flatten`; empty cells are left out, numbers are read."""
    record: dict[str, Any] = {}
    for name, value in row.items():
        if value is None or value == "":
            continue
        *parents, last = name.split(".")
        inner = record
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last] = _number(value) if "probabilities" in parents else value
    return record


def _number(value: Any) -> Any:  # noqa: ANN401 - what a cell holds
    try:
        return float(value)
    except (TypeError, ValueError):
        return value  # told of by `_problem`


def _problem(record: Mapping[str, Any]) -> tuple[str, str] | None:
    """Say what is wrong with a record: the reason and the message of its reject."""
    for name in _TEXTS:
        value = record.get(name)
        if not isinstance(value, str) and (value is not None or name in _NEEDED):
            return "no_record", f"{name}: expected text, found {value!r}"
        if isinstance(value, str) and not value.isascii() and _HALF.search(value):
            return "no_record", f"{name}: expected Unicode, found half of a surrogate pair"
    if not isinstance(record.get("id"), str | int):
        return "no_record", f"id: expected text or a number, found {record.get('id')!r}"
    stances = record.get("stance")
    if not isinstance(stances, dict) or not stances:
        return "no_record", "stance: expected an answer for each target"
    for target, answer in stances.items():
        if not _TARGET.fullmatch(target) or not isinstance(answer, dict):
            return "no_record", f"stance: expected an answer about a target, found {target!r}"
        if problem := _answer_problem(answer):
            return "wrong_answer", f"stance.{target}.{problem}"
    return None


def _answer_problem(answer: Mapping[str, Any]) -> str | None:
    if answer.get("label") not in STANCES:
        return f"label: expected {'|'.join(STANCES)}, found {answer.get('label')!r}"
    voice = answer.get("voice")
    if voice and voice not in VOICES:
        return f"voice: expected {'|'.join(VOICES)}, found {voice!r}"
    given = answer.get("probabilities")
    values = [given.get(name) for name in STANCES] if isinstance(given, dict) else []
    if not values or not all(_is_share(value) for value in values):
        return f"probabilities: expected four numbers from 0 to 1, found {given!r}"
    total = math.fsum(map(float, values))  # type: ignore[arg-type]  # they are shares
    if abs(total - 1) > _TOLERANCE:
        return f"probabilities: expected the sum 1, found {total:.3f}"
    return None


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
