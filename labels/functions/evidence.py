"""What the labelling functions look at: words, mentions and lexicon hits of one sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from labels.languages import LANGUAGES, load
from labels.morphology import Token, is_accusative, is_nominative, is_passive, tokens
from labels.phrases import Hit, PhraseIndex
from labels.schema import TargetKind
from labels.targets import Matcher

REACH = 7  # words between a predicate and its object
LONGEST_SENTENCE = 1000  # words; what follows in a line that is no sentence is not looked at
NEGATION_REACH = 3  # words between a negation and what it negates
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "gets", "got"})
_PREPOSITIONS = ("ب", "ل", "ك")  # an Arabic noun that begins with one is no subject
# Verbal nouns: "the condemnation of the target", where the target is no subject.
_MASDAR = ("ال", "ادانه", "اتهام", "تنديد", "انتقاد", "استنكار")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence, cut into words and looked up once for all functions."""

    words: Sequence[Token]
    lang: str
    mentions: Mapping[str, Sequence[Hit]]  # by target; a target that is not named is missing
    hits: Mapping[str, Sequence[Hit]]  # by category of stance.yaml
    kinds: Mapping[str, TargetKind]
    known: bool  # there is a lexicon for the language

    def cues(self, *categories: str) -> list[Hit]:
        """List the hits of some categories, in text order."""
        found = [hit for category in categories for hit in self.hits.get(category, ())]
        return sorted(found, key=lambda hit: (hit.first, hit.last, hit.label))

    def distance(self, one: Hit, other: Hit) -> int | None:
        """Count the words between two hits; None when they overlap or a clause ends between."""
        left, right = (one, other) if one.first <= other.first else (other, one)
        if left.last >= right.first:
            return None
        if any(word.gap == 2 for word in self.words[left.last + 1 : right.first + 1]):
            return None
        return right.first - left.last - 1

    def negated(self, hit: Hit) -> bool:
        """Tell whether a negation stands shortly before a hit, in the same clause."""
        for negation in self.hits.get("negation", ()):
            if negation.first < hit.first:
                distance = self.distance(negation, hit)
                if distance is not None and distance <= NEGATION_REACH:
                    return True
        return False

    def role(self, mention: Hit, hit: Hit) -> str | None:
        """Tell whether a mention is the ``object`` or the ``subject`` of a predicate nearby.

        Order decides, with what the language shows besides: Russian case, Arabic verb before
        subject, the passive of English, Indonesian and Russian. None when they are far apart.
        """
        distance = self.distance(mention, hit)
        if distance is None or distance > REACH:
            return None
        word = self.words[mention.first]
        if hit.last < mention.first:
            if self.lang == "ru" and is_nominative(word.raw.lower()):
                return "subject"
            if self.lang == "ar" and self._is_subject_of(hit, mention, distance):
                return "subject"
            return "object"
        if self._is_passive(hit) or (self.lang == "ru" and is_accusative(word.raw.lower())):
            return "object"
        return "subject"

    def _is_subject_of(self, hit: Hit, mention: Hit, distance: int) -> bool:
        """Tell whether an Arabic verb is followed by its subject: the name, or its minister."""
        if self.words[mention.first].key.startswith(_PREPOSITIONS):
            return False
        if distance == 0:
            return not self.words[hit.last].key.lstrip("وف").startswith(_MASDAR)
        return distance <= NEGATION_REACH and any(
            office.first == hit.last + 1 for office in self.hits.get("institution", ())
        )

    def _is_passive(self, hit: Hit) -> bool:
        word = self.words[hit.first].key
        if self.lang == "id":
            return hit.text.startswith("di~") or word.startswith("di")
        if self.lang == "ru":
            return is_passive(word)
        if self.lang == "en" and word.endswith(("ed", "en")):
            before = [token.key for token in self.words[max(0, hit.first - 2) : hit.first]]
            after = [token.key for token in self.words[hit.last + 1 : hit.last + 2]]
            return after == ["by"] or not _BE.isdisjoint(before)
        return False


@cache
def _lexicon(lang: str) -> PhraseIndex:
    entries = load(lang, "stance")
    return PhraseIndex({category: {lang: phrases} for category, phrases in entries.items()})


def gather(
    text: str, lang: str, matcher: Matcher, around: Sequence[str] = (), start: int = 0
) -> Evidence:
    """Cut a sentence into words and look everything up.

    Args:
        text: The sentence.
        lang: Its language; for one without a lexicon the lexical functions abstain.
        matcher: Finds the mentions.
        around: Other sentences of the article, nearest first (see `Matcher.find`).
        start: Code points to leave out, such as a dateline.
    """
    words = tokens(text)[:LONGEST_SENTENCE]
    known = lang in LANGUAGES
    mentions = matcher.find_words(words, around, start)
    hits: dict[str, list[Hit]] = {}
    if known:
        named = {place for found in mentions.values() for hit in found for place in hit.places}
        for hit in _lexicon(lang).find(words):
            if named.isdisjoint(hit.places):  # the "cooperation" of a body's name praises nobody
                hits.setdefault(hit.label, []).append(hit)
    return Evidence(
        words=words,
        lang=lang,
        mentions=mentions,
        hits=hits,
        kinds={target.key: target.kind for target in matcher.targets},
        known=known,
    )
