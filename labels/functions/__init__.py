"""Labelling functions: each votes one label or abstains, under the name it has here.

A function on actors is never asked about a proposal, nor the other way round.
"""

from collections.abc import Callable, Mapping

from labels.functions import actor, mention, proposal, tone
from labels.functions.evidence import Evidence
from labels.schema import Sentiment, Stance, TargetKind

StanceFunction = Callable[[Evidence, str], Stance | None]
SentimentFunction = Callable[[Evidence], Sentiment | None]

_ANY_TARGET: Mapping[str, StanceFunction] = {
    "not_named": mention.not_named,
    "plainly_named": mention.plainly_named,
    "routine": mention.routine,
}
_ACTOR: Mapping[str, StanceFunction] = {
    "speaker": actor.speaker,
    "criticised": actor.criticised,
    "sanctioned": actor.sanctioned,
    "blamed": actor.blamed,
    "wrongdoer": actor.wrongdoer,
    "called_to_stop": actor.called_to_stop,
    "praised": actor.praised,
    "partner": actor.partner,
    "virtuous": actor.virtuous,
}
_PROPOSAL: Mapping[str, StanceFunction] = {
    "sought": proposal.sought,
    "agreed": proposal.agreed,
    "refused": proposal.refused,
    "broken": proposal.broken,
    "conditional": proposal.conditional,
    "only_talked_about": proposal.only_talked_about,
}

STANCE_FUNCTIONS: Mapping[str, StanceFunction] = {**_ANY_TARGET, **_ACTOR, **_PROPOSAL}
KIND_OF: Mapping[str, TargetKind] = {  # stance functions that fit one kind of target only
    **dict.fromkeys(_ACTOR, TargetKind.actor),
    **dict.fromkeys(_PROPOSAL, TargetKind.proposal),
}

SENTIMENT_FUNCTIONS: Mapping[str, SentimentFunction] = {
    "no_tone": tone.no_tone,
    "one_tone": tone.one_tone,
    "stronger_tone": tone.stronger_tone,
    "first_tone": tone.first_tone,
    "last_tone": tone.last_tone,
    "condemning": tone.condemning,
    "approving": tone.approving,
}
