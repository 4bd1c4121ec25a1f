"""What the label model is given beside votes: targets, gold, sentences and mentions."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from labels.annotate.gold import Gold, GoldRow, match_gold, read_gold
from labels.label_model.settings import VotedSettings
from labels.label_model.votes import Ints
from labels.languages import LANGUAGES
from labels.pipeline.errors import DataError
from labels.pipeline.schema import Field, Reject, Sentence, SentenceKind
from labels.pipeline.tables import TABLES, Row, iterate_columns

GROUPS = (*LANGUAGES, "other")  # the languages, by group number


@dataclass(frozen=True)
class SentenceIndex:
    """The sentences, numbered in the order of their table."""

    places: Mapping[str, int]  # sentence id -> number
    groups: Ints  # the language of each, as in `GROUPS`
    articles: Ints  # the article of each, numbered from 0

    def __len__(self) -> int:
        return len(self.places)


def read_target_keys(path: Path) -> tuple[str, ...]:
    """Read the keys of ``targets.json``, in order.

    Raises:
        DataError: The file is missing or holds something else.
    """
    try:
        definitions = json.loads(path.read_text(encoding="utf-8"))
        keys = tuple(str(definition["key"]) for definition in definitions)
    except OSError as error:
        raise DataError(f"{path}: expected the targets: {error.strerror}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise DataError(f"{path}: expected a JSON list of targets with keys: {error}") from error
    if not keys:
        raise DataError(f"{path}: expected at least one target, found none")
    return keys


def read_gold_rows(
    settings: VotedSettings, anchors: Collection[Path], targets: Sequence[str]
) -> tuple[list[GoldRow], list[Reject], set[str]]:
    """Read all gold files; return rows, rejects, and where the rows stand that may teach."""
    known = {path.stem for path in settings.target_folder.glob("*.yaml")}
    rows: list[GoldRow] = []
    rejects: list[Reject] = []
    teaching: set[str] = set()
    for path in settings.gold:
        rows_of_file, rejects_of_file = read_gold(path, targets, known)
        rows += rows_of_file
        rejects += rejects_of_file
        if path in anchors:
            teaching.update(row.where for row in rows_of_file)
    return rows, rejects, teaching


def check_gold_files(paths: Sequence[Path], gold: Gold, rejects: Sequence[Reject]) -> None:
    """Check that every gold file has a row that is used, unless it is empty.

    Args:
        paths: The gold files.
        gold: What was found in all of them.
        rejects: Every row that cannot be used, those of ``gold`` among them.

    Raises:
        DataError: A file has rows, but none that can be used; the first reason is named.
    """
    used = {_file_of(row.where) for row in gold.by_sentence.values()}
    problems = []
    for path in paths:
        own = [reject for reject in rejects if _file_of(reject.source) == str(path)]
        if own and str(path) not in used:
            first = min(own, key=lambda reject: int(reject.source.rpartition(":")[2]))
            problems.append(
                f"{path}: expected gold that can be used, found none in {len(own)} rows; the first "
                f"is {first.reason}: {first.message}"
            )
    if problems:
        raise DataError("\n".join(problems))


def _file_of(where: str) -> str:
    return where.rpartition(":")[0]


def read_sentences(path: Path, rows: Sequence[GoldRow]) -> tuple[SentenceIndex, Gold]:
    """Number the sentences and find the ones that gold rows label.

    The text is kept of articles that have gold only.

    Raises:
        DataError: The table cannot be read, or holds a sentence twice.
    """
    with_gold = sorted({article_id for row in rows for article_id in row.article_ids})
    numbers = {lang: number for number, lang in enumerate(LANGUAGES)}
    places: dict[str, int] = {}
    groups: list[int] = []
    articles: dict[str, int] = {}
    article_numbers: list[int] = []
    candidates: list[Sentence] = []
    columns = list(TABLES["sentences"]) if with_gold else ["sentence_id", "article_id", "lang"]
    for table in iterate_columns(path, "sentences", columns):
        names, of_article, langs = (
            table[name].to_pylist() for name in ("sentence_id", "article_id", "lang")
        )
        for place, name in enumerate(names, len(places)):
            if places.setdefault(name, place) != place:
                raise DataError(f"{path} row {place}: sentence {name!r} is there twice")
        groups += [numbers.get(lang, len(numbers)) for lang in langs]
        article_numbers += [articles.setdefault(name, len(articles)) for name in of_article]
        if with_gold:
            is_candidate = pc.is_in(table["article_id"], pa.array(with_gold, pa.string()))
            candidates += map(_sentence, table.filter(is_candidate).to_pylist())
    index = SentenceIndex(
        places=places,
        groups=np.array(groups, dtype=np.int64),
        articles=np.array(article_numbers, dtype=np.int64),
    )
    return index, match_gold(rows, candidates)


def _sentence(row: Row) -> Sentence:
    return Sentence(**{**row, "kind": SentenceKind(row["kind"]), "field": Field(row["field"])})


def read_mentions(
    path: Path, sentences: SentenceIndex, targets: Collection[str]
) -> dict[str, NDArray[np.bool_]]:
    """Tell by target which sentences name it.

    Raises:
        DataError: The table cannot be read, or is one of other sentences or targets.
    """
    named = {target: np.zeros(len(sentences), dtype=bool) for target in targets}
    start = 0
    for table in iterate_columns(path, "mentions", ["sentence_id", "target"]):
        rows = zip(table["sentence_id"].to_pylist(), table["target"].to_pylist(), strict=True)
        for number, (name, target) in enumerate(rows, start):
            place = sentences.places.get(name)
            if place is None or target not in named:
                what, found = ("sentence_id", name) if place is None else ("target", target)
                raise DataError(
                    f"{path} row {number}: {what}: expected one of the sentences and targets "
                    f"given, found {found!r}; mentions and sentences belong together"
                )
            named[target][place] = True
        start += table.num_rows
    return named
