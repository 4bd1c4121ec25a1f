"""Evidence from whether and how plainly a target is named."""

from labels.functions.evidence import Evidence
from labels.functions.registry import labelling_function
from labels.pipeline.schema import STANCE, Stance, TargetKind

_POLAR = {
    TargetKind.actor: (
        "criticise",
        "sanction",
        "wrongdoing",
        "wrongdo",
        "demand",
        "praise",
        "partner",
        "virtue",
    ),
    TargetKind.proposal: ("seek", "agree", "refuse", "break"),
}
_NEAR_ROUTINE = 5  # words


@labelling_function(STANCE, asked_when_not_named=True)
def not_named(evidence: Evidence) -> Stance | None:
    """Vote `unrelated` when the target is not named."""
    return None if evidence.mentions else Stance.unrelated


@labelling_function(STANCE, reads=[name for names in _POLAR.values() for name in names])
def plainly_named(evidence: Evidence) -> Stance | None:
    """Vote `neutral` when the target is named and no word of the sentence takes a position."""
    if evidence.target is None:
        return None
    return None if evidence.cues(*_POLAR[evidence.target.kind]) else Stance.neutral


@labelling_function(STANCE, kind=TargetKind.actor, reads=["routine"])
def routine(evidence: Evidence) -> Stance | None:
    """Vote `neutral` when an actor is named beside a meeting, a visit, talks and the like.

    Talks about a proposal are `only_talked_about`, where no position stands beside them.
    """
    is_routine = any(
        evidence.is_near(mention, hit, _NEAR_ROUTINE)
        for mention in evidence.mentions
        for hit in evidence.cues("routine")
    )
    return Stance.neutral if is_routine else None
