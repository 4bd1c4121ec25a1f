"""Evidence for a position towards an actor: a state or body that is praised, accused, sanctioned.

Who does it to whom decides: "X condemns the target" is against it, "the target condemns X" says
nothing of it.
"""

from collections.abc import Callable

from labels.functions.evidence import Evidence
from labels.phrases import Hit
from labels.schema import Stance, TargetKind

_NEAR_NOUN = 3  # words between an actor and the noun that is said of it
_NEAR_VERB = 5  # words between a subject and its verb
_NEAR_PARTNER = 6  # words between an actor and a word of friendship
_NEAR_SPEECH = 3  # words between a speaker and the verb of saying
_TAIL = 3  # words at the end of a headline: "... - Kremlin"


def _mentions(evidence: Evidence, target: str) -> list[Hit]:
    if evidence.kinds[target] is not TargetKind.actor:
        return []
    return list(evidence.mentions.get(target, ()))


def _any(
    evidence: Evidence, target: str, category: str, fits: Callable[[Hit, Hit], bool]
) -> Hit | None:
    for mention in _mentions(evidence, target):
        for hit in evidence.cues(category):
            if fits(mention, hit):
                return hit
    return None


def _near(evidence: Evidence, mention: Hit, hit: Hit, reach: int) -> bool:
    distance = evidence.distance(mention, hit)
    return distance is not None and distance <= reach


def _does(evidence: Evidence, mention: Hit, hit: Hit) -> bool:
    """Tell whether the mention is the subject of a verb nearby."""
    near = _near(evidence, mention, hit, _NEAR_VERB)
    return near and evidence.role(mention, hit) == "subject"


def criticised(evidence: Evidence, target: str) -> Stance | None:
    """Vote `against` when the target is what is condemned, accused, opposed."""
    if speaker(evidence, target):
        return None
    hit = _any(evidence, target, "criticise", lambda m, h: evidence.role(m, h) == "object")
    return None if hit is None or evidence.negated(hit) else Stance.against


def sanctioned(evidence: Evidence, target: str) -> Stance | None:
    """Vote `against` when the target is what is sanctioned."""
    if speaker(evidence, target):
        return None
    hit = _any(evidence, target, "sanction", lambda m, h: evidence.role(m, h) == "object")
    return None if hit is None or evidence.negated(hit) else Stance.against


def blamed(evidence: Evidence, target: str) -> Stance | None:
    """Vote `against` when a noun of wrongdoing is said of the target: its aggression, its lies."""

    def fits(mention: Hit, hit: Hit) -> bool:
        if not _near(evidence, mention, hit, _NEAR_NOUN):
            return False
        if any(hit.last < aim.first <= mention.first for aim in evidence.cues("towards")):
            return False  # "aggression against the target" is somebody else's
        return not any(
            mention.last < verb.first and verb.last < hit.first
            for verb in evidence.cues("criticise", "speech")
        )

    if speaker(evidence, target):
        return None
    return None if _any(evidence, target, "wrongdoing", fits) is None else Stance.against


def wrongdoer(evidence: Evidence, target: str) -> Stance | None:
    """Vote `against` when the target is the subject of an act of wrongdoing."""
    hit = _any(evidence, target, "wrongdo", lambda m, h: _does(evidence, m, h))
    return None if hit is None or evidence.negated(hit) else Stance.against


def called_to_stop(evidence: Evidence, target: str) -> Stance | None:
    """Vote `against` when the target is told to stop or withdraw."""
    hit = _any(evidence, target, "demand", lambda m, h: _near(evidence, m, h, _NEAR_VERB))
    return None if hit is None else Stance.against


def praised(evidence: Evidence, target: str) -> Stance | None:
    """Vote `favor` when the target is what is praised, thanked, supported; `against` if negated."""
    hit = _any(evidence, target, "praise", lambda m, h: evidence.role(m, h) == "object")
    if hit is None or speaker(evidence, target):
        return None
    if blamed(evidence, target) or criticised(evidence, target):
        return None
    return Stance.against if evidence.negated(hit) else Stance.favor


def partner(evidence: Evidence, target: str) -> Stance | None:
    """Vote `favor` when somebody else speaks of friendship or co-operation with the target."""
    if speaker(evidence, target) or criticised(evidence, target) or blamed(evidence, target):
        return None
    hit = _any(evidence, target, "partner", lambda m, h: _near(evidence, m, h, _NEAR_PARTNER))
    return None if hit is None or evidence.negated(hit) else Stance.favor


def virtuous(evidence: Evidence, target: str) -> Stance | None:
    """Vote `favor` when the target is the subject of a creditable act."""
    hit = _any(evidence, target, "virtue", lambda m, h: _does(evidence, m, h))
    return None if hit is None or evidence.negated(hit) else Stance.favor


def speaker(evidence: Evidence, target: str) -> Stance | None:
    """Vote `neutral` when the target speaks, as it then speaks about others."""
    words = evidence.words
    for mention in _mentions(evidence, target):
        before = mention.first > 0 and words[mention.first].gap == 2
        if before and len(words) - mention.last <= _TAIL:
            return Stance.neutral
        if (
            mention.first <= 2
            and mention.last + 1 < len(words)
            and words[mention.last + 1].gap == 2
        ):
            return Stance.neutral
        for hit in evidence.cues("speech"):
            is_subject = evidence.role(mention, hit) == "subject"
            opens_clause = words[hit.first].gap > 0  # as after a quotation
            if _near(evidence, mention, hit, _NEAR_SPEECH) and (is_subject or opens_clause):
                return Stance.neutral
    return None
