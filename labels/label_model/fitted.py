"""A label model that has learned: votes in, probabilities out; as JSON an export carries it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from labels.label_model.kind import LabelModelKind
from labels.label_model.majority import shares
from labels.label_model.votes import ABSTAIN, NOT_ASKED, Ints

Floats = NDArray[np.float64]
_TINY = 1e-12
_TIE = 1e-3  # votes that the class frequencies are worth where the majority decides


class LabelModelRecord(TypedDict):
    """A fitted label model as JSON."""

    kind: str
    classes: list[str]
    labellers: list[str]
    groups: list[str]
    strata: list[str]
    weights: list[float]  # by labeller, in [0, 1]
    outcomes: list[Any]  # numbers, by labeller, group, class and outcome; silence comes last
    prior: list[Any]  # numbers, by stratum, group and class


@dataclass(frozen=True, kw_only=True)
class LabelModel:
    """What a label model has learned of the labellers and classes of one scheme.

    ``outcomes`` has shape ``(labellers, groups, classes, classes + 1)``: the probability of each
    vote, and last of silence, given the true class. ``prior``: ``(strata, groups, classes)``.
    ``weights``, shape ``(labellers,)``, says how much of a labeller's evidence counts; see
    `labels.label_model.dependence`. A majority vote has no outcomes: shape ``(labellers, 0)``.
    """

    kind: LabelModelKind
    classes: tuple[str, ...]
    labellers: tuple[str, ...]
    groups: tuple[str, ...]  # the languages, by number
    strata: tuple[str, ...]  # see `stratum_of`
    weights: Floats
    outcomes: Floats
    prior: Floats

    def posterior(self, votes: NDArray[np.int8], groups: Ints, strata: Ints) -> Floats:
        """Give items their probabilities.

        Where the majority decides, the frequencies of the classes settle a tie, and a question
        that nobody voted on.

        Args:
            votes: Class numbers, `ABSTAIN` or `NOT_ASKED`, shape ``(items, labellers)``.
            groups: The language of each item, by number.
            strata: The stratum of each item, by number.

        Returns:
            Shape ``(items, classes)``; each row sums to 1.
        """
        if self.kind is LabelModelKind.majority:
            counts = shares(votes, len(self.classes)) + _TIE * self.prior[strata, groups]
            return np.asarray(counts / counts.sum(axis=1, keepdims=True))
        heeds_silence = self.kind is LabelModelKind.confusion
        answers = Answers(votes, groups, len(self.classes), heeds_silence)
        return posterior(answers, self.prior[strata, groups], self.outcomes, self.weights)

    def of(self, labellers: Sequence[str]) -> "LabelModel":
        """Keep some labellers, in the order given; the others are not asked any more."""
        places = [self.labellers.index(name) for name in labellers]
        return replace(
            self,
            labellers=tuple(labellers),
            weights=self.weights[places],
            outcomes=self.outcomes[places],
        )

    def to_json(self) -> LabelModelRecord:
        """Give it as JSON values; `from_json` takes them back."""
        return LabelModelRecord(
            kind=self.kind.value,
            classes=list(self.classes),
            labellers=list(self.labellers),
            groups=list(self.groups),
            strata=list(self.strata),
            weights=self.weights.tolist(),
            outcomes=self.outcomes.tolist(),
            prior=self.prior.tolist(),
        )

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "LabelModel":
        """Take back what `to_json` gave."""
        return cls(
            kind=LabelModelKind(record["kind"]),
            classes=tuple(record["classes"]),
            labellers=tuple(record["labellers"]),
            groups=tuple(record["groups"]),
            strata=tuple(record["strata"]),
            weights=np.array(record["weights"], np.float64),
            outcomes=np.array(record["outcomes"], np.float64),
            prior=np.array(record["prior"], np.float64),
        )


def stratum_of(task: str, is_named: bool) -> str:
    """Name the stratum of a question: its task, and whether the sentence names the target."""
    return f"{task}:named" if is_named else task


class Answers:
    """The answers of labellers, as places in the tables of what they mean; see `posterior`."""

    def __init__(
        self, votes: NDArray[Any], groups: Ints, n_classes: int, heeds_silence: bool
    ) -> None:
        """Take votes.

        Args:
            votes: As in `LabelModel.posterior`.
            groups: As there.
            n_classes: Number of classes.
            heeds_silence: Whether an abstention says something of the class.
        """
        self.places: list[tuple[Ints, Ints]] = []  # items, and a number for group and outcome
        for own in votes.T:
            items = np.flatnonzero(own != NOT_ASKED if heeds_silence else own >= 0)
            outcome = np.where(own[items] == ABSTAIN, n_classes, own[items])
            self.places.append((items, groups[items] * (n_classes + 1) + outcome))


def posterior(answers: Answers, prior: Floats, outcomes: Floats, weights: Floats) -> Floats:
    """Give items their probabilities by Bayes' rule, the evidence of each labeller weighted.

    Args:
        answers: About each item.
        prior: Of each item, shape ``(items, classes)``.
        outcomes: As in `LabelModel`.
        weights: As there.

    Returns:
        Shape ``(items, classes)``; each row sums to 1.
    """
    n_classes = prior.shape[1]
    log = np.log(np.maximum(prior, _TINY))
    for (items, places), table, weight in zip(answers.places, outcomes, weights, strict=True):
        evidence = weight * np.log(np.maximum(table, _TINY))
        log[items] += evidence.transpose(0, 2, 1).reshape(-1, n_classes)[places]
    log -= log.max(axis=1, keepdims=True)
    found = np.exp(log)
    return np.asarray(found / found.sum(axis=1, keepdims=True))
