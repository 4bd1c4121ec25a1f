"""Learn the boilerplate of each source: pieces that stand in many of its articles.

A piece is a line, or a sentence of a line. That it recurs is no proof: speakers thank, reporters
repeat what happened before, updates repeat their story. So a piece counts where

- the articles that hold it are not near-duplicates of one another, without it, nor made of
  recurring pieces for the most part, as bulletins are whose figures alone change;
- it stands at the beginning or the end of nearly all of them, beyond their own sentences, or,
  being no sentence, in nearly all articles of the source;
- a sentence of some length, which its author may well have written, recurs more often than a label.

Of every piece a hash of 8 bytes stays in memory; texts are read again where they are needed.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Protocol, TypeVar
from zlib import crc32

from labels.ingest.clean.boilerplate import Boilerplate, Piece
from labels.ingest.clean.lines import CLOSERS
from labels.ingest.clean.pieces import sentence_spans
from labels.ingest.duplicates import Sketch, group_near_duplicates, sketch_of
from labels.ingest.piece_counts import NOT_COUNTED, PART_LETTERS, PieceCounter, Pieces, hasher
from labels.ingest.settings import BoilerplateSettings, NearDuplicateSettings

R = TypeVar("R")

_SENTENCE_END = ".!?؟…۔。！？"
_LONG_LINE = 120  # characters; a line without an end of sentence is text from here on
_LONG_SENTENCE = 8  # words; an author may write it, and again
_SPILL = 60  # characters of own sentences that may stand beyond a piece at the edge
_EVERYWHERE = 0.8  # of a source's articles; a line in so many is no author's, wherever it stands
_SAMPLE = 48  # articles that are compared, of those that hold a piece
_GROUPING_CHARACTERS = 20_000
_LOOSER = 2  # updates of a story are less alike than copies: half of the usual threshold
_LEAST_REST = 0.3  # of an article that is left without the pieces that recur


@dataclass(frozen=True, slots=True)
class Seen:
    """An article of the input as it is read again."""

    text: str
    title: str | None
    pieces: Pieces
    title_inside: bool  # the title may be the first line


class Again(Protocol):
    """Applies a function to articles that pieces were counted in, in the same order."""

    def __call__(self, function: Callable[[int, Seen], R], only: frozenset[int]) -> Iterable[R]:
        """Apply a function to the number of each article among ``only``, and the article."""
        ...


@dataclass(slots=True)
class _Evidence:
    """What the articles that hold a piece show of it."""

    source: str
    text: str  # as first seen
    parts: frozenset[int]  # hashes of what it consists of
    articles: int
    whole: int  # where it is a line of its own
    at_end: int  # nothing of the article's own stands behind it
    at_edge: int  # or before it
    as_title: int  # where it may be the title
    # Rank and number of articles; the ranks are those of all pieces, so that samples overlap.
    sample: list[tuple[int, int]]

    def add(self, other: "_Evidence") -> None:
        self.articles += other.articles
        self.whole += other.whole
        self.at_end += other.at_end
        self.at_edge += other.at_edge
        self.as_title += other.as_title
        self.sample += other.sample
        if len(self.sample) > 2 * _SAMPLE:
            self.sample = sorted(self.sample)[:_SAMPLE]

    @property
    def is_long_sentence(self) -> bool:
        return _is_sentence(self.text) and len(self.text.split()) >= _LONG_SENTENCE

    def sampled(self) -> list[int]:
        return [number for _, number in sorted(self.sample)[:_SAMPLE]]


@dataclass(slots=True)
class _Place:
    """Where a recurring piece stands in an article."""

    hash: int
    start: int
    end: int
    parts: frozenset[int] = frozenset()
    is_whole: bool = False
    is_title: bool = False
    before: int = 0  # characters of the article's own sentences before it
    after: int = 0


def learn(
    counter: PieceCounter,
    again: Again,
    settings: BoilerplateSettings,
    near_duplicates: NearDuplicateSettings,
) -> Boilerplate:
    """Find the pieces that are boilerplate.

    Args:
        counter: Has counted the pieces of all articles.
        again: Reads the same articles again.
        settings: How often a piece has to recur.
        near_duplicates: What near-duplicates are; looser here.
    """
    recurring = counter.recurring(settings)
    if not recurring:
        return Boilerplate()
    found: dict[int, _Evidence] = {}
    for article in again(partial(_evidence_in, recurring), counter.holders(recurring)):
        for key, evidence in article.items():
            if key in found:
                found[key].add(evidence)
            else:
                found[key] = evidence
    frequent = {
        key: evidence
        for key, evidence in found.items()
        if _is_frequent(evidence.articles, counter.articles[evidence.source], settings)
    }
    plausible = _plausible(frequent, counter.articles)
    groups = _groups(plausible, again, near_duplicates)
    sources: dict[str, list[Piece]] = defaultdict(list)
    for evidence in plausible:
        sample = evidence.sampled()
        apart = len({groups[number] for number in sample}) / len(sample) * evidence.articles
        total = counter.articles[evidence.source]
        if _is_frequent(apart, total, settings):
            share = round(evidence.articles / total, 4)
            piece = Piece(text=evidence.text, articles=evidence.articles, share=share)
            sources[evidence.source].append(piece)
    return Boilerplate(
        {
            source: sorted(sources[source], key=lambda piece: (-piece.articles, piece.text))
            for source in sorted(sources)
        }
    )


def _is_frequent(articles: float, total: int, settings: BoilerplateSettings) -> bool:
    return articles >= settings.least_articles and articles >= settings.least_share * total


def _evidence_in(recurring: frozenset[int], number: int, seen: Seen) -> dict[int, _Evidence]:
    """Say of an article's recurring pieces where they stand."""
    return {
        key: _Evidence(
            source=seen.pieces.source,
            text=seen.text[places[0].start : places[0].end],
            parts=places[0].parts,
            articles=1,
            whole=all(place.is_whole for place in places),
            at_end=all(place.after <= _SPILL for place in places),
            at_edge=all(min(place.before, place.after) <= _SPILL for place in places),
            as_title=any(place.is_title for place in places),
            sample=[(crc32(number.to_bytes(8)), number)],
        )
        for key, places in _places(seen, recurring).items()
    }


def _places(seen: Seen, recurring: frozenset[int]) -> dict[int, list[_Place]]:
    """Find the recurring pieces of an article; of a recurring line not its sentences as well."""
    if recurring.isdisjoint(seen.pieces.hashes):
        return {}
    places: list[_Place] = []
    own = 0
    for unit in _units(seen, recurring):
        if unit.hash:
            unit.before = own
            places.append(unit)
        elif unit.end - unit.start > _LONG_LINE or _is_sentence(seen.text[unit.start : unit.end]):
            own += unit.end - unit.start  # else it is a headline, a name or a label
    found: dict[int, list[_Place]] = defaultdict(list)
    for place in places:
        place.after = own - place.before
        found[place.hash].append(place)
    return found


def _units(seen: Seen, recurring: frozenset[int]) -> Iterator[_Place]:
    """Give the lines and sentences of an article in order; what does not recur has no hash."""
    pieces = seen.pieces
    hash_of = hasher(pieces.source, seen.title)
    for number, group in groupby(range(len(pieces.hashes)), key=pieces.lines.__getitem__):
        line, *parts = group
        start, end = pieces.starts[line], pieces.ends[line]
        if pieces.hashes[line] in recurring:
            is_title = seen.title_inside and number == 0
            found = pieces.hashes[line]
            yield _Place(found, start, end, frozenset([found]), is_whole=True, is_title=is_title)
            continue
        if all(pieces.hashes[part] not in recurring for part in parts):
            for unit in parts or (line,):
                yield _Place(NOT_COUNTED, pieces.starts[unit], pieces.ends[unit])
            continue
        rest = iter(parts)
        part = next(rest, None)
        for first, last in sentence_spans(seen.text[start:end], pieces.lang):
            inside = set()
            while part is not None and pieces.starts[part] < start + last:
                inside.add(pieces.hashes[part])
                part = next(rest, None)
            inside.discard(NOT_COUNTED)
            found = NOT_COUNTED
            if inside and inside <= recurring:
                found = hash_of(seen.text[start + first : start + last], PART_LETTERS)
            yield _Place(found, start + first, start + last, frozenset(inside))


def _is_sentence(piece: str) -> bool:
    return piece.rstrip(CLOSERS + " ")[-1:] in tuple(_SENTENCE_END)


def _plausible(frequent: dict[int, _Evidence], totals: Counter[str]) -> list[_Evidence]:
    """Choose by place and form."""
    chosen: list[_Evidence] = []
    balance: Counter[str] = Counter()  # sentences inside the articles, less those at their edges
    for evidence in frequent.values():
        is_chosen = _stands_out(evidence, evidence.articles / totals[evidence.source])
        if _is_sentence(evidence.text):
            balance[evidence.source] += -1 if is_chosen else 1
        if is_chosen:
            chosen.append(evidence)
    # Where sentences recur inside the articles (speeches, minutes), one at an edge proves nothing.
    return [
        evidence
        for evidence in chosen
        if balance[evidence.source] <= 0 or not _is_sentence(evidence.text)
    ]


def _stands_out(evidence: _Evidence, share: float) -> bool:
    n = evidence.articles
    if evidence.as_title >= 0.5 * n and share < 0.5:
        return False  # a column's name, which is its title
    is_whole = evidence.whole >= 0.9 * n
    if is_whole and share >= _EVERYWHERE:
        return True
    # A line may open an article as well as close it; a sentence that opens one may be a dateline.
    at_edge = evidence.at_edge if is_whole or share >= 0.3 else evidence.at_end
    if not _is_sentence(evidence.text):
        is_heading = evidence.text.rstrip()[-1:] in ":："  # what follows belongs to it
        return at_edge >= 0.8 * n and not is_heading
    if evidence.is_long_sentence:
        return at_edge >= 0.95 * n and share >= (0.1 if is_whole else 0.3)
    return at_edge >= 0.9 * n and (is_whole or share >= 0.1)


def _groups(
    plausible: Collection[_Evidence],
    again: Again,
    near_duplicates: NearDuplicateSettings,
) -> dict[int, str]:
    """Group the sampled articles by what they have beside the plausible pieces.

    Longer sentences stay: if articles share several of them, it is their story.
    """
    wanted = frozenset(number for evidence in plausible for number in evidence.sampled())
    if not wanted:
        return {}
    everything = frozenset(part for evidence in plausible for part in evidence.parts)
    labels = frozenset(
        part for evidence in plausible if not evidence.is_long_sentence for part in evidence.parts
    )
    settings = replace(near_duplicates, threshold=near_duplicates.threshold / _LOOSER)
    rests = dict(again(partial(_sketch_rest, everything, labels, settings), wanted))
    sketches = ((str(number), sketch) for number, sketch in rests.items() if sketch is not None)
    found = group_near_duplicates(sketches, settings)
    return {number: found.get(str(number), "bulletins") for number in rests}


def _sketch_rest(
    everything: frozenset[int],
    labels: frozenset[int],
    settings: NearDuplicateSettings,
    number: int,
    seen: Seen,
) -> tuple[int, Sketch | None]:
    """Sketch an article without labels; none if little is left without all pieces."""
    if len(_rest(seen, everything)) < _LEAST_REST * len(seen.text):
        return number, None
    return number, sketch_of(_rest(seen, labels)[:_GROUPING_CHARACTERS], settings)


def _rest(seen: Seen, without: frozenset[int]) -> str:
    """Leave pieces out of a text."""
    pieces = seen.pieces
    kept: list[int] = []
    for _, group in groupby(range(len(pieces.hashes)), key=pieces.lines.__getitem__):
        line, *parts = group
        if pieces.hashes[line] not in without:
            kept.extend(part for part in parts or (line,) if pieces.hashes[part] not in without)
    return "\n".join(seen.text[pieces.starts[part] : pieces.ends[part]] for part in kept)
