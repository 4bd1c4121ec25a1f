"""Choose the article's blocks: the library's, without what surrounds them, with what it missed.

`docs/pages.md` says what each step is worth on pages of other sites than it was written for.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from labels.ingest.read.page.blocks import LONG, NO_PLACE, SENTENCE_END, Block
from labels.ingest.read.page.phrases import phrases_of

_STAMP = re.compile(
    r"(?:\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}\s[^\W\d]{3,12}\.?,?\s\d{4})\D{1,6}\d{1,2}:\d{2}"
    r"|\d{1,2}:\d{2}\D{1,6}(?:\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}\s[^\W\d]{3,12}\.?,?\s\d{4})"
)
_COMMENTS = 3  # bylines with a time that make a list of comments
_COST = 400.0  # characters against each of them, and against a heading of other matter
_INSIDE = 0.8  # of the text that stands in an element named the article, which is then trusted
_ENOUGH = 0.8  # of the best run's text that a run after a later headline must have
_MOST_TITLES = 10  # places where the headline stands that may begin the article
_AFTER_TITLE = 0.3  # of the text that stands behind the headline, where it begins the article
_SHORT = 40  # characters below which one sentence says little
_GAP = 0.3  # a character of other matter between two blocks, against one of text
_GAP_BLOCK = 200  # characters of a block that count for it
_NEIGHBOURS = 2  # paragraphs in the same element that make it the article's
_LEADS = 3  # blocks after the headline that may be the lead
_LEAD_WORDS = 5
_LINK_SENTENCE = 0.9  # fraction of links up to which a sentence in the article's element stays
_INSERT = 300  # characters of a box between two bare texts of an element that costs nothing
_INSERT_BLOCKS = 20
_CARDS = 3  # linked headings in a row, each with a short text, that are a list of articles
_CARD_BLOCKS = 5
_CARD_CHARACTERS = 300
_CARD_HEADING = 15
_CARD_LINKED = 0.45  # a heading may stand twice, for eyes and for readers of screens


def choose(blocks: list[Block], title_key: str) -> list[Block]:
    """Give the blocks of the article, in order.

    The run of blocks with the best balance of text over the rest is the article (Kadane's
    algorithm). Where most of the text stands in an element that is named the article, its blocks
    are kept but for lists of links.

    Source:
        Kohlschütter et al. 2010, Boilerplate detection using shallow text features, for the
        weights by length, sentence ends and links.
    """
    return _Choice(blocks, title_key).made()


@dataclass(frozen=True)
class _Run:
    start: int  # the block after the headline, or 0
    first: int
    last: int
    gain: float


class _Choice:
    def __init__(self, blocks: list[Block], title_key: str) -> None:
        self._blocks = blocks
        prose = [block for block in blocks if _counts(block) and not block.is_linked]
        inside = sum(len(block.text) for block in prose if block.inside)
        self._total = sum(len(block.text) for block in prose)
        self._is_trusted = self._total > 0 and inside >= _INSIDE * self._total
        depths: Counter[int] = Counter()
        for block in prose:
            depths[block.aside] += len(block.text)
        self._depth = depths.most_common(1)[0][0] if depths else 0
        self._titles = [
            number
            for number, block in enumerate(blocks, start=1)
            if title_key and block.key == title_key
        ]
        self._cards = _cards(blocks)
        self._weights = self._weigh()

    def made(self) -> list[Block]:
        run = self._best()
        if run is None:
            found = {number for number, block in enumerate(self._blocks) if self._may_stand(block)}
            return self._trimmed(found - {number - 1 for number in self._titles})
        if self._is_trusted:
            run = self._extended(run)
        places = Counter(
            block.place for block in self._blocks[run.first : run.last] if _counts(block)
        )
        kept = {number for number in range(run.first, run.last) if self._belongs(number, places)}
        if run.start:
            kept.update(self._leads(run))
        kept.update(self._endings(run, places))
        return self._trimmed(kept - self._cards)

    def _may_stand(self, block: Block) -> bool:
        return block.found and not (block.barred or block.is_linked)

    def _is_inside(self, block: Block) -> bool:
        return self._is_trusted and block.inside

    def _weigh(self) -> list[float]:
        stamps = [
            len(block.text) < LONG and bool(_STAMP.search(block.text)) for block in self._blocks
        ]
        cost = _COST if sum(stamps) >= _COMMENTS else 0.0
        weights = []
        for number, (block, stamp) in enumerate(zip(self._blocks, stamps, strict=True)):
            weight = self._weight(block)
            if number in self._cards:
                weight = min(weight, 0.0)
            if not self._is_inside(block):
                weight -= cost * stamp + _COST * _begins(block, "other_matter")
            weights.append(weight - _COST * _begins(block, "comments"))
        for number in self._inserts():
            weights[number] = max(weights[number], 0.0)
        return weights

    def _inserts(self) -> Iterator[int]:
        """The boxes that stand in the midst of an element's own text."""
        last: dict[int, int] = {}
        for number, block in enumerate(self._blocks):
            if not _counts(block) or block.is_linked or block.place == NO_PLACE:
                continue
            before = last.get(block.element, number)
            last[block.element] = number
            if number - before > _INSERT_BLOCKS:
                continue
            between = self._blocks[before + 1 : number]
            if sum(len(other.text) for other in between) <= _INSERT:
                yield from range(before + 1, number)

    def _weight(self, block: Block) -> float:
        """Characters for the article, or against it."""
        size = len(block.text)
        if block.caption or block.barred:
            return 0.0
        if not block.found:
            return 0.0 if self._is_inside(block) else -_GAP * min(size, _GAP_BLOCK)
        if block.is_linked:
            return 0.0 if self._is_inside(block) else -float(size) - _SHORT / 2
        if block.is_prose:
            return float(size - block.linked)
        if block.n_ends and not block.linked and not block.heading:
            return size / 2 if size >= _SHORT else 0.0
        return 0.0 if self._is_inside(block) else -size / 2

    def _best(self) -> _Run | None:
        """Find the best run; the last one of those after a headline that lose little text."""
        runs = [_best_run(self._weights, start) for start in [0, *self._titles[:_MOST_TITLES]]]
        most = max(run.gain for run in runs)
        if most <= 0:
            return None
        least = 1.0 if self._is_trusted else _ENOUGH
        if self._begins_article():
            least = _AFTER_TITLE
        return [run for run in runs if run.gain >= least * most][-1]

    def _begins_article(self) -> bool:
        """Whether the only headline of the first order is the title."""
        first = [block.key for block in self._blocks if block.heading == 1]
        return (
            len(first) == 1
            and len(self._titles) == 1
            and (self._blocks[self._titles[0] - 1].heading == 1)
        )

    def _extended(self, run: _Run) -> _Run:
        """Take the library's blocks beside the run that stand in the article's element."""
        first, last = run.first, run.last
        number = last
        while number < len(self._blocks) and self._may_extend(number):
            number += 1
            if self._blocks[number - 1].found:
                last = number
        number = first
        while number > run.start and self._may_extend(number - 1):
            number -= 1
            if self._blocks[number].found:
                first = number
        return _Run(run.start, first, last, run.gain)

    def _may_extend(self, number: int) -> bool:
        block = self._blocks[number]
        return block.inside and (not block.found or self._weights[number] > -_COST / 4)

    def _belongs(self, number: int, places: Counter[int]) -> bool:
        """Whether a block of the run is the article's.

        One that the library lacks needs a reason: the page's structured data have it, or it stands
        among the article's paragraphs and is a sentence.
        """
        block = self._blocks[number]
        if block.barred or _begins(block, "other_matter"):
            return False
        if block.found:
            if not block.is_linked or block.stated:
                return True
            is_sentence = bool(SENTENCE_END.search(block.text[-3:]))
            few_links = block.linked <= _LINK_SENTENCE * len(block.text)
            return self._is_inside(block) and is_sentence and few_links
        if block.caption or block.heading or block.is_linked or block.is_byline:
            return False
        if block.stated:
            return True
        is_among = places[block.place] >= _NEIGHBOURS and not (block.aside or block.furniture)
        if not self._is_trusted:
            return is_among and block.n_ends > 0
        beside = (
            self._blocks[max(number - 1, 0)],
            self._blocks[min(number + 1, len(self._blocks) - 1)],
        )
        return (
            is_among
            and block.is_prose
            and any(_counts(other) and other.place == block.place for other in beside)
        )

    def _leads(self, run: _Run) -> set[int]:
        """The blocks between headline and run that are the lead."""
        return {
            number
            for number in range(run.start, min(run.start + _LEADS, run.first))
            if self._is_lead(self._blocks[number])
        }

    def _is_lead(self, block: Block) -> bool:
        if block.caption or block.linked or block.is_byline or block.barred or block.aside:
            return False
        if block.furniture or len(block.text.split()) < _LEAD_WORDS:
            return False
        return block.found or not self._is_trusted

    def _endings(self, run: _Run, places: Counter[int]) -> set[int]:
        """The short sentences that close the article: too light to lengthen the run."""
        kept = set()
        for number in range(run.last, len(self._blocks)):
            block = self._blocks[number]
            is_text = block.n_ends and not (block.linked or block.heading or block.caption)
            if not is_text or block.is_byline or block.barred or block.aside > self._depth:
                break
            if places[block.place] < _NEIGHBOURS:
                break
            kept.add(number)
        return kept

    def _trimmed(self, kept: set[int]) -> list[Block]:
        """Leave out headlines before the text, headings and links behind it, and other matter."""
        numbers = sorted(
            number
            for number in kept
            if self._blocks[number].aside <= self._depth or self._blocks[number].stated
        )
        chosen = [self._blocks[number] for number in numbers]
        text = next((number for number, block in enumerate(chosen) if block.is_prose), 0)
        chosen = [
            block for number, block in enumerate(chosen) if number >= text or block.heading != 1
        ]
        while chosen and (chosen[-1].heading or chosen[-1].linked > _GAP * len(chosen[-1].text)):
            chosen.pop()
        return chosen


def _counts(block: Block) -> bool:
    return block.found and block.is_prose and not block.barred


def _best_run(weights: list[float], start: int) -> _Run:
    """Find the contiguous run with the largest sum of weights (Kadane's algorithm)."""
    best = _Run(start, start, start, 0.0)
    gain, first = 0.0, start
    for number in range(start, len(weights)):
        if gain <= 0:
            gain, first = 0.0, number
        gain += weights[number]
        if gain > best.gain:
            best = _Run(start, first, number + 1, gain)
    return best


def _cards(blocks: list[Block]) -> set[int]:
    """The blocks of a list of other articles: linked headings, each with a short text below it."""
    cards: set[int] = set()
    chain: list[int] = []
    for number, block in enumerate(blocks):
        is_card = (
            block.heading
            and block.linked >= _CARD_LINKED * len(block.text)
            and len(block.text) >= _CARD_HEADING
        )
        if not is_card:
            continue
        if chain:
            between = sum(len(other.text) for other in blocks[chain[-1] + 1 : number])
            if number - chain[-1] > _CARD_BLOCKS or between > _CARD_CHARACTERS:
                cards |= _listed(chain, blocks)
                chain = []
        chain.append(number)
    cards |= _listed(chain, blocks)
    text = sum(len(block.text) for block in blocks if _counts(block))
    inside = sum(len(blocks[number].text) for number in cards if _counts(blocks[number]))
    return cards if inside <= text / 2 else set()


def _listed(chain: list[int], blocks: list[Block]) -> set[int]:
    if len(chain) < _CARDS:
        return set()
    step = max(after - before for before, after in zip(chain, chain[1:], strict=False))
    end = min(chain[-1] + min(step, _CARD_BLOCKS - 2), len(blocks))
    return {
        number for number in range(chain[0], end) if len(blocks[number].text) <= _CARD_CHARACTERS
    }


def _begins(block: Block, matter: str) -> bool:
    """Whether a line begins readers' comments, or a list of other articles."""
    return len(block.text) <= LONG and _matches(block.text, matter)


@lru_cache(maxsize=4_096)
def _matches(text: str, section: str) -> bool:
    return any(pattern.match(text) for pattern in phrases_of(section))
