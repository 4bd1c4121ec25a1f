"""Evidence for a position towards a proposal: a ceasefire or treaty that is sought, kept, refused.

Predicates stack ("condemns the veto of a resolution that calls for a ceasefire"): each one that
turns the sense of what follows it turns the vote.
"""

from labels.functions.evidence import Evidence
from labels.phrases import Hit
from labels.schema import Stance, TargetKind

_REACH = 6  # words between a predicate and the proposal after it
_REACH_BEHIND = 2  # words between the proposal and a predicate after it
_OUTER_REACH = 12  # words between an outer predicate and the proposal
_TURNED = {Stance.favor: Stance.against, Stance.against: Stance.favor}


def _nearest(evidence: Evidence, target: str, category: str) -> Hit | None:
    """Find the hit of a category nearest to a mention; before it counts nearer than after it."""
    best: tuple[float, Hit] | None = None
    for mention in _mentions(evidence, target):
        for hit in evidence.cues(category):
            distance = evidence.distance(mention, hit)
            is_before = hit.last < mention.first
            if distance is None or distance > (_REACH if is_before else _REACH_BEHIND):
                continue
            cost = distance if is_before else 2.0 * distance + 1
            if best is None or cost < best[0]:
                best = (cost, hit)
    return None if best is None else best[1]


def _mentions(evidence: Evidence, target: str) -> list[Hit]:
    if evidence.kinds[target] is not TargetKind.proposal:
        return []
    return list(evidence.mentions.get(target, ()))


def _outer(evidence: Evidence, inner: Hit, *categories: str) -> Hit | None:
    """Find a predicate of some categories before another one, in the same clause."""
    for hit in evidence.cues(*categories):
        if hit.last < inner.first and not evidence.negated(hit):
            distance = evidence.distance(hit, inner)
            if distance is not None and distance <= _OUTER_REACH:
                return hit
    return None


def _vote(evidence: Evidence, hit: Hit | None, stance: Stance) -> Stance | None:
    if hit is None:
        return None
    if evidence.negated(hit):
        stance = _TURNED[stance]
    turning = _outer(evidence, hit, "refuse", "break") if stance is Stance.favor else None
    if turning is not None:
        stance, hit = Stance.against, turning
    if stance is Stance.against and _outer(evidence, hit, "condemn") is not None:
        return Stance.favor
    return stance


def sought(evidence: Evidence, target: str) -> Stance | None:
    """Vote `favor` when the proposal is called for, welcomed or needed."""
    return _vote(evidence, _nearest(evidence, target, "seek"), Stance.favor)


def agreed(evidence: Evidence, target: str) -> Stance | None:
    """Vote `favor` when the proposal is accepted, reached, mediated, kept or extended."""
    return _vote(evidence, _nearest(evidence, target, "agree"), Stance.favor)


def refused(evidence: Evidence, target: str) -> Stance | None:
    """Vote `against` when the proposal is rejected, vetoed or opposed."""
    return _vote(evidence, _nearest(evidence, target, "refuse"), Stance.against)


def broken(evidence: Evidence, target: str) -> Stance | None:
    """Vote `against` when the proposal is violated, sabotaged or ended."""
    return _vote(evidence, _nearest(evidence, target, "break"), Stance.against)


def conditional(evidence: Evidence, target: str) -> Stance | None:
    """Vote `neutral` when a condition stands near and no word of the sentence accepts."""
    hit = _nearest(evidence, target, "condition")
    agreeing = evidence.cues("agree", "seek")
    return Stance.neutral if hit is not None and not agreeing else None


def only_talked_about(evidence: Evidence, target: str) -> Stance | None:
    """Vote `neutral` when talks stand near the proposal and no position does."""
    if _nearest(evidence, target, "routine") is None:
        return None
    polar = [_nearest(evidence, target, name) for name in ("seek", "agree", "refuse", "break")]
    return Stance.neutral if not any(polar) else None
