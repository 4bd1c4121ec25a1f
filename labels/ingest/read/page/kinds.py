"""Pages, and parts of pages, that are no article: not found, checks, consent, subscriptions."""

import re
from collections import defaultdict

from labels.ingest.read.page.blocks import Block
from labels.ingest.read.page.metadata import Metadata
from labels.ingest.read.page.phrases import phrases_of, possible
from labels.pipeline.schema import Reject, rejected

_SENTENCE = re.compile(r"(?<=[.!?؟…])\s+|\n")
_NOTHING = 60  # characters of text that are no article where the page does not say so
_SHORT_PAGE = 1_200  # characters of text above which a page is more than a message
_MESSAGE = 400  # and up to which the message may stand in the text alone
_SENTENCE_CHARACTERS = 40  # of text below which there is none
_MOST = 0.5  # of a block's sentences that make it a notice
_SOME = 0.3  # of a named element's text that makes all of it a notice
_SMALL = 0.25  # of the page's text: behind the article, the element's name is enough
_OWN_MARKUP = 3  # elements so named that are an outlet's own mark-up of paragraphs
_LITTLE = 0.5  # of the page's text that an element named a notice may hold
_LINKS = 8  # headlines that make a list of them
_LINK_WORDS = 4
_INDEX_TEXT = 250  # characters beyond its teasers that a list of headlines may have
_TEASER = 300


def no_article(blocks: list[Block], page: Metadata, where: str) -> Reject | None:
    """Say why a page is no article; None where it may be one."""
    texts = [block for block in blocks if not block.is_linked and not block.furniture]
    size = sum(len(block.text) for block in texts)
    titles = [page.title or ""] + [block.text for block in texts if block.heading]
    lines = [block.text for block in texts]
    if size <= _SHORT_PAGE:
        if _says("browser_check", titles, lines, size):
            return rejected(
                where, "browser_check", "expected an article, found a check of the browser"
            )
        if _says("not_found", titles, lines, size):
            return rejected(where, "not_found", "expected an article, found none")
    return None


def _says(section: str, titles: list[str], lines: list[str], size: int) -> bool:
    patterns = phrases_of(section)
    n_hits = _n_hits(lines, patterns)
    in_title = any(pattern.search(title) for title in titles for pattern in patterns)
    return in_title or n_hits > 1 or (n_hits > 0 and size <= _MESSAGE)


def _n_hits(lines: list[str], patterns: tuple[re.Pattern[str], ...]) -> int:
    return sum(any(pattern.search(line) for pattern in patterns) for line in lines)


def bar_notices(blocks: list[Block]) -> None:
    """Bar the blocks that ask for consent or sell a subscription.

    Words alone may be an article's: they count where they make most of a block's sentences, in an
    element that is named a notice, or at the article's end.
    """
    small = "\n".join(block.text for block in blocks).lower()
    consent, terms = possible("consent", small), possible("subscription", small)
    total = sum(len(block.text) for block in blocks if block.is_prose)
    named: dict[int, list[Block]] = defaultdict(list)
    for block in blocks:
        share = max(_share(block.text, consent), _share(block.text, terms))
        block.barred = share >= _MOST
        if block.notice:
            named[block.notice].append(block)
            block.barred = share > 0
    _spare_inner(blocks)
    last = max(
        (number for number, block in enumerate(blocks) if _is_text(block) and not block.notice),
        default=0,
    )
    begins = {id(block): number for number, block in enumerate(blocks)}
    for group in named.values():
        size = sum(len(block.text) for block in group)
        barred = sum(len(block.text) for block in group if block.barred)
        is_end = begins[id(group[0])] > last and len(named) < _OWN_MARKUP
        if (barred >= _SOME * size and size <= _LITTLE * total) or (
            is_end and size <= _SMALL * total
        ):
            for block in group:
                block.barred = True


def _spare_inner(blocks: list[Block]) -> None:
    """Free what stands between paragraphs of the same element: there words alone are not enough."""
    last = {
        block.place: number
        for number, block in enumerate(blocks)
        if block.is_prose and not block.barred
    }
    begun: set[int] = set()
    for number, block in enumerate(blocks):
        if block.is_prose and not block.barred:
            begun.add(block.place)
        elif block.barred and not block.notice and block.place in begun:
            block.barred = number > last[block.place]


def _share(text: str, patterns: tuple[re.Pattern[str], ...]) -> float:
    """The fraction of the sentences in which one of the patterns stands."""
    if not any(pattern.search(text) for pattern in patterns):
        return 0.0
    sentences = [part for part in _SENTENCE.split(text) if any(map(str.isalnum, part))]
    hits = sum(any(pattern.search(part) for pattern in patterns) for part in sentences)
    return hits / max(len(sentences), 1)


def no_text(blocks: list[Block], chosen: list[Block], page: Metadata, where: str) -> Reject | None:
    """Say why the blocks that were chosen are no article; None where they are one."""
    text = sum(len(block.text) for block in chosen if block.n_ends and not block.is_linked)
    if text < _SENTENCE_CHARACTERS and any(block.barred for block in blocks):
        return rejected(where, "consent_only", "expected an article, found a request for consent")
    if page.is_article or page.body:
        return None
    if _is_index(blocks, chosen):
        return rejected(where, "index_page", "expected an article, found a list of articles")
    if sum(len(block.text) for block in chosen) <= _NOTHING:
        return rejected(where, "no_text", "expected a page with an article, found no main text")
    return None


def _is_index(blocks: list[Block], chosen: list[Block]) -> bool:
    """Whether a page lists headlines, and what text it has are their teasers."""
    links = {
        number
        for number, block in enumerate(blocks)
        if block.is_linked
        and not block.furniture
        and len(block.text.split()) >= _LINK_WORDS
        and (block.linked >= 0.9 * len(block.text.replace(" ", "")) or block.heading)
    }
    if len(links) < _LINKS:
        return False
    place = {id(block): number for number, block in enumerate(blocks)}
    own = [
        number
        for block in chosen
        if block.n_ends and not _is_teaser(blocks, number := place[id(block)], links)
    ]
    if any(after - before == 1 for before, after in zip(own, own[1:], strict=False)):
        return False  # two paragraphs, one after the other
    return sum(len(blocks[number].text) for number in own) <= _INDEX_TEXT


def _is_text(block: Block) -> bool:
    return block.n_ends > 0 and len(block.text) >= _SENTENCE_CHARACTERS


def _is_teaser(blocks: list[Block], number: int, links: set[int]) -> bool:
    """Whether a text stands below a headline that is a link, with a date between them or not."""
    if len(blocks[number].text) > _TEASER:
        return False
    return number - 1 in links or (number - 2 in links and not _is_text(blocks[number - 1]))
