"""Where a text names the targets: their names, told apart from what else is called the same."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import date

from labels.languages.morphology import RUSSIAN, Forms, RussianForms, Token, fold, tokens
from labels.languages.phrases import Hit, PhraseIndex
from labels.targets.abbreviations import expansions, is_of_another_name
from labels.targets.target import Context, Target
from labels.targets.terms import counts, terms_of, without_terms

_AFTER_IS_NEARER = 0.6  # a place named after the alias ("a truce in Gaza") belongs to it more often
_REMEMBERED_TEXTS = 4096
_CONTEXT_WORDS = 300  # on either side of a name: more than a sentence has
_EVIDENCE = ("near", "elsewhere", "weak", "weak_elsewhere")
_SURER = ("alias", "ambiguous", "doubtful")  # of two names at one place the first is taken
_SPEAKING = frozenset({"alias", "near", "weak"})


class _Names:
    """The phrases of one target."""

    def __init__(self, target: Target, russian: Forms) -> None:
        context = target.context or Context(default=True)
        self.default = context.default
        groups = target.aliases, target.ambiguous, target.doubtful
        aliases, ambiguous, doubtful = map(without_terms, groups)
        self.terms = terms_of(
            name for names in groups for found in names.values() for name in found
        )
        written = (*aliases.values(), *ambiguous.values())
        self.abbreviations = {fold(name) for names in written for name in names if name.isupper()}
        self._meanings: OrderedDict[str, set[str]] = OrderedDict()
        self.index = PhraseIndex(
            {
                "alias": aliases,
                "ambiguous": ambiguous,
                "doubtful": doubtful,
                "exclusion": target.exclusions,
                "near": context.near,
                "weak": context.weak,
                "elsewhere": context.elsewhere,
                "weak_elsewhere": context.weak_elsewhere,
            },
            russian,
        )

    def other_meanings_of(self, text: str) -> set[str]:
        """List the abbreviations that a sentence gives another meaning than the target's."""
        if text not in self._meanings:
            lowered = text.lower()
            found: set[str] = set()
            if any(letters in lowered for letters in self.abbreviations):
                words = tokens(text)
                found = _other_meanings(words, self.index.find(words))
            self._meanings[text] = found
            if len(self._meanings) > _REMEMBERED_TEXTS:
                self._meanings.popitem(last=False)
        return self._meanings[text]


class Matcher:
    """Find the mentions of all targets; build it once, it is slow to build and fast to use."""

    def __init__(self, targets: Iterable[Target], russian: Forms = RUSSIAN) -> None:
        """Build the indexes of all targets.

        Args:
            targets: What is looked for.
            russian: The forms of the Russian words in their names, as `forms_of` gives them; by
                default the analyser is asked.

        Raises:
            ConfigError: A name has what is no term behind its ``@``.
            KeyError: There are no forms of a word.
        """
        self.targets = tuple(targets)
        self._names = {target.key: _Names(target, russian) for target in self.targets}
        self._begin: dict[str, set[str]] = {}  # key of a word -> targets with a name that it begins
        for target, names in self._names.items():
            for word in names.index.first_keys(_SURER):
                self._begin.setdefault(word, set()).add(target)
        self._evidence: OrderedDict[str, dict[str, str | None]] = OrderedDict()

    def find(
        self,
        words: Sequence[Token],
        around: Sequence[str] = (),
        start: int = 0,
        day: date | None = None,
    ) -> dict[str, list[Hit]]:
        """Find where each target is named.

        Args:
            words: A sentence, cut into words.
            around: Other sentences of the article, nearest first, to settle an ambiguous name.
            start: Code points to leave out at the beginning, such as a dateline.
            day: Of the article; a name that is of another time is none.

        Returns:
            For each target that is named, its mentions in the order of the text.
        """
        begin = self._begin
        begun = {key for word in words for key in word.keys if key in begin}
        if not begun:
            return {}
        candidates = {target for key in begun for target in begin[key]}
        found: dict[str, list[Hit]] = {}
        for key, target in self._names.items():
            if key not in candidates:
                continue
            names, hits = _keep_names(target, words, start, day)
            others = _explained_otherwise(target, words, names, hits, around)
            kept = [
                name
                for name in names
                if not (name.first == name.last and words[name.first].key in others)
                and (name.label == "alias" or self._means_target(key, target, name, hits, around))
            ]
            if kept:
                found[key] = kept
        return found

    def _means_target(
        self, key: str, target: _Names, name: Hit, hits: Sequence[Hit], around: Sequence[str]
    ) -> bool:
        verdict = _sentence_verdict(name, hits)
        if verdict is None:
            verdicts = (self._evidence_of(text)[key] for text in around)
            verdict = next((verdict for verdict in verdicts if verdict is not None), None)
        if verdict is None:
            return target.default and name.label != "doubtful"
        return verdict in ("near", "weak")

    def _evidence_of(self, text: str) -> dict[str, str | None]:
        """Tell the kind of context word that a neighbouring sentence has for each target."""
        if text in self._evidence:
            return self._evidence[text]
        words = tokens(text)
        evidence: dict[str, str | None] = {}
        for key, target in self._names.items():
            labels = {hit.label for hit in target.index.find(words)}
            evidence[key] = next((label for label in _EVIDENCE if label in labels), None)
        self._evidence[text] = evidence
        if len(self._evidence) > _REMEMBERED_TEXTS:
            self._evidence.popitem(last=False)
        return evidence


def forms_of(targets: Iterable[Target]) -> dict[str, list[str]]:
    """Give the forms of all Russian words in the names of some targets, for `Matcher`."""
    asked = RussianForms()
    Matcher(targets, asked)
    return {word: sorted(forms) for word, forms in sorted(asked.items())}


def _keep_names(
    target: _Names, words: Sequence[Token], start: int, day: date | None
) -> tuple[list[Hit], list[Hit]]:
    """Give the names of a target that stand, without overlap, and all hits of its phrases."""
    hits = target.index.find(words)
    terms = target.terms
    names = [hit for hit in hits if hit.label in _SURER and counts(terms.get(hit.text, ()), day)]
    if start:
        names = [hit for hit in names if words[hit.first].start >= start]
    if not names:
        return [], hits
    excluded = [hit for hit in hits if hit.label == "exclusion"]
    taken = {place for hit in excluded for place in hit.places}
    return _longest([hit for hit in names if taken.isdisjoint(hit.places)]), hits


def _explained_otherwise(
    target: _Names,
    words: Sequence[Token],
    names: Sequence[Hit],
    hits: Sequence[Hit],
    around: Sequence[str],
) -> set[str]:
    """List the abbreviations that the article says to stand for something else."""
    used = {words[name.first].key for name in names if name.first == name.last}
    used &= target.abbreviations
    if not used:
        return set()
    others = _other_meanings(words, hits)
    for text in around:
        if "(" in text:
            others |= target.other_meanings_of(text)
    return others & used


def _other_meanings(words: Sequence[Token], hits: Sequence[Hit]) -> set[str]:
    """List the abbreviations that a sentence gives another meaning than the target's.

    What is called so is the target where the words that spell the letters are its name, or hold a
    word that speaks for it.
    """
    ours = {place for hit in hits if hit.label in _SPEAKING for place in hit.places}
    others: set[str] = set()
    for hit in hits:
        if hit.label not in _SURER or hit.first != hit.last:
            continue
        meanings = expansions(words, hit.first)
        if any(ours.isdisjoint(meaning) for meaning in meanings) or (
            hit.label != "alias" and is_of_another_name(words, hit.first, ours)
        ):
            others.add(words[hit.first].key)
    return others


def _longest_first(hit: Hit) -> tuple[int, int, int]:
    return hit.first - hit.last, _SURER.index(hit.label), hit.first


def _longest(hits: Sequence[Hit]) -> list[Hit]:
    """Drop what overlaps a longer hit, or a surer one as long; keep text order."""
    kept: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=_longest_first):
        if taken.isdisjoint(hit.places):
            kept.append(hit)
            taken.update(hit.places)
    return sorted(kept, key=lambda hit: hit.first)


def _sentence_verdict(name: Hit, hits: Sequence[Hit]) -> str | None:
    """Take the context word nearest to a name; weak ones count when there is no other."""
    start = bisect_left(hits, name.first - _CONTEXT_WORDS, key=lambda hit: hit.first)
    end = bisect_left(hits, name.last + _CONTEXT_WORDS, key=lambda hit: hit.first)
    window = hits[start:end]
    for labels in (("near", "elsewhere"), ("weak", "weak_elsewhere")):
        near = [(_distance(name, hit), hit.label) for hit in window if hit.label in labels]
        if near:
            return min(near)[1]
    return None


def _distance(name: Hit, context: Hit) -> float:
    if context.first > name.last:
        return (context.first - name.last) * _AFTER_IS_NEARER
    return float(max(name.first - context.last, 0))
