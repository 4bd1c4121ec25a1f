"""Evidence for the sentiment of a sentence: its words of good and bad."""

from labels.functions.evidence import Evidence
from labels.phrases import Hit
from labels.schema import Sentiment

_CLEAR = 2  # words of one tone more than of the other


def _counts(evidence: Evidence) -> tuple[int, int]:
    """Count words of good and of bad tone; a negated one counts for the other side."""
    good = [evidence.negated(hit) for hit in _apart(evidence.cues("positive"))]
    bad = [evidence.negated(hit) for hit in _apart(evidence.cues("negative"))]
    return good.count(False) + bad.count(True), bad.count(False) + good.count(True)


def _apart(hits: list[Hit]) -> list[Hit]:
    """Drop hits on a word that an earlier hit covers."""
    kept: list[Hit] = []
    for hit in hits:
        if not kept or hit.first > kept[-1].last:
            kept.append(hit)
    return kept


def _tone_of(evidence: Evidence, hit: Hit) -> Sentiment:
    is_good = (hit.label == "positive") != evidence.negated(hit)
    return Sentiment.positive if is_good else Sentiment.negative


def no_tone(evidence: Evidence) -> Sentiment | None:
    """Vote `neutral` when no word has a tone."""
    return Sentiment.neutral if evidence.known and _counts(evidence) == (0, 0) else None


def one_tone(evidence: Evidence) -> Sentiment | None:
    """Vote the tone of the words when all have the same."""
    good, bad = _counts(evidence)
    if good and not bad:
        return Sentiment.positive
    return Sentiment.negative if bad and not good else None


def stronger_tone(evidence: Evidence) -> Sentiment | None:
    """Vote the clearly stronger tone, or `neutral` when both are as strong."""
    good, bad = _counts(evidence)
    if not good or not bad:
        return None
    if good - bad >= _CLEAR:
        return Sentiment.positive
    if bad - good >= _CLEAR:
        return Sentiment.negative
    return Sentiment.neutral if good == bad else None


def last_tone(evidence: Evidence) -> Sentiment | None:
    """Vote the tone of the last word that has one."""
    hits = evidence.cues("positive", "negative")
    return _tone_of(evidence, hits[-1]) if hits else None


def first_tone(evidence: Evidence) -> Sentiment | None:
    """Vote the tone of the first word that has one."""
    hits = evidence.cues("positive", "negative")
    return _tone_of(evidence, hits[0]) if hits else None


def condemning(evidence: Evidence) -> Sentiment | None:
    """Vote `negative` when somebody is criticised, sanctioned or blamed."""
    return Sentiment.negative if evidence.cues("criticise", "sanction", "wrongdoing") else None


def approving(evidence: Evidence) -> Sentiment | None:
    """Vote `positive` when somebody is praised or works together and nobody is blamed."""
    if evidence.cues("criticise", "sanction", "wrongdoing", "wrongdo", "negative"):
        return None
    return Sentiment.positive if evidence.cues("praise", "partner") else None
