"""Which gold labels are most likely wrong, from predictions that have not seen them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from labels.people.items import Given, Item, version_of
from labels.pipeline.errors import DataError
from labels.pipeline.schema import Task
from training.label_errors.embed import Embeddings
from training.label_errors.read import Labelled

MODEL = "model"  # the annotator of what a model says
_DIGITS = 3
_ITERATIONS = 1_000

Ids = NDArray[np.int64]
Probabilities = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Suspect:
    """A gold label that is likely wrong."""

    place: int  # of the row
    task: Task
    label: str
    model_label: str
    probability: float  # of the gold label, for a model that has not seen it
    model_probability: float


def out_of_fold(
    features: Embeddings,
    labels: Ids,
    articles: Sequence[str],
    n_classes: int,
    folds: int,
    regularisation: float,
    seed: int,
) -> Probabilities:
    """Predict each label by a logistic regression that was fitted without its article.

    Args:
        features: Shape ``(rows, width)``.
        labels: Class ids, shape ``(rows,)``.
        articles: Of each row; none is in two folds.
        n_classes: Columns of the result; a class that a fold has not seen gets 0 there.
        folds: Parts.
        regularisation: Inverse strength, as scikit-learn's ``C``.
        seed: Of the folds.

    Returns:
        Shape ``(rows, n_classes)``; rows sum to 1.

    Raises:
        DataError: There are fewer articles than folds, or one class alone.
    """
    if len(set(articles)) < folds:
        raise DataError(
            f"gold: expected at least {folds} articles, found {len(set(articles))}; see folds"
        )
    probabilities = np.zeros((len(labels), n_classes))
    cut = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    for train, test in cut.split(features, labels, articles):
        if len(set(labels[train])) < 2:
            raise DataError("gold: expected two classes in each part, found one; see folds")
        model = LogisticRegression(C=regularisation, max_iter=_ITERATIONS)
        model.fit(features[train], labels[train])
        probabilities[np.ix_(test, model.classes_)] = model.predict_proba(features[test])
    return probabilities


def suspects_of(
    task: Task, places: Ids, labels: Ids, probabilities: Probabilities, filter_by: str
) -> list[Suspect]:
    """List the labels of a task that are most likely wrong, the likeliest first.

    Args:
        task: The task.
        places: Of the rows, shape ``(n,)``.
        labels: Class ids in gold, same shape.
        probabilities: Out of fold, shape ``(n, classes)``.
        filter_by: As cleanlab calls it.

    Source:
        Northcutt, Jiang and Chuang 2021, Confident Learning; its implementation, cleanlab.
    """
    used = np.unique(labels)  # cleanlab knows no class without a row
    narrow = probabilities[:, used]
    narrow = narrow / np.maximum(narrow.sum(1, keepdims=True), np.finfo(float).tiny)
    given = np.searchsorted(used, labels)
    is_odd = find_label_issues(given, narrow, filter_by=filter_by, n_jobs=1)
    quality = get_label_quality_scores(given, narrow, method="self_confidence")
    order = [int(i) for i in np.argsort(quality, kind="stable") if is_odd[i]]
    best = narrow.argmax(1)
    return [
        Suspect(
            place=int(places[i]),
            task=task,
            label=task.classes[labels[i]],
            model_label=task.classes[used[best[i]]],
            probability=float(narrow[i, given[i]]),
            model_probability=float(narrow[i, best[i]]),
        )
        for i in order
        if best[i] != given[i]
    ]


def items_of(rows: Sequence[Labelled], suspects: Sequence[Suspect], most: int) -> list[Item]:
    """Put the suspects of each row together, the rows with the least likely labels first.

    Args:
        rows: Gold rows.
        suspects: Of all tasks.
        most: Rows that are taken.
    """
    by_place: dict[int, list[Suspect]] = {}
    for one in sorted(suspects, key=lambda one: (one.probability, one.place)):
        by_place.setdefault(one.place, []).append(one)
    return [_item(rows[place], found) for place, found in list(by_place.items())[:most]]


def _item(one: Labelled, found: Sequence[Suspect]) -> Item:
    gold = Given(annotator=one.row.annotator, values=_labels(found, "label"))
    model = Given(annotator=MODEL, values=_labels(found, "model_label"))
    return Item(
        id=one.id,
        article_id=one.article_id,
        lang=one.lang,
        text=one.row.text,
        version=version_of(one.row.text),
        ask=[suspect.task.key for suspect in found],
        proposed={},
        why="; ".join(map(_why, found)),
        given=[gold, model],
    )


def _labels(found: Sequence[Suspect], name: str) -> dict[str, str]:
    return {one.task.key: getattr(one, name) for one in found}


def _why(one: Suspect) -> str:
    p, other = (round(value, _DIGITS) for value in (one.probability, one.model_probability))
    return f"{one.task.key}: {one.label} has {p:g}, {one.model_label} has {other:g}"
