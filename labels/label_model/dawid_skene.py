"""Dawid-Skene: how often each labeller errs, and how, learned with the labels themselves.

Two variants. ``one_coin``: a labeller is right with one probability, whatever the class; its
silence says nothing. ``confusion``: for each true class, how often the labeller gives each vote
and how often it is silent, so that a labeller which only ever votes one class is informative.

Every language has its own figures, pulled towards those of all languages together by as many
pseudo-items as ``pooling`` says; so are the class frequencies of each stratum. Items with gold
labels stay at them and teach the figures. The iteration starts from the majority vote and holds
no randomness. Without gold and ``learn_frequencies`` the classes stay as frequent as in that vote:
where they are learned with the rest, a class that few votes speak for can dwindle to none.

A vote never speaks more for another class than for its own, however often it is outvoted.

Labellers that give the same answers throughout count as one. With ``discount_dependent`` those
that err alike share their weight, too, by what a first fit finds: `labels.label_model.dependence`.

Source:
    Dawid and Skene 1979, Applied Statistics 28(1); the pooling is a Dirichlet prior with the
    all-language figure as mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labels.label_model.dependence import copies, weigh
from labels.label_model.fitted import Answers, posterior
from labels.label_model.kind import LabelModelKind
from labels.label_model.majority import majority
from labels.label_model.settings import LabelModelSettings
from labels.label_model.votes import Ints, VoteMatrix

Floats = NDArray[np.float64]
_TINY = 1e-12
_MOST_KEYS = 2**62  # that 64 bits hold


@dataclass(frozen=True)
class DawidSkeneFit:
    """The result: ``probabilities`` ``(items, classes)``, and what was learned on the way.

    ``outcomes`` has shape ``(labellers, groups, classes, classes + 1)``: the probability of each
    vote, and last of silence, given the true class. ``prior``: ``(strata, groups, classes)``.
    ``weights``: how much of the evidence of each labeller counts.
    """

    probabilities: Floats
    outcomes: Floats
    prior: Floats
    weights: Floats
    n_iterations: int


@dataclass(frozen=True)
class _Patterns:
    """Items that look the same, counted once: few patterns stand for many items."""

    votes: Ints
    groups: Ints
    strata: Ints
    gold: Ints
    counts: Floats  # of items
    weights: Floats  # the same, each item weighted
    of_item: Ints


@dataclass(frozen=True)
class _Learned:
    """What an iteration ends with; ``posterior`` is that of the patterns."""

    posterior: Floats
    outcomes: Floats
    prior: Floats
    n_iterations: int


def fit(
    matrix: VoteMatrix,
    gold: Ints,
    settings: LabelModelSettings,
    n_groups: int | None = None,
    n_strata: int | None = None,
) -> DawidSkeneFit:
    """Learn the labellers' errors and give every item its probabilities.

    Args:
        matrix: The votes.
        gold: The true class of each item, -1 where unknown; shape ``(items,)``.
        settings: Which variant, and its strengths.
        n_groups: Number of groups, where some may have no item; None: those of the items.
        n_strata: Number of strata, in the same way.
    """
    first, kind = copies(matrix.votes)
    patterns = _collapse(matrix, matrix.votes[:, first], gold, settings.unlabelled_weight)
    n_groups = n_groups or int(matrix.groups.max(initial=0)) + 1
    n_strata = n_strata or int(matrix.strata.max(initial=0)) + 1
    shape = (n_strata, n_groups, matrix.n_classes)
    weights = np.ones(len(first))
    found = _iterate(patterns, shape, weights, settings)
    if settings.discount_dependent:
        weights = weigh(
            patterns.votes, patterns.groups, patterns.counts, found.posterior, found.outcomes
        )
        found = _iterate(patterns, shape, weights, settings)
    return DawidSkeneFit(
        probabilities=found.posterior[patterns.of_item],
        outcomes=found.outcomes[kind],
        prior=found.prior,
        weights=(weights / np.bincount(kind))[kind],
        n_iterations=found.n_iterations,
    )


def _iterate(
    patterns: _Patterns, shape: tuple[int, int, int], weights: Floats, settings: LabelModelSettings
) -> _Learned:
    """Learn with labellers of these weights; ``shape`` is that of the prior."""
    n_classes = shape[2]
    small = VoteMatrix(
        patterns.votes.astype(np.int8), patterns.groups, patterns.strata, n_classes, ()
    )
    known = patterns.gold >= 0
    belief = majority(small)
    belief[known] = np.eye(n_classes)[patterns.gold[known]]
    outcomes = np.zeros((len(weights), shape[1], n_classes, n_classes + 1))
    learns = settings.learn_frequencies or bool(known.any())
    prior = frequencies(
        belief * (patterns.weights * small.has_vote())[:, None],
        patterns.strata,
        patterns.groups,
        shape,
        settings.pooling,
    )
    silence = settings.kind is LabelModelKind.confusion
    heard = Answers(patterns.votes, patterns.groups, n_classes, silence)
    asked = Answers(patterns.votes, patterns.groups, n_classes, heeds_silence=True)
    n_iterations = 0
    while n_iterations < settings.max_iterations:
        n_iterations += 1
        weighted = belief * patterns.weights[:, None]
        outcomes = _outcomes(asked, weighted, outcomes.shape, settings)
        if learns:
            prior = frequencies(weighted, patterns.strata, patterns.groups, shape, settings.pooling)
        own = prior[patterns.strata, patterns.groups]
        updated = posterior(heard, own, outcomes, weights)
        updated[known] = belief[known]
        change = float(np.abs(updated - belief).max(initial=0.0))
        belief = updated
        if change < settings.tolerance:
            break
    return _Learned(belief, outcomes, prior, n_iterations)


def _collapse(
    matrix: VoteMatrix, votes: NDArray[np.int8], gold: Ints, unlabelled_weight: float
) -> _Patterns:
    first, of_item, counts = _same_rows([*votes.T, matrix.groups, matrix.strata, gold])
    known = gold[first] >= 0
    return _Patterns(
        votes=votes[first].astype(np.int64),
        groups=matrix.groups[first],
        strata=matrix.strata[first],
        gold=gold[first],
        counts=counts.astype(np.float64),
        weights=counts.astype(np.float64) * np.where(known, 1.0, unlabelled_weight),
        of_item=of_item,
    )


def _same_rows(columns: Sequence[NDArray[Any]]) -> tuple[Ints, Ints, Ints]:
    """Find the items that are the same in all columns, in an order that is that of the values.

    Returns:
        The first item of each kind, the kind of each item, and the number of items of each kind.
    """
    key = np.zeros(len(columns[0]), dtype=np.int64)
    n_keys = 1
    for column in columns:
        values, numbers = np.unique(column, return_inverse=True)
        if n_keys * len(values) > _MOST_KEYS:
            kept, key = np.unique(key, return_inverse=True)
            n_keys = len(kept)
        key = key * len(values) + numbers
        n_keys *= len(values)
    _, first, of_item, counts = np.unique(
        key, return_index=True, return_inverse=True, return_counts=True
    )
    return first, of_item, counts


def _outcomes(
    asked: Answers, weighted: Floats, shape: tuple[int, ...], settings: LabelModelSettings
) -> Floats:
    _, n_groups, n_classes, n_outcomes = shape
    result = np.zeros(shape)
    for number, (items, places) in enumerate(asked.places):
        own = weighted[items]
        columns = [np.bincount(places, column, n_groups * n_outcomes) for column in own.T]
        counts = np.array(columns, np.float64)
        by_group = counts.reshape(n_classes, n_groups, n_outcomes).swapaxes(0, 1)
        result[number] = _smooth(by_group, settings)
    return result


def _smooth(counts: Floats, settings: LabelModelSettings) -> Floats:
    """Turn a labeller's outcome counts ``(groups, classes, outcomes)`` into probabilities."""
    n_classes = counts.shape[1]
    together = counts.sum(axis=0)
    silent = (together[:, -1].sum() + 1.0) / (together.sum() + 2.0)
    if settings.kind is LabelModelKind.one_coin:
        right = np.trace(together[:, :-1]) + settings.strength * settings.accuracy
        pooled = right / (together[:, :-1].sum() + settings.strength)
        each = np.array([np.trace(table[:, :-1]) for table in counts])
        voted = counts[:, :, :-1].sum(axis=(1, 2))
        accuracy = (each + settings.pooling * pooled) / (voted + settings.pooling)
        return np.stack([_coin(fraction, n_classes, silent) for fraction in accuracy])
    # A vote that the labeller never gives (one that only says `against`) gets no expectation.
    given = together[:, :-1].sum(axis=0) > 0
    expected = _coin(settings.accuracy, n_classes, silent)
    expected[:, :-1] *= given
    expected = np.maximum(expected, _TINY)
    expected /= expected.sum(axis=1, keepdims=True)
    pooled_table = together + settings.strength * expected
    pooled_table /= pooled_table.sum(axis=1, keepdims=True)
    table = counts + settings.pooling * pooled_table
    return _stand_by_votes(table / table.sum(axis=2, keepdims=True))


def _stand_by_votes(table: Floats) -> Floats:
    """Let no vote speak more for another class than for its own; what is too much is silence.

    A function with few votes would else end as evidence for the opposite of what it says.

    Args:
        table: Probability of each outcome given each class, shape ``(groups, classes, outcomes)``.
    """
    own = np.diagonal(table, axis1=1, axis2=2)  # of a vote, given that it is right
    votes = np.minimum(table[:, :, :-1], own[:, None, :])
    return np.concatenate([votes, 1.0 - votes.sum(axis=2, keepdims=True)], axis=2)


def _coin(accuracy: float, n_classes: int, silent: float) -> Floats:
    """Outcome table of a labeller that is right with one probability."""
    table = np.full((n_classes, n_classes + 1), (1 - accuracy) / (n_classes - 1))
    table[np.arange(n_classes), np.arange(n_classes)] = accuracy
    table *= 1 - silent
    table[:, -1] = silent
    return table


def frequencies(
    weighted: Floats, strata: Ints, groups: Ints, shape: tuple[int, int, int], pooling: float
) -> Floats:
    """Count how frequent the classes are in each stratum and group.

    Args:
        weighted: Probabilities of items times how much each counts, shape ``(items, classes)``.
        strata: The stratum of each item, by number.
        groups: The group of each item, by number.
        shape: Number of strata, groups and classes.
        pooling: Of the figures of all groups for each group, in pseudo-items.

    Returns:
        Of that shape; over the classes they sum to 1.
    """
    n_strata, n_groups, n_classes = shape
    prior = np.zeros(shape)
    for stratum in range(n_strata):
        here = strata == stratum
        together = weighted[here].sum(axis=0) + 1.0 / n_classes
        together /= together.sum()
        for group in range(n_groups):
            own = weighted[here & (groups == group)].sum(axis=0)
            own = own + pooling * together
            prior[stratum, group] = own / own.sum()
    return prior
