"""Labelling functions: each votes one label or abstains, under the name it has here."""

from collections.abc import Callable, Mapping

from labels.functions import actor, mention, proposal, tone
from labels.functions.evidence import Evidence
from labels.schema import Sentiment, Stance

StanceFunction = Callable[[Evidence, str], Stance | None]
SentimentFunction = Callable[[Evidence], Sentiment | None]

STANCE_FUNCTIONS: Mapping[str, StanceFunction] = {
    "not_named": mention.not_named,
    "plainly_named": mention.plainly_named,
    "routine": mention.routine,
    "speaker": actor.speaker,
    "criticised": actor.criticised,
    "sanctioned": actor.sanctioned,
    "blamed": actor.blamed,
    "wrongdoer": actor.wrongdoer,
    "called_to_stop": actor.called_to_stop,
    "praised": actor.praised,
    "partner": actor.partner,
    "virtuous": actor.virtuous,
    "sought": proposal.sought,
    "agreed": proposal.agreed,
    "refused": proposal.refused,
    "broken": proposal.broken,
    "conditional": proposal.conditional,
    "only_talked_about": proposal.only_talked_about,
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
