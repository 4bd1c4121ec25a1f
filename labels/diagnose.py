"""How the labelling functions and the label model do: coverage, overlap, conflict, accuracy."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from labels.label_model.votes import ABSTAIN, VoteMatrix

Ints = NDArray[np.int64]
ALL = "all"


def describe_functions(
    matrix: VoteMatrix, gold: Ints, group_names: Sequence[str]
) -> list[dict[str, Any]]:
    """Describe each function, in all languages together and in each.

    Args:
        matrix: The votes.
        gold: The true class of each item, -1 where unknown; shape ``(items,)``.
        group_names: The languages, by group number.

    Returns:
        One row a function and language: ``coverage`` (share of the items it was asked about that it
        votes on), ``overlap`` (share of its votes with another vote beside it), ``conflict`` (share
        with a different vote beside it), ``accuracy`` on gold and its ``n_gold``; fractions in
        [0, 1], null where there is nothing to divide by.
    """
    rows: list[dict[str, Any]] = []
    voted = matrix.votes >= 0
    n_votes = voted.sum(axis=1)
    highest = np.where(voted, matrix.votes, -1).max(axis=1, initial=-1)
    lowest = np.where(voted, matrix.votes, 127).min(axis=1, initial=127)
    for number, name in enumerate(matrix.functions):
        own = matrix.votes[:, number]
        for group, lang in [(None, ALL), *enumerate(group_names)]:
            here = np.ones(len(own), dtype=bool) if group is None else matrix.groups == group
            asked = here & (own >= ABSTAIN)
            votes = here & (own >= 0)
            if not asked.any():
                continue
            judged = votes & (gold >= 0)
            rows.append(
                {
                    "function": name,
                    "lang": lang,
                    "votes": int(votes.sum()),
                    "coverage": _share(votes, asked),
                    "overlap": _share(votes & (n_votes > 1), votes),
                    "conflict": _share(votes & (highest != lowest), votes),
                    "accuracy": _share(judged & (own == gold), judged),
                    "n_gold": int(judged.sum()),
                }
            )
    return rows


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float | None:
    total = int(whole.sum())
    return round(float(part.sum()) / total, 4) if total else None


def agreement_with_gold(
    probabilities: NDArray[np.float64], gold: Ints, names: Sequence[str], polar: Sequence[str]
) -> dict[str, Any]:
    """Score silver labels against gold.

    Args:
        probabilities: Shape ``(items, classes)``.
        gold: The true class of each item, -1 where unknown.
        names: The classes.
        polar: The classes whose F1 make ``f_polar``; none for the sentiment.

    Returns:
        ``macro_f1`` and, where asked, ``f_polar``, each ``{"value", "n"}``, with a ``reason``
        where the value is null because a class has no gold.
    """
    judged = gold >= 0
    truth, chosen = gold[judged], probabilities[judged].argmax(axis=1)
    result = {"macro_f1": _mean_f1(truth, chosen, names, names)}
    if polar:
        result["f_polar"] = _mean_f1(truth, chosen, names, polar)
    return result


def _mean_f1(
    truth: Ints, chosen: NDArray[np.int64], names: Sequence[str], scored: Sequence[str]
) -> dict[str, Any]:
    numbers = [list(names).index(name) for name in scored]
    missing = [name for name, number in zip(scored, numbers, strict=True) if number not in truth]
    if missing:
        reason = f"no gold example of {', '.join(missing)}"
        return {"value": None, "n": len(truth), "reason": reason}
    scores = []
    for number in numbers:
        hits = int(((truth == number) & (chosen == number)).sum())
        scores.append(2 * hits / int((truth == number).sum() + (chosen == number).sum()))
    return {"value": round(float(np.mean(scores)), 4), "n": len(truth)}


def function_table(title: str, rows: Sequence[dict[str, Any]]) -> Table:
    """Lay the rows of `describe_functions` out for the console, all languages together."""
    table = Table(title=title)
    table.add_column("function")
    columns = ("votes", "coverage", "overlap", "conflict", "accuracy", "n_gold")
    for name in columns:
        table.add_column(name, justify="right")
    for row in rows:
        if row["lang"] == ALL:
            table.add_row(row["function"], *(_shown(row[name]) for name in columns))
    return table


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
