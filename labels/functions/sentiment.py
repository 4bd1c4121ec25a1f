"""Evidence for the sentiment of a sentence: its words of good and bad."""

from labels.functions.evidence import Evidence
from labels.functions.registry import labelling_function
from labels.languages.phrases import Hit
from labels.pipeline.schema import SENTIMENT, Sentiment

_SEVERAL = 2  # words
_SIDES = ("positive", "negative")
_BLAME = ("criticise", "sanction", "wrongdoing")
_PRAISE = ("praise", "partner")
_HOPED = ("seek", "condition")


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


@labelling_function(SENTIMENT, reads=_SIDES)
def no_sentiment_word(evidence: Evidence) -> Sentiment | None:
    """Vote `neutral` when no word is good or bad."""
    return Sentiment.neutral if _counts(evidence) == (0, 0) else None


@labelling_function(SENTIMENT, reads=[*_SIDES, *_PRAISE])
def no_strong_word(evidence: Evidence) -> Sentiment | None:
    """Vote `neutral` when no word is bad, one at most is good, and nobody is praised."""
    good, bad = _counts(evidence)
    is_faint = good < _SEVERAL and not bad and not evidence.cues(*_PRAISE)
    return Sentiment.neutral if is_faint else None


@labelling_function(SENTIMENT, reads=_SIDES)
def only_bad(evidence: Evidence) -> Sentiment | None:
    """Vote `negative` when there are bad words and no good one."""
    good, bad = _counts(evidence)
    return Sentiment.negative if bad and not good else None


@labelling_function(SENTIMENT, reads=_SIDES)
def mostly_bad(evidence: Evidence) -> Sentiment | None:
    """Vote `negative` when there are several bad words and no more good ones."""
    good, bad = _counts(evidence)
    return Sentiment.negative if good and bad >= max(good, _SEVERAL) else None


@labelling_function(SENTIMENT, reads=[*_SIDES, *_HOPED])
def plainly_good(evidence: Evidence) -> Sentiment | None:
    """Vote `positive` when there are several good words, no bad one, and nothing is only hoped."""
    good, bad = _counts(evidence)
    if good < _SEVERAL or bad or evidence.cues(*_HOPED):
        return None
    return Sentiment.positive


@labelling_function(SENTIMENT, reads=_BLAME)
def condemning(evidence: Evidence) -> Sentiment | None:
    """Vote `negative` when somebody is criticised, sanctioned or blamed."""
    return Sentiment.negative if evidence.cues(*_BLAME) else None


@labelling_function(SENTIMENT, reads=[*_BLAME, "wrongdo", *_SIDES, *_PRAISE])
def approving(evidence: Evidence) -> Sentiment | None:
    """Vote `positive` when somebody is praised or works together, a word is good and none bad."""
    good, bad = _counts(evidence)
    if bad or not good or evidence.cues(*_BLAME, "wrongdo"):
        return None
    return Sentiment.positive if evidence.cues(*_PRAISE) else None
