"""Evidence for a position towards a proposal: a ceasefire or treaty that is sought, kept, refused.

Predicates stack ("condemns the veto of a resolution that calls for a ceasefire"): each one that
turns the sense of what follows it turns the vote.
"""

from labels.functions.evidence import Evidence
from labels.functions.registry import labelling_function
from labels.languages.phrases import Hit
from labels.pipeline.schema import STANCE, Stance, TargetKind

_REACH = 6  # words between a predicate and the proposal after it
_REACH_BEHIND = 2  # words between the proposal and a predicate after it
_OUTER_REACH = 12  # words between an outer predicate and the proposal
_TURNED = {Stance.favor: Stance.against, Stance.against: Stance.favor}
_POLAR = ("seek", "agree", "refuse", "break")
_TURNING = ("refuse", "break")
_OUTER = (*_TURNING, "condemn")  # what `_vote` reads


def _nearest(evidence: Evidence, category: str) -> Hit | None:
    """Find the hit of a category nearest to a mention; before it counts nearer than after it."""
    best: tuple[float, Hit] | None = None
    for mention in evidence.mentions:
        for hit in evidence.cues(category):
            distance = evidence.distance(mention, hit)
            is_before = hit.first < mention.first
            if distance is None or distance > (_REACH if is_before else _REACH_BEHIND):
                continue
            cost = distance if is_before else 2.0 * distance + 1
            if best is None or cost < best[0]:
                best = (cost, hit)
    return None if best is None else best[1]


def _outer(evidence: Evidence, inner: Hit, *categories: str) -> Hit | None:
    """Find a predicate of some categories before another one, in the same clause."""
    for hit in evidence.cues(*categories):
        is_outer = hit.last < inner.first and not evidence.negated(hit)
        if is_outer and evidence.is_near(hit, inner, _OUTER_REACH):
            return hit
    return None


def _is_turned(evidence: Evidence, hit: Hit | None) -> bool:
    """Tell whether the proposal is refused or broken, and the hit says who wants that.

    "Seeks to sabotage the truce": the predicate that stands nearer to the proposal decides.
    """
    if hit is None:
        return False
    return any(
        hit.last < turning.first and turning.last < mention.first
        for turning in (_nearest(evidence, category) for category in _TURNING)
        if turning is not None
        for mention in evidence.mentions
    )


def _vote(evidence: Evidence, hit: Hit | None, stance: Stance) -> Stance | None:
    if hit is None:
        return None
    if evidence.negated(hit):
        stance = _TURNED[stance]
    turning = _outer(evidence, hit, *_TURNING) if stance is Stance.favor else None
    if turning is not None:
        stance, hit = Stance.against, turning
    if stance is Stance.against and _outer(evidence, hit, "condemn") is not None:
        return Stance.favor
    return stance


@labelling_function(STANCE, kind=TargetKind.proposal, reads=["seek", *_OUTER])
def sought(evidence: Evidence) -> Stance | None:
    """Vote `favor` when the proposal is called for, welcomed or needed."""
    hit = _nearest(evidence, "seek")
    return None if _is_turned(evidence, hit) else _vote(evidence, hit, Stance.favor)


@labelling_function(STANCE, kind=TargetKind.proposal, reads=["agree", *_OUTER])
def agreed(evidence: Evidence) -> Stance | None:
    """Vote `favor` when the proposal is accepted, reached, mediated, kept or extended."""
    hit = _nearest(evidence, "agree")
    return None if _is_turned(evidence, hit) else _vote(evidence, hit, Stance.favor)


@labelling_function(STANCE, kind=TargetKind.proposal, reads=_OUTER)
def refused(evidence: Evidence) -> Stance | None:
    """Vote `against` when the proposal is rejected, vetoed or opposed."""
    return _vote(evidence, _nearest(evidence, "refuse"), Stance.against)


@labelling_function(STANCE, kind=TargetKind.proposal, reads=[*_OUTER, "routine"])
def broken(evidence: Evidence) -> Stance | None:
    """Vote `against` when the proposal is violated, sabotaged or ended, and not talks on it."""
    hit = _nearest(evidence, "break")
    is_of_talks = hit is not None and any(
        evidence.is_near(mention, talks, 0)
        for mention in evidence.mentions
        for talks in evidence.cues("routine")
    )
    return None if is_of_talks else _vote(evidence, hit, Stance.against)


@labelling_function(STANCE, kind=TargetKind.proposal, reads=["condition", "agree", "seek"])
def conditional(evidence: Evidence) -> Stance | None:
    """Vote `neutral` when a condition stands near and no word of the sentence accepts."""
    is_conditional = _nearest(evidence, "condition") is not None
    return Stance.neutral if is_conditional and not evidence.cues("agree", "seek") else None


@labelling_function(STANCE, kind=TargetKind.proposal, reads=["routine", *_POLAR])
def only_talked_about(evidence: Evidence) -> Stance | None:
    """Vote `neutral` when talks stand near the proposal and no position does."""
    if _nearest(evidence, "routine") is None:
        return None
    takes_position = any(_nearest(evidence, category) for category in _POLAR)
    return None if takes_position else Stance.neutral
