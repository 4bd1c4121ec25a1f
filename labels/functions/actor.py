"""Evidence for a position towards an actor: a state or body that is praised, accused, sanctioned.

Who does it to whom decides: "X condemns the target" is against it, "the target condemns X" says
nothing of it.
"""

from collections.abc import Callable

from labels.functions.evidence import Evidence
from labels.functions.registry import labelling_function
from labels.languages.phrases import Hit
from labels.pipeline.schema import STANCE, Stance, TargetKind

_NEAR_NOUN = 3  # words between an actor and the noun that is said of it
_NEAR_VERB = 5  # words between a subject and its verb
_NEAR_PARTNER = 6  # words between an actor and a word of friendship
_NEAR_TALK = 4  # words between a word of friendship and the meeting whose topic it is
_NEAR_TIME = 2  # words between "since" and the deed that says when
_NEAR_SPEECH = 3  # words between a speaker and the verb of saying
_TAIL = 3  # words at the end of a headline: "... - Kremlin"

_CRITICISM = ("speech", "criticise")  # what `_is_criticised` reads
_BLAME = ("speech", "criticise", "wrongdoing", "towards", "background")  # what `_is_blamed` reads


def _find(evidence: Evidence, category: str, fits: Callable[[Hit, Hit], bool]) -> Hit | None:
    """Find the first hit of a category that fits a mention, in the order of the mentions."""
    for mention in evidence.mentions:
        for hit in evidence.cues(category):
            if fits(mention, hit):
                return hit
    return None


def _find_object(evidence: Evidence, category: str) -> Hit | None:
    """Find a predicate whose object is the target."""
    return _find(evidence, category, lambda m, h: evidence.role(m, h) == "object")


def _find_subject(evidence: Evidence, category: str) -> Hit | None:
    """Find a verb nearby whose subject is the target."""

    def fits(mention: Hit, hit: Hit) -> bool:
        is_near = evidence.is_near(mention, hit, _NEAR_VERB)
        return is_near and evidence.role(mention, hit) == "subject"

    return _find(evidence, category, fits)


def _speaks(evidence: Evidence) -> bool:
    """Tell whether the target speaks: in a headline before or after a dash, or by a verb."""
    return any(
        _heads(evidence, mention) or _says(evidence, mention) for mention in evidence.mentions
    )


def _heads(evidence: Evidence, mention: Hit) -> bool:
    words = evidence.words
    if mention.first > 0 and words[mention.first].gap == 2 and len(words) - mention.last <= _TAIL:
        return True
    following = mention.last + 1
    return mention.first <= 2 and following < len(words) and words[following].gap == 2


def _says(evidence: Evidence, mention: Hit) -> bool:
    for hit in evidence.cues("speech"):
        is_subject = evidence.role(mention, hit) == "subject"
        # As after a quotation; an Arabic verb opens most clauses, whoever speaks.
        opens_clause = evidence.lang != "ar" and evidence.words[hit.first].gap > 0
        if evidence.is_near(mention, hit, _NEAR_SPEECH) and (is_subject or opens_clause):
            return True
    return False


def _is_criticised(evidence: Evidence) -> bool:
    """Tell whether the target, which is silent, is what is condemned, accused, opposed."""
    if _speaks(evidence):
        return False
    hit = _find_object(evidence, "criticise")
    return hit is not None and not evidence.negated(hit)


def _is_blamed(evidence: Evidence) -> bool:
    """Tell whether a noun of wrongdoing is said of the target, which is silent."""

    def fits(mention: Hit, hit: Hit) -> bool:
        if not evidence.is_near(mention, hit, _NEAR_NOUN):
            return False
        if any(hit.last < aim.first <= mention.first for aim in evidence.cues("towards")):
            return False  # "aggression against the target" is somebody else's
        if any(
            time.last < hit.first and evidence.is_near(time, hit, _NEAR_TIME)
            for time in evidence.cues("background")
        ):
            return False  # "since the invasion began" says when
        return not any(
            mention.last < verb.first and verb.last < hit.first
            for verb in evidence.cues("criticise", "speech")
        )

    return not _speaks(evidence) and _find(evidence, "wrongdoing", fits) is not None


@labelling_function(STANCE, kind=TargetKind.actor, reads=_CRITICISM)
def criticised(evidence: Evidence) -> Stance | None:
    """Vote `against` when the target is what is condemned, accused, opposed."""
    return Stance.against if _is_criticised(evidence) else None


@labelling_function(STANCE, kind=TargetKind.actor, reads=["speech", "sanction"])
def sanctioned(evidence: Evidence) -> Stance | None:
    """Vote `against` when the target is what is sanctioned."""
    if _speaks(evidence):
        return None
    hit = _find_object(evidence, "sanction")
    return None if hit is None or evidence.negated(hit) else Stance.against


@labelling_function(STANCE, kind=TargetKind.actor, reads=_BLAME)
def blamed(evidence: Evidence) -> Stance | None:
    """Vote `against` when a noun of wrongdoing is said of the target: its aggression, its lies."""
    return Stance.against if _is_blamed(evidence) else None


@labelling_function(STANCE, kind=TargetKind.actor, reads=["wrongdo"])
def wrongdoer(evidence: Evidence) -> Stance | None:
    """Vote `against` when the target is the subject of an act of wrongdoing."""
    hit = _find_subject(evidence, "wrongdo")
    return None if hit is None or evidence.negated(hit) else Stance.against


@labelling_function(STANCE, kind=TargetKind.actor, reads=["demand"])
def called_to_stop(evidence: Evidence) -> Stance | None:
    """Vote `against` when the target is told to stop or withdraw."""
    hit = _find(evidence, "demand", lambda m, h: evidence.is_near(m, h, _NEAR_VERB))
    return None if hit is None else Stance.against


@labelling_function(STANCE, kind=TargetKind.actor, reads=[*_BLAME, "praise"])
def praised(evidence: Evidence) -> Stance | None:
    """Vote `favor` when the target is what is praised, thanked, supported; `against` if negated."""
    hit = _find_object(evidence, "praise")
    if hit is None or _speaks(evidence) or _is_blamed(evidence) or _is_criticised(evidence):
        return None
    return Stance.against if evidence.negated(hit) else Stance.favor


@labelling_function(STANCE, kind=TargetKind.actor, reads=[*_BLAME, "partner", "routine"])
def partner(evidence: Evidence) -> Stance | None:
    """Vote `favor` when somebody else speaks of friendship or co-operation with the target.

    Co-operation that is only the topic of a meeting is none.
    """
    if _speaks(evidence) or _is_criticised(evidence) or _is_blamed(evidence):
        return None
    hit = _find(evidence, "partner", lambda m, h: evidence.is_near(m, h, _NEAR_PARTNER))
    if hit is None or evidence.negated(hit):
        return None
    is_topic = any(evidence.is_near(hit, talk, _NEAR_TALK) for talk in evidence.cues("routine"))
    return None if is_topic else Stance.favor


@labelling_function(STANCE, kind=TargetKind.actor, reads=["virtue"])
def virtuous(evidence: Evidence) -> Stance | None:
    """Vote `favor` when the target is the subject of a creditable act."""
    hit = _find_subject(evidence, "virtue")
    return None if hit is None or evidence.negated(hit) else Stance.favor


@labelling_function(STANCE, kind=TargetKind.actor, reads=["speech"])
def speaker(evidence: Evidence) -> Stance | None:
    """Vote `neutral` when the target speaks, as it then speaks about others."""
    return Stance.neutral if _speaks(evidence) else None
