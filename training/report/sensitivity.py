"""Does the model answer for the target asked, or for the sentence?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from labels.metrics.records import Gain, Swap
from labels.pipeline.schema import SENTIMENT_TASK, Stance
from labels.pipeline.tables import Row


def target_gain(rows: Sequence[Row], rng: np.random.Generator, n_draws: int) -> Gain:
    """Measure what a model gains by looking at the target.

    On sentences with at least two related targets whose gold stances differ: the fraction of
    (sentence, target) rows that are right, minus the mean fraction when the predictions are dealt
    to the targets in every other order.

    Args:
        rows: Stance rows of the table ``predictions``.
        rng: Source of the draws.
        n_draws: Number of bootstrap samples, of articles.
    """
    by_group: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
    for found in _by_sentence(row for row in rows if row["gold"] != Stance.unrelated).values():
        if len({row["gold"] for row in found}) > 1:
            gold = [row["gold"] for row in found]
            labels = [row["label"] for row in found]
            right, *right_when_dealt = [
                sum(g == label for g, label in zip(gold, dealt, strict=True))
                for dealt in permutations(labels)
            ]
            gained = right - float(np.mean(right_when_dealt))
            by_group[found[0]["group_id"]].append((gained, len(found)))
    if not by_group:
        reason = "no sentence with two related targets of different stances"
        return Gain(gain=None, low=None, high=None, n=0, reason=reason)
    gain, low, high = _ratio(by_group, rng, n_draws)
    return Gain(gain=gain, low=low, high=high, n=sum(map(len, by_group.values())))


def swap_mentions(examples: Sequence[Row]) -> list[Row]:
    """Ask about each target where the next one is named, in sentences that name two or more.

    Args:
        examples: Of the table ``splits``.

    Returns:
        Those sentences, their words untouched. Each target's mentions are those of the next one
        that the sentence names, in the order of the keys, and the last one's those of the first.
        Labels of targets that are not named are left out, and so are sentiments.
    """
    swapped = []
    for example in examples:
        named = sorted({mention["target"] for mention in example["mentions"]})
        if len(named) < 2:
            continue
        asked = dict(zip([*named[1:], named[0]], named, strict=True))
        swapped.append(
            example
            | {
                "mentions": [
                    mention | {"target": asked[mention["target"]]}
                    for mention in example["mentions"]
                ],
                "stances": [stance for stance in example["stances"] if stance["target"] in asked],
                "sentiment": None,
            }
        )
    return swapped


def target_swap(
    rows: Sequence[Row], swapped: Sequence[Row], rng: np.random.Generator, n_draws: int
) -> Swap:
    """Measure how often an answer changes when its target is marked where another one is named.

    Of sentences whose targets get different answers. A model that does not look where the target is
    named never changes its answer.

    Args:
        rows: Stance rows of the table ``predictions``.
        swapped: The same of what `swap_mentions` gives.
        rng: Source of the draws.
        n_draws: Number of bootstrap samples, of articles.
    """
    answers = {(row["sentence_id"], row["task"]): row["label"] for row in rows}
    by_group: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
    for sentence, found in _by_sentence(swapped).items():
        before = [answers[sentence, row["task"]] for row in found]
        if len(set(before)) > 1:
            changed = sum(row["label"] != label for row, label in zip(found, before, strict=True))
            by_group[found[0]["group_id"]].append((changed, len(found)))
    if not by_group:
        reason = "no sentence that names two targets and is answered differently for them"
        return Swap(changed=None, low=None, high=None, n=0, reason=reason)
    changed_share, low, high = _ratio(by_group, rng, n_draws)
    n_rows = sum(n for pairs in by_group.values() for _, n in pairs)
    return Swap(changed=changed_share, low=low, high=high, n=n_rows)


def _by_sentence(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["task"] != SENTIMENT_TASK.key:
            found[row["sentence_id"]].append(row)
    return dict(found)


def _ratio(
    pairs: Mapping[str, Sequence[tuple[float, int]]], rng: np.random.Generator, n_draws: int
) -> tuple[float, float, float]:
    """Divide the sums of pairs by groups, with a 95% interval that draws groups."""
    sums: NDArray[np.float64] = np.array([np.sum(found, axis=0) for found in pairs.values()])
    draws = [
        float(np.divide(*sums[rng.integers(len(sums), size=len(sums))].sum(0)))
        for _ in range(n_draws)
    ]
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(np.divide(*sums.sum(0))), float(low), float(high)
