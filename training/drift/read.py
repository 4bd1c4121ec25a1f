"""The articles of one side, from a table of the pipeline or from records of ``predict_stance``."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from labels.pipeline.errors import DataError
from labels.pipeline.schema import Article, Block, SentenceKind, Split, Unit
from labels.pipeline.tables import TABLES, Row, iterate_table
from labels.segment import segment
from training.inference.outputs import PARQUET
from training.inference.written import WrittenAnswer, column_names, read_written

ARTICLES, SENTENCES, SPLITS, RECORDS = "articles", "sentences", "splits", "records"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence, and what a model said of it."""

    sentence_id: str
    kind: str
    text: str
    answers: Mapping[str, WrittenAnswer]  # by task; empty where nothing was predicted


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An article as far as a side knows it."""

    article_id: str
    group: str  # near-duplicates are drawn together
    lang: str
    source: str | None
    published: str | None  # day, ``YYYY-MM-DD``; None where no day is given in this form
    lines: list[Line]


@dataclass(frozen=True)
class Side:
    """The articles of one side."""

    path: Path
    form: str
    texts: list[Text]
    of: int  # articles in the file

    @property
    def is_whole(self) -> bool:
        """Whether all sentences of an article are there, not those alone that are labelled."""
        return self.form != SPLITS


def read_side(path: Path, most: int, rng: np.random.Generator) -> Side:
    """Read a side; of many articles a random part, in the order of the file.

    Args:
        path: A table ``articles``, ``sentences`` or ``splits`` (what trains of it), or what
            ``predict_stance`` has written.
        most: Articles that are kept.
        rng: Draws them.

    Raises:
        DataError: It is nothing of that, or holds no article.
    """
    form = _form_of(path)
    kept: list[tuple[int, Text]] = []
    number = -1
    for number, text in enumerate(_READERS[form](path)):
        if number < most:
            kept.append((number, text))
        elif (place := int(rng.integers(number + 1))) < most:  # reservoir: each as likely
            kept[place] = (number, text)
    if not kept:
        what = "article of train" if form == SPLITS else "article"
        raise DataError(f"{path}: expected at least one {what}, found none")
    texts = [text for _, text in sorted(kept, key=lambda one: one[0])]
    return Side(path, form, texts, number + 1)


def _form_of(path: Path) -> str:
    if path.is_dir():
        raise DataError(f"{path}: expected a file, found a folder; ingest_articles reads folders")
    if path.suffix.lower() != PARQUET:
        return RECORDS
    names = column_names(path)
    found = [form for form in (ARTICLES, SENTENCES, SPLITS) if names == list(TABLES[form])]
    if not found and "sentiment.label" not in names:
        raise DataError(
            f"{path}: expected a table articles, sentences or splits, or records of "
            f"predict_stance, found the columns {', '.join(names[:8])}"
        )
    return found[0] if found else RECORDS


def _from_articles(path: Path) -> Iterator[Text]:
    for row in iterate_table(path, "articles"):
        blocks = [
            Block(start=block["start"], end=block["end"], kind=SentenceKind(block["kind"]))
            for block in row["blocks"]
        ]
        lines = [
            Line(sentence_id=one.sentence_id, kind=one.kind, text=one.text, answers={})
            for one in segment(Article(**{**row, "blocks": blocks}), Unit.article)
        ]
        yield _text(row, row["group_id"], lines)


def _from_sentences(path: Path) -> Iterator[Text]:
    rows = iterate_table(path, "sentences")
    for _, found in groupby(rows, key=lambda row: row["article_id"]):
        yield _joined(list(found))


def _from_splits(path: Path) -> Iterator[Text]:
    rows = (row for row in iterate_table(path, "splits") if row["split"] == Split.train)
    for _, found in groupby(rows, key=lambda row: row["article_id"]):
        yield _joined(list(found))


def _joined(rows: list[Row]) -> Text:
    first = rows[0]
    lines = [
        Line(
            sentence_id=row["sentence_id"],
            kind=row.get("kind", SentenceKind.body),
            text=row["text"],
            answers={},
        )
        for row in rows
    ]
    return _text(first, str(first.get("group_id", first["article_id"])), lines)


def _from_records(path: Path) -> Iterator[Text]:
    for _, found in groupby(read_written(path), key=lambda record: record.article_id):
        records = list(found)
        first = records[0]
        row = {
            "article_id": first.article_id,
            "lang": first.lang,
            "source": first.source,
            "published": first.published,
        }
        lines = [
            Line(sentence_id=one.sentence_id, kind=one.kind, text=one.text, answers=one.answers)
            for one in records
        ]
        yield _text(row, first.article_id, lines)


def _text(row: Mapping[str, str | None], group: str, lines: list[Line]) -> Text:
    day = _DAY.match(row.get("published") or "")
    return Text(
        article_id=str(row["article_id"]),
        group=group,
        lang=str(row["lang"]),
        source=row.get("source"),
        published=day.group() if day else None,
        lines=lines,
    )


_READERS = {
    ARTICLES: _from_articles,
    SENTENCES: _from_sentences,
    SPLITS: _from_splits,
    RECORDS: _from_records,
}


def count_by(values: Iterable[str | None]) -> dict[str, int]:
    """Count what is known, the most frequent first, equal ones by name."""
    counts = Counter(value for value in values if value is not None)
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
