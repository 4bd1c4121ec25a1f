"""Dawid-Skene: how often each labeller errs, and how, learned with the labels themselves.

Two variants. ``one_coin``: a labeller is right with one probability, whatever the class; its
silence says nothing. ``confusion``: for each true class, how often the labeller gives each vote
and how often it is silent, so that a labeller which only ever votes one class is informative.

Every language has its own figures, pulled towards those of all languages together by as many
pseudo-items as ``pooling`` says; so are the class frequencies of each stratum. Items with gold
labels stay at them and teach the figures. The iteration starts from the majority vote and holds
no randomness.

Source:
    Dawid and Skene 1979, Applied Statistics 28(1); the pooling is a Dirichlet prior with the
    all-language figure as mean.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labels.label_model.majority import majority
from labels.label_model.settings import LabelModelKind, LabelModelSettings
from labels.label_model.votes import ABSTAIN, NOT_ASKED, Ints, VoteMatrix

Floats = NDArray[np.float64]
_TINY = 1e-12


@dataclass(frozen=True)
class DawidSkeneFit:
    """The result: ``probabilities`` ``(items, classes)``, and what was learned on the way.

    ``outcomes`` has shape ``(labellers, groups, classes, classes + 1)``: the probability of each
    vote, and last of silence, given the true class. ``prior``: ``(strata, groups, classes)``.
    """

    probabilities: Floats
    outcomes: Floats
    prior: Floats
    n_iterations: int


@dataclass(frozen=True)
class _Patterns:
    """Items that look the same, counted once: few patterns stand for many items."""

    votes: Ints
    groups: Ints
    strata: Ints
    gold: Ints
    weights: Floats
    of_item: Ints


def fit(matrix: VoteMatrix, gold: Ints, settings: LabelModelSettings) -> DawidSkeneFit:
    """Learn the labellers' errors and give every item its probabilities.

    Args:
        matrix: The votes.
        gold: The true class of each item, -1 where unknown; shape ``(items,)``.
        settings: Which variant, and its strengths.
    """
    patterns = _collapse(matrix, gold, settings.unlabelled_weight)
    n_groups = int(matrix.groups.max(initial=0)) + 1
    n_strata = int(matrix.strata.max(initial=0)) + 1
    shape = (len(matrix.labellers), n_groups, matrix.n_classes, matrix.n_classes + 1)
    small = VoteMatrix(
        patterns.votes.astype(np.int8),
        patterns.groups,
        patterns.strata,
        matrix.n_classes,
        matrix.labellers,
    )
    known = patterns.gold >= 0
    posterior = majority(small)
    posterior[known] = np.eye(matrix.n_classes)[patterns.gold[known]]
    outcomes = np.zeros(shape)
    prior = np.zeros((n_strata, n_groups, matrix.n_classes))
    n_iterations = 0
    while n_iterations < settings.max_iterations:
        n_iterations += 1
        weighted = posterior * patterns.weights[:, None]
        outcomes = _outcomes(patterns, weighted, shape, settings)
        prior = _prior(patterns, weighted, prior.shape, settings)
        updated = _posterior(patterns, outcomes, prior, settings.kind is LabelModelKind.one_coin)
        updated[known] = posterior[known]
        change = float(np.abs(updated - posterior).max(initial=0.0))
        posterior = updated
        if change < settings.tolerance:
            break
    return DawidSkeneFit(posterior[patterns.of_item], outcomes, prior, n_iterations)


def _collapse(matrix: VoteMatrix, gold: Ints, unlabelled_weight: float) -> _Patterns:
    # Numbers of classes, languages and strata are small, and there are many items.
    columns = [matrix.votes.astype(np.int16)]
    columns += [ids.astype(np.int16) for ids in (matrix.groups, matrix.strata, gold)]
    distinct, of_item, counts = np.unique(
        np.column_stack(columns), axis=0, return_inverse=True, return_counts=True
    )
    unique = distinct.astype(np.int64)
    known = unique[:, -1] >= 0
    weights = counts.astype(np.float64) * np.where(known, 1.0, unlabelled_weight)
    return _Patterns(
        votes=unique[:, :-3],
        groups=unique[:, -3],
        strata=unique[:, -2],
        gold=unique[:, -1],
        weights=weights,
        of_item=of_item.reshape(-1),
    )


def _outcomes(
    patterns: _Patterns, weighted: Floats, shape: tuple[int, ...], settings: LabelModelSettings
) -> Floats:
    n_labellers, n_groups, n_classes, n_outcomes = shape
    result = np.zeros(shape)
    for number in range(n_labellers):
        votes = patterns.votes[:, number]
        asked = votes != NOT_ASKED
        outcome = np.where(votes == ABSTAIN, n_classes, votes)
        counts = np.zeros((n_groups, n_classes, n_outcomes))
        for group in range(n_groups):
            for value in range(n_outcomes):
                here = asked & (patterns.groups == group) & (outcome == value)
                counts[group, :, value] = weighted[here].sum(axis=0)
        result[number] = _smooth(counts, settings)
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
    return np.asarray(table / table.sum(axis=2, keepdims=True))


def _coin(accuracy: float, n_classes: int, silent: float) -> Floats:
    """Outcome table of a labeller that is right with one probability."""
    table = np.full((n_classes, n_classes + 1), (1 - accuracy) / (n_classes - 1))
    table[np.arange(n_classes), np.arange(n_classes)] = accuracy
    table *= 1 - silent
    table[:, -1] = silent
    return table


def _prior(
    patterns: _Patterns, weighted: Floats, shape: tuple[int, ...], settings: LabelModelSettings
) -> Floats:
    n_strata, n_groups, n_classes = shape
    prior = np.zeros(shape)
    for stratum in range(n_strata):
        here = patterns.strata == stratum
        together = weighted[here].sum(axis=0) + 1.0 / n_classes
        together /= together.sum()
        for group in range(n_groups):
            own = weighted[here & (patterns.groups == group)].sum(axis=0)
            own = own + settings.pooling * together
            prior[stratum, group] = own / own.sum()
    return prior


def _posterior(patterns: _Patterns, outcomes: Floats, prior: Floats, one_coin: bool) -> Floats:
    n_classes = prior.shape[2]
    log = np.log(np.maximum(prior[patterns.strata, patterns.groups], _TINY))
    for number in range(outcomes.shape[0]):
        votes = patterns.votes[:, number]
        counted = votes >= 0 if one_coin else votes != NOT_ASKED
        outcome = np.where(votes == ABSTAIN, n_classes, votes)[counted]
        table = outcomes[number][patterns.groups[counted], :, outcome]
        log[counted] += np.log(np.maximum(table, _TINY))
    log -= log.max(axis=1, keepdims=True)
    posterior = np.exp(log)
    return np.asarray(posterior / posterior.sum(axis=1, keepdims=True))
