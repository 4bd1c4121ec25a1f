"""Read what ``predict_stance`` has written, in whichever of its forms."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labels.pipeline.errors import DataError
from labels.pipeline.json_lines import objects_of
from labels.pipeline.schema import AUTHOR, SENTIMENT, SENTIMENT_TASK, STANCE, Scheme
from training.inference.outputs import CSV, PARQUET, flatten

_ENDING = ".label"  # of the name of every answer
_STANCE = "stance."
_ROWS = 4_096  # of a Parquet file that are in memory at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenAnswer:
    """The answer to one task."""

    label: str
    probabilities: tuple[float, ...]  # in the order of the classes
    holder: tuple[int, int] | str | None  # a span of the sentence or `AUTHOR`; None: not asked


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenSentence:
    """One record of an output; what it does not carry of its article is None."""

    where: str  # file:line, or file#row
    sentence_id: str
    article_id: str  # the input's id as text
    kind: str
    field: str
    start: int
    end: int
    text: str
    lang: str
    source: str | None
    published: str | None  # as written
    answers: Mapping[str, WrittenAnswer]  # by task, a target's key or ``sentiment``


def column_names(path: Path) -> list[str]:
    """Name the columns of a Parquet file.

    Raises:
        DataError: It is missing or no Parquet file.
    """
    import pyarrow as pa  # only who reads Parquet waits for it
    import pyarrow.parquet as pq

    try:
        return list(pq.read_schema(path).names)
    except (OSError, pa.ArrowInvalid) as error:
        raise DataError(f"{path}: expected a Parquet file: {error}") from error


def read_written(path: Path) -> Iterator[WrittenSentence]:
    """Read the records of ``predict_stance output=path``, in order.

    Raises:
        DataError: The file cannot be read, or a record lacks what it must have.
    """
    ending = path.suffix.lower()
    rows = {CSV: _csv_rows, PARQUET: _parquet_rows}.get(ending, _json_rows)
    for where, values in rows(path):
        yield _sentence(where, values)


def _json_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for line in objects_of(path):
        yield line.where, flatten(line.values)


def _csv_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            for row in reader:
                yield f"{path}:{reader.line_num}", {k: v for k, v in row.items() if v != ""}
    except OSError as error:
        raise DataError(f"{path}: expected a CSV file: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: expected UTF-8: {error.reason}") from error
    except csv.Error as error:
        raise DataError(f"{path}: expected the CSV of predict_stance: {error}") from error


def _parquet_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    column_names(path)
    import pyarrow.parquet as pq

    number = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_ROWS):
            for row in batch.to_pylist():
                yield f"{path}#{number}", {k: v for k, v in row.items() if v is not None}
                number += 1


def _sentence(where: str, values: Mapping[str, Any]) -> WrittenSentence:
    try:
        answers = dict(_answers(where, values))
        return WrittenSentence(
            where=where,
            sentence_id=str(values["sentence_id"]),
            article_id=str(values["id"]),
            kind=str(values["kind"]),
            field=str(values["field"]),
            start=int(values["start"]),
            end=int(values["end"]),
            text=str(values.get("text", "")),
            lang=str(values["lang"]),
            source=_text(values.get("source")),
            published=_text(values.get("published")),
            answers=answers,
        )
    except KeyError as error:
        raise DataError(f"{where}: expected a record of predict_stance, found no {error}") from None
    except (TypeError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{where}: expected a record of predict_stance: {error}") from error


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _answers(where: str, values: Mapping[str, Any]) -> Iterable[tuple[str, WrittenAnswer]]:
    for name in values:
        if not name.endswith(_ENDING):
            continue
        place = name.removesuffix(_ENDING)
        task = place.removeprefix(_STANCE)
        scheme = SENTIMENT if task == SENTIMENT_TASK.key else STANCE
        label = values[name]
        if label not in scheme.classes:
            expected = "|".join(scheme.classes)
            raise DataError(f"{where}: {name}: expected {expected}, found {json.dumps(label)}")
        yield (
            task,
            WrittenAnswer(
                label=label,
                probabilities=_probabilities(place, values, scheme),
                holder=_holder(f"{place}.holder", values),
            ),
        )


def _probabilities(place: str, values: Mapping[str, Any], scheme: Scheme) -> tuple[float, ...]:
    return tuple(float(values[f"{place}.probabilities.{name}"]) for name in scheme.classes)


def _holder(place: str, values: Mapping[str, Any]) -> tuple[int, int] | str | None:
    if str(values.get(f"{place}.author")).lower() == "true":
        return AUTHOR
    if f"{place}.start" not in values:
        return None
    return int(values[f"{place}.start"]), int(values[f"{place}.end"])
