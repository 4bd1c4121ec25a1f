"""The audited gold sample: gold labels beside what the model says of the same sentences."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labels.letters import normalize
from labels.pipeline.errors import DataError
from labels.pipeline.json_lines import read_json_lines
from labels.pipeline.schema import STANCES, Reject, rejected
from training.shares.corpus import NOT_ASKED, Corpus
from training.shares.estimators import Ids

_MISSING = frozenset(("", "nan", "null", "n/a"))  # as programs write an empty cell


@dataclass(frozen=True)
class Audit:
    """Gold sentences that have predictions, one in each place."""

    corpus: Corpus  # that the predictions stand in
    places: Ids  # of the sentences in it
    clusters: Ids  # articles, as the gold sample names them
    gold: dict[str, NDArray[np.int8]]  # by target: index in STANCES, or NOT_ASKED
    rows: int  # of the gold file
    rejects: list[Reject]
    unmatched: int  # rows without a prediction

    def __len__(self) -> int:
        """Count the sentences."""
        return len(self.places)

    def texts_of(self, target: str) -> set[str]:
        """Return the sentences that have a gold label for a target."""
        labelled = self.places[self.gold[target] != NOT_ASKED]
        return {self.corpus.texts[place] for place in labelled.tolist()}


def read_audit(path: Path, corpus: Corpus) -> Audit:
    """Read a gold file and find the prediction for each of its sentences.

    A sentence is the same if its text is, however its letters are written; of several with the same
    text the one whose article has the gold row's `id` or `article_id` is taken, else the first.

    Args:
        path: JSON lines or CSV: ``text``, a label for some targets, and ``article_id`` or ``id``.
        corpus: Predictions for the sentences.

    Raises:
        DataError: The file cannot be read, has no label for a target of the predictions, or none of
            its sentences has a prediction.
    """
    by_text: dict[str, list[int]] = {}
    for place, text in enumerate(corpus.texts):
        by_text.setdefault(_plain(text), []).append(place)
    rejects: list[Reject] = []
    places: dict[int, dict[str, int]] = {}
    articles: list[str] = []
    rows = unmatched = 0
    for where, values in _rows(path, rejects):
        rows += 1
        labels = _labels(values, corpus.targets, where)
        if isinstance(labels, Reject):
            rejects.append(labels)
            continue
        found = _find(values, by_text, corpus)
        if found is None:
            unmatched += 1
        elif found in places:
            is_same = places[found] == labels
            reason = "duplicate_gold" if is_same else "contradicting_gold"
            rejects.append(rejected(where, reason, "an earlier row labels the sentence"))
        else:
            places[found] = labels
            articles.append(_article(values, where))
    if not places:
        raise DataError(_nothing(path, rows, rejects))
    names = {name: number for number, name in enumerate(dict.fromkeys(articles))}
    return Audit(
        corpus=corpus,
        places=np.array(list(places), np.int64),
        clusters=np.array([names[name] for name in articles], np.int64),
        gold={
            target: np.array([row.get(target, NOT_ASKED) for row in places.values()], np.int8)
            for target in corpus.targets
        },
        rows=rows + sum(reject.reason in ("broken_json", "broken_csv") for reject in rejects),
        rejects=rejects,
        unmatched=unmatched,
    )


def _plain(text: str) -> str:
    return " ".join(normalize(text).split())


def _nothing(path: Path, rows: int, rejects: Sequence[Reject]) -> str:
    message = f"{path}: expected gold labels for sentences of the predictions, found none in {rows}"
    if rejects:
        return f"{message} rows; the first problem: {rejects[0].message}"
    return (
        f"{message} rows; label the gold sample first: python scripts/predict_stance.py "
        f"input={path} unit=sentence output=FILE, and give FILE as gold_predictions"
    )


def _rows(path: Path, rejects: list[Reject]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if path.suffix.lower() == ".csv":
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file, strict=True)
                for row in reader:
                    yield f"{path}:{reader.line_num}", row
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{path}: expected gold labels: {error}") from error
        except csv.Error as error:
            where = f"{path}:{reader.line_num}"
            rejects.append(rejected(where, "broken_csv", str(error)))
        return
    for line in read_json_lines(path):
        if isinstance(line, Reject):
            rejects.append(line)
        else:
            yield line.where, line.values


def _labels(
    values: Mapping[str, Any], targets: Sequence[str], where: str
) -> dict[str, int] | Reject:
    """Return the labels of a gold row by target, each an index in STANCES."""
    if not isinstance(values.get("text"), str) or not values["text"].strip():
        return rejected(where, "no_text", "expected the sentence in `text`")
    labels = {}
    for target in targets:
        label = str(values.get(target) or "").strip().lower()
        if label in STANCES:
            labels[target] = STANCES.index(label)
        elif label not in _MISSING:
            message = f"{target}: expected {'|'.join(STANCES)}, found {values[target]!r}"
            return rejected(where, "unknown_label", message)
    if not labels:
        expected = f"expected a label for one of {', '.join(targets)}"
        return rejected(where, "no_label", expected)
    return labels


def _find(
    values: Mapping[str, Any], by_text: Mapping[str, list[int]], corpus: Corpus
) -> int | None:
    found = by_text.get(_plain(values["text"]))
    if found is None:
        return None
    ids = {str(values[name]) for name in ("id", "article_id") if values.get(name) is not None}
    of_article = (p for p in found if corpus.articles[corpus.article_of[p]].article_id in ids)
    return next(of_article, found[0])


def _article(values: Mapping[str, Any], where: str) -> str:
    return str(values.get("article_id") or values.get("id") or where)
