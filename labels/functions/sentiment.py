"""Evidence for the sentiment of a sentence: its words of good and bad."""

from labels.functions.evidence import Evidence
from labels.functions.registry import labelling_function
from labels.languages.phrases import Hit
from labels.pipeline.schema import SENTIMENT, Sentiment

_CLEAR = 2  # words of one side more than of the other
_SIDES = ("positive", "negative")
_BLAME = ("criticise", "sanction", "wrongdoing")
_PRAISE = ("praise", "partner")


def _counts(evidence: Evidence) -> tuple[int, int]:
    """Count words of good and of bad; a negated one counts for the other side."""
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


def _side_of(evidence: Evidence, hit: Hit) -> Sentiment:
    is_good = (hit.label == "positive") != evidence.negated(hit)
    return Sentiment.positive if is_good else Sentiment.negative


@labelling_function(SENTIMENT, reads=_SIDES)
def no_sentiment_word(evidence: Evidence) -> Sentiment | None:
    """Vote `neutral` when no word is good or bad."""
    return Sentiment.neutral if _counts(evidence) == (0, 0) else None


@labelling_function(SENTIMENT, reads=_SIDES)
def one_sided(evidence: Evidence) -> Sentiment | None:
    """Vote the sentiment of the words when all have the same."""
    good, bad = _counts(evidence)
    if good and not bad:
        return Sentiment.positive
    return Sentiment.negative if bad and not good else None


@labelling_function(SENTIMENT, reads=_SIDES)
def stronger_side(evidence: Evidence) -> Sentiment | None:
    """Vote the side that has clearly more words, or `neutral` when both have as many."""
    good, bad = _counts(evidence)
    if not good or not bad:
        return None
    if good - bad >= _CLEAR:
        return Sentiment.positive
    if bad - good >= _CLEAR:
        return Sentiment.negative
    return Sentiment.neutral if good == bad else None


@labelling_function(SENTIMENT, reads=_SIDES)
def last_word(evidence: Evidence) -> Sentiment | None:
    """Vote the sentiment of the last word that has one."""
    hits = evidence.cues(*_SIDES)
    return _side_of(evidence, hits[-1]) if hits else None


@labelling_function(SENTIMENT, reads=_SIDES)
def first_word(evidence: Evidence) -> Sentiment | None:
    """Vote the sentiment of the first word that has one."""
    hits = evidence.cues(*_SIDES)
    return _side_of(evidence, hits[0]) if hits else None


@labelling_function(SENTIMENT, reads=_BLAME)
def condemning(evidence: Evidence) -> Sentiment | None:
    """Vote `negative` when somebody is criticised, sanctioned or blamed."""
    return Sentiment.negative if evidence.cues(*_BLAME) else None


@labelling_function(SENTIMENT, reads=[*_BLAME, "wrongdo", "negative", *_PRAISE])
def approving(evidence: Evidence) -> Sentiment | None:
    """Vote `positive` when somebody is praised or works together and nobody is blamed."""
    if evidence.cues(*_BLAME, "wrongdo", "negative"):
        return None
    return Sentiment.positive if evidence.cues(*_PRAISE) else None
