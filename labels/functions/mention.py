"""Evidence from whether and how plainly a target is named."""

from labels.functions.evidence import Evidence
from labels.schema import Stance, TargetKind

_POLAR = ("criticise", "sanction", "wrongdoing", "wrongdo", "demand", "praise", "partner", "virtue")
_POLAR_PROPOSAL = ("seek", "agree", "refuse", "break")
_NEAR_ROUTINE = 5  # words


def not_named(evidence: Evidence, target: str) -> Stance | None:
    """Vote `unrelated` when the target is not named."""
    return None if target in evidence.mentions else Stance.unrelated


def plainly_named(evidence: Evidence, target: str) -> Stance | None:
    """Vote `neutral` when the target is named and no word of the sentence takes a position."""
    if target not in evidence.mentions or not evidence.known:
        return None
    categories = _POLAR if evidence.kinds[target] is TargetKind.actor else _POLAR_PROPOSAL
    return None if evidence.cues(*categories) else Stance.neutral


def routine(evidence: Evidence, target: str) -> Stance | None:
    """Vote `neutral` when the target is named beside a meeting, a visit, talks and the like."""
    for mention in evidence.mentions.get(target, ()):
        for hit in evidence.cues("routine"):
            distance = evidence.distance(mention, hit)
            if distance is not None and distance <= _NEAR_ROUTINE:
                return Stance.neutral
    return None
