"""The figures of each labeller, by task and language."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from labels.inspection.records import Doubted, FunctionFigures
from labels.label_model.dependence import correlations
from labels.label_model.diagnose import ALL, describe_labellers
from labels.label_model.items import SchemeItems
from labels.label_model.votes import NOT_ASKED, VoteMatrix

Flags = NDArray[np.bool_]


def measure(items: SchemeItems, group_names: Sequence[str]) -> list[FunctionFigures]:
    """Measure every labeller of a scheme.

    Args:
        items: Votes and gold.
        group_names: The languages, by group number.

    Returns:
        By labeller, task and language, `ALL` tasks and languages together first; what a labeller
        was never asked is left out.
    """
    numbers = np.arange(len(items.gold)) % len(items.tasks)
    slices = [(ALL, np.ones(len(numbers), bool))]
    slices += [(task.key, numbers == number) for number, task in enumerate(items.tasks)]
    found = [one for task, here in slices for one in _of_task(items, task, here, group_names)]
    order = {name: number for number, name in enumerate(items.matrix.labellers)}
    return sorted(found, key=lambda one: order[one["labeller"]])  # stable


def _of_task(
    items: SchemeItems, task: str, here: Flags, group_names: Sequence[str]
) -> Iterator[FunctionFigures]:
    matrix = _part(items.matrix, here)
    described = describe_labellers(matrix, items.gold[here], group_names)
    alike = {ALL: correlations(matrix.votes, matrix.n_classes)}
    inside = {ALL: np.ones(len(matrix.votes), bool)}
    for group, lang in enumerate(group_names):
        inside[lang] = matrix.groups == group
        if inside[lang].any():
            alike[lang] = correlations(matrix.votes[inside[lang]], matrix.n_classes)
    for name, by_language in described.items():
        number = matrix.labellers.index(name)
        for lang, scores in by_language.items():
            other, correlation = _most_alike(alike[lang][number], number)
            right = round((scores["accuracy"] or 0.0) * scores["n_gold"])
            low, high = interval(right, scores["n_gold"])
            yield FunctionFigures(
                scheme=items.scheme.name,
                labeller=name,
                task=task,
                lang=lang,
                asked=int((matrix.votes[inside[lang], number] != NOT_ASKED).sum()),
                votes=scores["votes"],
                coverage=scores["coverage"],
                overlap=scores["overlap"],
                conflict=scores["conflict"],
                most_alike=None if other is None else matrix.labellers[other],
                correlation=correlation,
                n_gold=scores["n_gold"],
                accuracy=scores["accuracy"],
                low=low,
                high=high,
            )


def _part(matrix: VoteMatrix, here: Flags) -> VoteMatrix:
    return VoteMatrix(
        matrix.votes[here],
        matrix.groups[here],
        matrix.strata[here],
        matrix.n_classes,
        matrix.labellers,
    )


def _most_alike(row: NDArray[np.float64], number: int) -> tuple[int | None, float | None]:
    """Find the other labeller with the highest correlation; none where there is no other."""
    others = row.copy()
    others[number] = 0.0
    best = int(others.argmax())
    return (best, round(float(others[best]), 4)) if others[best] > 0 else (None, None)


def interval(right: int, n: int) -> tuple[float | None, float | None]:
    """Give a 95% interval of a share, by Wilson's score; of nothing there is none."""
    if not n:
        return None, None
    found = binomtest(right, n).proportion_ci(method="wilson")
    return round(float(found.low), 4), round(float(found.high), 4)


def doubted(figures: Sequence[FunctionFigures], least: float, n_judged: int) -> Iterator[Doubted]:
    """List the labellers that are right less often than ``least`` where they vote.

    Args:
        figures: Of all labellers.
        least: A share of the votes with gold.
        n_judged: Votes with gold, of fewer nothing is said.
    """
    for one in figures:
        accuracy = one["accuracy"]
        is_whole = one["task"] == ALL and one["lang"] == ALL
        if is_whole and one["n_gold"] >= n_judged and accuracy is not None and accuracy < least:
            yield Doubted(
                scheme=one["scheme"],
                labeller=one["labeller"],
                accuracy=accuracy,
                n_gold=one["n_gold"],
            )
