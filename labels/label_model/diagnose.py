"""How the labellers and the label model do: coverage, overlap, conflict, accuracy, F1."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from labels.label_model.votes import ABSTAIN, Ints, VoteMatrix
from labels.metrics.f1 import Scores, score
from labels.pipeline.schema import Scheme

ALL = "all"  # languages


class LabellerScores(TypedDict):
    """How a labeller does; fractions in [0, 1], null where there is nothing to divide by."""

    votes: int
    coverage: float | None  # of the items it was asked about, those that it votes on
    overlap: float | None  # of its votes, those with another vote beside them
    conflict: float | None  # of its votes, those with a different vote beside them
    accuracy: float | None  # of its votes on items with gold, those that are right
    n_gold: int


def describe_labellers(
    matrix: VoteMatrix, gold: Ints, group_names: Sequence[str]
) -> dict[str, dict[str, LabellerScores]]:
    """Describe each labeller, in all languages together and in each.

    Args:
        matrix: The votes.
        gold: The true class of each item, -1 where unknown; shape ``(items,)``.
        group_names: The languages, by group number.

    Returns:
        By labeller and language; a language that a labeller was never asked about is left out.
    """
    described: dict[str, dict[str, LabellerScores]] = {}
    voted = matrix.votes >= 0
    n_votes = voted.sum(axis=1)
    highest = np.where(voted, matrix.votes, -1).max(axis=1, initial=-1)
    lowest = np.where(voted, matrix.votes, 127).min(axis=1, initial=127)
    for number, name in enumerate(matrix.labellers):
        own = matrix.votes[:, number]
        for group, lang in [(None, ALL), *enumerate(group_names)]:
            here = np.ones(len(own), dtype=bool) if group is None else matrix.groups == group
            asked = here & (own >= ABSTAIN)
            votes = here & (own >= 0)
            if not asked.any():
                continue
            judged = votes & (gold >= 0)
            described.setdefault(name, {})[lang] = LabellerScores(
                votes=int(votes.sum()),
                coverage=_fraction(votes, asked),
                overlap=_fraction(votes & (n_votes > 1), votes),
                conflict=_fraction(votes & (highest != lowest), votes),
                accuracy=_fraction(judged & (own == gold), judged),
                n_gold=int(judged.sum()),
            )
    return described


def _fraction(counted: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float | None:
    total = int(whole.sum())
    return round(float(counted.sum()) / total, 4) if total else None


def score_silver(
    scheme: Scheme,
    probabilities: NDArray[np.float64],
    gold: Ints,
    groups: Ints,
    group_names: Sequence[str],
) -> dict[str, Scores]:
    """Score silver labels against gold, in all languages together and in each that has gold.

    Args:
        scheme: Its classes are the columns of ``probabilities``.
        probabilities: Shape ``(items, classes)``.
        gold: The true class of each item, -1 where unknown; shape ``(items,)``.
        groups: The language of each item, by number.
        group_names: The languages, by group number.
    """
    scores: dict[str, Scores] = {}
    chosen = probabilities.argmax(axis=1)
    for group, lang in [(None, ALL), *enumerate(group_names)]:
        judged = gold >= 0 if group is None else (gold >= 0) & (groups == group)
        if judged.any() or group is None:
            scores[lang] = score(scheme, gold[judged], chosen[judged])
    return scores


def labeller_table(title: str, described: Mapping[str, Mapping[str, LabellerScores]]) -> Table:
    """Lay the result of `describe_labellers` out for the console, all languages together."""
    table = Table(title=title)
    table.add_column("labeller", overflow="fold")
    for name in LabellerScores.__annotations__:
        table.add_column(name, justify="right", no_wrap=True)
    for labeller, by_language in described.items():
        table.add_row(labeller, *(_shown(value) for value in by_language[ALL].values()))
    return table


def _shown(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
