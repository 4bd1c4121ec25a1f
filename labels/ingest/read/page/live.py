"""Live blogs: posts one after the other, each with its time."""

import re
from collections import Counter

from labels.ingest.read.page.blocks import SENTENCE_END, Block, Blocks
from labels.ingest.read.page.metadata import Metadata
from labels.ingest.read.page.phrases import phrases_of

_POSTS = 3  # that make a live blog
_MOST_TEXT = 0.5  # of the page's text that stands in the posts of a page not named a live blog
_TIME_CHARACTERS = 40
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
    r"|(?:peb|mei|agu|ags|okt|nop|des)[a-z]{0,6}"
    r"|(?:янв|фев|мар|апр|ма|июн|июл|авг|сен|окт|ноя|дек)[а-я]{0,6}\.?"
    r"|يناير|فبراير|مارس|أبريل|إبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر"
    r"|(?:كانون|تشرين)\s(?:الأول|الثاني)|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول"
)
_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?m\.?)?|\d{1,2}\s?[ap]\.?m\.?"
_DAY = (
    r"\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?|\d{4}-\d{2}-\d{2}"
    rf"|\d{{1,2}}\s(?:{_MONTH})(?:,?\s\d{{4}})?(?:\sг\.?)?|(?:{_MONTH})\s\d{{1,2}}(?:,?\s\d{{4}})?"
)
_ZONE = r"\(?(?-i:[A-Z]{2,4})(?:[+-]\d{1,2})?\)?|\(?(?:мск|МСК|Мск)\)?"
_AGO = (
    r"\d{1,2}\s?(?:m|min|mins|minutes?|h|hrs?|hours?|s|seconds?|d|days?)\.?\sago|\d{1,2}[mh]\sago"
    r"|(?:\d{1,2}\s|se)(?:menit|jam|detik|hari)(?:\syang)?\slalu"
    r"|(?:\d{1,2}\s)?(?:минут\w?|мин\.?|час\w{0,2}|ч\.?|секунд\w?|дн\w+)\sназад"
    r"|(?:قبل|منذ)\s(?:\d{1,2}\s)?(?:دقيقة|دقائق|دقيقتين|ساعة|ساعات|ساعتين|ثوان\w*)"
)
_TIME = re.compile(
    rf"\W{{0,3}}(?:(?:(?:{_DAY})[\s,|•·—–-]{{0,4}}(?:pukul\s|at\s|в\s|الساعة\s)?)?(?:{_CLOCK})"
    rf"(?:\s(?:{_ZONE}|WIB|WITA|WIT|م|ص|مساء|صباحا))?"
    rf"(?:[\s,|•·—–-]{{1,4}}(?:{_DAY}))?|{_AGO})\W{{0,2}}",
    re.IGNORECASE,
)


def is_time(text: str) -> bool:
    """Whether a line says nothing but when a post came."""
    return len(text) <= _TIME_CHARACTERS and _TIME.fullmatch(text) is not None


def read_posts(blocks: Blocks, page: Metadata) -> tuple[list[Block], frozenset[str]] | None:
    """Give the posts of a live blog with their times, in order; None where the page is none.

    Comments of readers look alike: their times come after the article's own text, and less text
    stands below them.
    """
    found = blocks.found
    times = [
        number
        for number, block in enumerate(found)
        if is_time(block.text) and not (block.aside or block.furniture)
    ]
    if len(times) < _POSTS:
        return None
    around = _around([found[number] for number in times], blocks.parents)
    if around is None:
        return None
    times = [number for number in times if _holds(around, found[number], blocks.parents)]
    if len(times) < _POSTS:
        return None
    region = _region(times, around, blocks)
    n_posts = sum(
        any(
            found[number].n_ends and _is_text(found[number])
            for number in range(start + 1, end)
            if number in region
        )
        for start, end in zip(times, [*times[1:], len(found)], strict=True)
    )
    if n_posts < _POSTS or not _is_live(found, region, times[0], page):
        return None
    lead = [
        block
        for block in found[: times[0]]
        if block.found and block.is_prose and _is_text(block) and block.inside
    ]
    kept = _posts(found, region, set(times))
    return lead + kept, frozenset(found[number].text for number in times)


def _is_live(found: list[Block], region: set[int], first: int, page: Metadata) -> bool:
    inside = sum(
        len(found[number].text)
        for number in region
        if found[number].n_ends and _is_text(found[number])
    )
    every = sum(len(block.text) for block in found if block.is_prose and _is_text(block))
    before = sum(len(block.text) for block in found[:first] if block.is_prose and _is_text(block))
    if before > inside:
        return False
    named = page.is_live or any(
        pattern.search(text)
        for text in (page.title or "", page.url or "")
        for pattern in phrases_of("live")
    )
    return named or inside >= _MOST_TEXT * max(every, 1)


def _posts(found: list[Block], region: set[int], times: set[int]) -> list[Block]:
    """Keep times, headings and sentences; a time or heading with nothing below it goes."""
    kept: list[Block] = []
    for number in sorted(region):
        block = found[number]
        if number in times:
            while kept and (kept[-1].heading or is_time(kept[-1].text)):
                kept.pop()
            kept.append(block)
        elif _is_text(block) and (
            block.heading or block.n_ends or block.found or SENTENCE_END.search(block.text)
        ):
            kept.append(block)
    while kept and (kept[-1].heading or is_time(kept[-1].text)):
        kept.pop()
    return kept


def _is_text(block: Block) -> bool:
    return not (block.is_linked or block.aside or block.furniture or block.barred or block.caption)


def _around(times: list[Block], parents: list[int]) -> int | None:
    """The innermost element that holds most of the times: the list of posts."""
    counts: Counter[int] = Counter()
    depth: dict[int, int] = {}
    for block in times:
        chain = _chain(block.place, parents)
        for level, number in enumerate(reversed(chain)):
            depth[number] = level
            counts[number] += 1
    enough = max(_POSTS, len(times) // 2 + 1)
    holding = [number for number, count in counts.items() if count >= enough]
    return max(holding, key=lambda number: depth[number], default=None)


def _chain(number: int, parents: list[int]) -> list[int]:
    chain = [number]
    while number:
        number = parents[number]
        chain.append(number)
    return chain


def _holds(element: int, block: Block, parents: list[int]) -> bool:
    number = block.place
    while number > element:  # elements are numbered in order: a parent's number is smaller
        number = parents[number]
    return number == element


def _region(times: list[int], around: int, blocks: Blocks) -> set[int]:
    """The blocks of the list of posts; a heading right before the first time belongs to it."""
    region = set()
    first = times[0]
    for number, block in enumerate(blocks.found):
        if number >= first and _holds(around, block, blocks.parents):
            region.add(number)
    return region
