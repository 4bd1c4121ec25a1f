"""What the labelling functions look at: words, mentions and lexicon hits of one sentence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from labels.languages import LANGUAGES, load
from labels.languages.morphology import (
    RUSSIAN,
    Forms,
    RussianForms,
    Token,
    fold,
    is_accusative,
    is_nominative,
    is_oblique,
    is_passive,
)
from labels.languages.phrases import Hit, PhraseIndex
from labels.targets import Matcher, Mention, Place, Target, words_of

LEXICON = "stance"  # the name of a language's file of words, category -> phrases
# Categories that `Evidence.negated` and `Evidence.role` read for every function that asks them.
GRAMMAR: Mapping[str, Sequence[str]] = {
    lang: ("negation", "adjunct", "institution") if lang == "ar" else ("negation", "adjunct")
    for lang in LANGUAGES
}
_REACH = 7  # words between a predicate and its object
_SHORT_REACH = {"ar": 4, "ru": 4}  # where sentences are long, what stands farther is another's
_NEAR_PREPOSITION = 1  # words between a preposition and a name: an adjective
NEGATION_REACH = 3  # words between a negation and what it negates
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "gets", "got"})
_ARTICLE = "ال"
_PREPOSITIONS = ("ب", "ل", "ك")  # an Arabic noun that begins with one is no subject
# Verbal nouns: "the condemnation of the target", where the target is no subject.
_MASDAR = ("ال", "ادانه", "اتهام", "تنديد", "انتقاد", "استنكار")


@dataclass(slots=True)  # not frozen, which takes three times as long to make
class Evidence:
    """One sentence, cut into words and looked up once for all functions."""

    words: Sequence[Token]
    lang: str
    named: Mapping[str, Sequence[Hit]]  # by target; a target that is not named is missing
    hits: Mapping[str, Sequence[Hit]]  # by category of the lexicon, in text order
    has_lexicon: bool  # there is one for the language
    target: Target | None = None  # what is asked about; None: the sentence as a whole

    def about(self, target: Target | None) -> "Evidence":
        """Return the same evidence, with a question about this target."""
        return Evidence(self.words, self.lang, self.named, self.hits, self.has_lexicon, target)

    @property
    def mentions(self) -> Sequence[Hit]:
        """Where the target that is asked about is named."""
        return () if self.target is None else self.named.get(self.target.key, ())

    def cues(self, *categories: str) -> list[Hit]:
        """List the hits of some categories, in text order."""
        found = [hit for category in categories for hit in self.hits.get(category, ())]
        return sorted(found) if len(categories) > 1 else found

    def distance(self, hit: Hit, another: Hit) -> int | None:
        """Count the words between two hits; None when they overlap or a clause ends between.

        The distance of a phrase to what stands in its gap is 0: "hold *Russia* accountable".
        """
        left, right = (hit, another) if hit.first <= another.first else (another, hit)
        if left.last >= right.first:
            return 0 if left.first < right.first and right.last < left.last else None
        if any(word.gap == 2 for word in self.words[left.last + 1 : right.first + 1]):
            return None
        return right.first - left.last - 1

    def is_near(self, hit: Hit, another: Hit, reach: int) -> bool:
        """Tell whether at most so many words, and no end of a clause, lie between two hits."""
        distance = self.distance(hit, another)
        return distance is not None and distance <= reach

    def negated(self, hit: Hit) -> bool:
        """Tell whether a negation stands shortly before a hit, in the same clause."""
        return any(
            negation.first < hit.first and self.is_near(negation, hit, NEGATION_REACH)
            for negation in self.hits.get("negation", ())
        )

    def role(self, mention: Hit, hit: Hit) -> str | None:
        """Tell whether a mention is the ``object`` or the ``subject`` of a predicate nearby.

        Order decides, with what the language shows besides: Russian case, Arabic verb before
        subject, the passive of English, Indonesian and Russian. None when they are far apart.
        """
        distance = self.distance(mention, hit)
        if distance is None or distance > _SHORT_REACH.get(self.lang, _REACH):
            return None
        word = self.words[mention.first]
        if hit.first < mention.first < hit.last:
            return "object"
        if hit.last < mention.first:
            if self._is_adjunct(hit, mention):
                return None
            if self.lang == "ru" and is_nominative(word.raw.lower()):
                return None if self._is_parted(hit, mention) else "subject"
            if self.lang == "ar" and self._is_subject_of(hit, mention, distance):
                return "subject"
            return "object"
        if self._is_passive(hit) or (self.lang == "ru" and is_accusative(word.raw.lower())):
            return "object"
        if self.lang == "ar" and self._is_parted(mention, hit):
            return None
        if self.lang == "ru" and is_oblique(word.raw.lower()):
            return None
        return "subject"

    def _is_subject_of(self, hit: Hit, mention: Hit, distance: int) -> bool:
        """Tell whether an Arabic verb is followed by its subject: the name, or its minister.

        A word with the article between the two, that is no office, is another state's.
        """
        key = self.words[mention.first].key
        if (
            key.startswith(_PREPOSITIONS)
            and key not in fold(mention.text).replace("|", " ").split()
        ):
            return False
        if distance == 0:
            return not self.words[hit.last].key.lstrip("وف").startswith(_MASDAR)
        offices = {place for hit in self.hits.get("institution", ()) for place in hit.places}
        between = range(hit.last + 1, mention.first)
        return hit.last + 1 in offices and all(
            place in offices or not self.words[place].key.startswith(_ARTICLE) for place in between
        )

    def _is_parted(self, left: Hit, right: Hit) -> bool:
        """Tell whether a comma or the like lies between two hits."""
        return any(word.gap for word in self.words[left.last + 1 : right.first + 1])

    def _is_adjunct(self, hit: Hit, mention: Hit) -> bool:
        """Tell whether a preposition makes a name a place or an agent: "in Russia", "by Russia"."""
        return any(
            hit.last < word.first < mention.first and self.is_near(word, mention, _NEAR_PREPOSITION)
            for word in self.hits.get("adjunct", ())
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


class Lexicons:
    """The words of every language that functions look for; slow to build, so built when asked."""

    def __init__(self, russian: Forms = RUSSIAN) -> None:
        """Take the forms of Russian words; by default an analyser is asked."""
        self._russian = russian
        self._built: dict[str, PhraseIndex] = {}

    def of(self, lang: str) -> PhraseIndex:
        """Give the lexicon of a language."""
        if lang not in self._built:
            phrases = {name: {lang: found} for name, found in load(lang, LEXICON).items()}
            self._built[lang] = PhraseIndex(phrases, self._russian)
        return self._built[lang]


LEXICONS = Lexicons()


def lexicon_forms() -> dict[str, list[str]]:
    """Give the forms of all Russian words in the lexicons, for `Lexicons`."""
    asked = RussianForms()
    lexicons = Lexicons(asked)
    for lang in LANGUAGES:
        lexicons.of(lang)
    return {word: sorted(forms) for word, forms in sorted(asked.items())}


def gather(text: str, lang: str, matcher: Matcher, place: Place | None = None) -> Evidence:
    """Cut a sentence into words and look everything up.

    Args:
        text: The sentence.
        lang: Its language; there may be no lexicon for it.
        matcher: Finds the mentions.
        place: What the sentence stands among.
    """
    words = words_of(text)
    return look_up(words, lang, matcher.find(words, *(place or ())), LEXICONS)


def look_up(
    words: Sequence[Token], lang: str, named: Mapping[str, Sequence[Hit]], lexicons: Lexicons
) -> Evidence:
    """Look the words of a sentence up.

    Args:
        words: Of the sentence.
        lang: As in `gather`.
        named: Where it names targets, by their key.
        lexicons: What is looked for.
    """
    has_lexicon = lang in LANGUAGES
    hits: dict[str, list[Hit]] = {}
    if has_lexicon:
        taken = {place for mentions in named.values() for hit in mentions for place in hit.places}
        for hit in lexicons.of(lang).find(words):
            # the "cooperation" of a body's name praises nobody; a gap may hold a name
            if hit.first not in taken and hit.last not in taken:
                hits.setdefault(hit.label, []).append(hit)
    return Evidence(words=words, lang=lang, named=named, hits=hits, has_lexicon=has_lexicon)


def named_at(words: Sequence[Token], mentions: Iterable[Mention]) -> dict[str, list[Hit]]:
    """Take places in a text as the mentions of targets: what `labels.targets.mentions_in` gave."""
    first = {word.start: number for number, word in enumerate(words)}
    last = {word.end: number for number, word in enumerate(words)}
    named: dict[str, list[Hit]] = {}
    for target, start, end in mentions:
        named.setdefault(target, []).append(Hit(first[start], last[end], "alias", ""))
    return named
