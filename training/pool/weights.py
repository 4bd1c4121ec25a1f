"""How much a network counts beside rules, chosen on gold by cross-validation over articles."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from labels.metrics.f1 import Ids, confusion, mean_f1, polar_ids
from labels.pipeline.errors import DataError
from labels.pipeline.schema import Scheme
from training.export.artifact import PoolChoice, PoolScores
from training.inference.pool import log_pool

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Answers of both parts to the tasks of one scheme, beside gold."""

    scheme: Scheme
    model: Floats  # probabilities, shape ``(n, classes)``
    rules: Floats  # the same
    gold: Ids  # class of each answer, shape ``(n,)``
    articles: Sequence[str]  # of each answer


class _Candidate(NamedTuple):
    weight: float  # of the network
    bias: float  # added to the log probability of polar classes


def choose(
    judged: Judged, n_folds: int, step: float, biases: Sequence[float], seed: int
) -> tuple[PoolChoice, PoolScores]:
    """Choose the weight of the network, and a bias where it helps on articles not chosen on.

    Of each fold of articles the answers are those of what is best on all other folds. A bias is
    taken where these answers are better with it than without; what is exported is then best on
    all articles.

    Args:
        judged: Answers to tasks of one scheme. Best is the mean F1 of its polar classes, or of
            all classes where it has none.
        n_folds: Number of folds; the articles are shared out at random.
        step: Between two weights that are tried.
        biases: Biases of polar classes that are tried beside none.
        seed: Of the folds.

    Raises:
        DataError: There are fewer articles than folds, or a class has no gold.
    """
    folds = _folds(judged.articles, n_folds, seed)
    weights = [number * step for number in range(round(1 / step) + 1)]
    # Of what is equally good the first is taken: the most even, the least biased.
    weights.sort(key=lambda weight: (abs(weight - 0.5), weight))
    plain = [_Candidate(weight, 0.0) for weight in weights]
    tried = sorted({0.0, *biases}, key=lambda bias: (abs(bias), bias))
    biased = [_Candidate(weight, bias) for bias, weight in product(tried, weights)]
    found: dict[bool, tuple[_Candidate, float]] = {}
    for has_bias, candidates in ((False, plain), (True, biased)):
        if has_bias and not (judged.scheme.polar and biases):
            continue
        tables = np.stack([_tables(judged, one, folds, n_folds) for one in candidates])
        found[has_bias] = (
            candidates[_best(tables.sum(1), judged.scheme)],
            _held_out(tables, judged.scheme),
        )
    uses_bias = True in found and found[True][1] > found[False][1]
    chosen, held_out = found[uses_bias]
    alone = [
        _score(_tables(judged, _Candidate(weight, 0.0), folds, n_folds).sum(0), judged.scheme)
        for weight in (1.0, 0.0)
    ]
    bias = dict.fromkeys(judged.scheme.polar, chosen.bias) if uses_bias else {}
    return (
        PoolChoice(weight=round(chosen.weight, 6), bias=bias),
        PoolScores(answers=len(judged.gold), model=alone[0], rules=alone[1], pool=held_out),
    )


def _folds(articles: Sequence[str], n_folds: int, seed: int) -> NDArray[np.int64]:
    """Share articles out; shape ``(n,)``."""
    names, index = np.unique(np.asarray(articles), return_inverse=True)
    if len(names) < n_folds:
        raise DataError(f"gold: expected at least {n_folds} articles, found {len(names)}")
    shuffled = np.random.default_rng(seed).permutation(len(names)) % n_folds
    return np.asarray(shuffled[index], np.int64)


def _tables(
    judged: Judged, candidate: _Candidate, folds: NDArray[np.int64], n_folds: int
) -> NDArray[np.int64]:
    """Count gold and answers by fold; shape ``(folds, classes, classes)``."""
    classes = judged.scheme.classes
    bias = np.array([candidate.bias * (name in judged.scheme.polar) for name in classes])
    answers = log_pool(judged.model, judged.rules, candidate.weight, bias).argmax(axis=1)
    return np.stack(
        [
            confusion(judged.gold[folds == fold], answers[folds == fold], len(classes))
            for fold in range(n_folds)
        ]
    )


def _held_out(tables: NDArray[np.int64], scheme: Scheme) -> float:
    """Score the answers of each fold by what is best on the others.

    Args:
        tables: Of each candidate and fold, shape ``(candidates, folds, classes, classes)``.
        scheme: Whose classes they are.
    """
    whole = tables.sum(1)
    chosen = [_best(whole - tables[:, fold], scheme) for fold in range(tables.shape[1])]
    own = [tables[candidate, fold] for fold, candidate in enumerate(chosen)]
    return _score(np.sum(own, axis=0), scheme)


def _best(tables: NDArray[np.int64], scheme: Scheme) -> int:
    return int(np.argmax([_score(table, scheme) for table in tables]))


def _score(table: NDArray[np.int64], scheme: Scheme) -> float:
    ids = polar_ids(scheme) or tuple(range(len(scheme.classes)))
    found, reason = mean_f1(table, ids, scheme.classes)
    if found is None:
        raise DataError(f"gold: {scheme.name}: {reason}; the weight cannot be chosen on it")
    return found
