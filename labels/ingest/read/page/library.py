"""Trafilatura's view of a page, told in blocks: which of them it takes for the article."""

from bisect import bisect_left
from collections import Counter, defaultdict

import lxml.html
import trafilatura

from labels.ingest.clean.lines import key_of
from labels.ingest.read.page.blocks import NO_PLACE, Block

_ANCHOR = 25  # letters of a line that is found at one place only
_FUZZY = 60  # letters of a block that may differ inside from the library's line
_PIECE = 20  # letters; most of a fuzzy block's pieces stand in the line
_MOST = 0.6
_NEAR = 3  # blocks behind the last line, of which the next one may be a piece
_LEAST = 100  # characters of bare text that make an article which the library does not see
_MOST_COMPARED = 300_000  # lines with blocks; a page that needs more has thousands of equal lines


def mark_found(blocks: list[Block], tree: lxml.html.HtmlElement) -> list[Block]:
    """Mark the blocks that trafilatura has; give all, with its lines that are no block's.

    Lines and blocks are both in reading order. Lines that stand once on either side are tied
    first, in the longest order that both share; the others are looked for between their
    neighbours. One line may hold many blocks, as where a table lays out the page.
    """
    text = trafilatura.extract(tree, include_comments=False, include_tables=True, fast=True) or ""
    lines = [line.strip() for line in text.split("\n")]
    lines = [line for line in lines if any(map(str.isalnum, line))]
    keys = [key_of(line) for line in lines]
    at = _Matcher(keys, [block.key for block in blocks]).match()
    by_key: dict[str, list[int]] = defaultdict(list)
    for number, block in enumerate(blocks):
        by_key[block.key].append(number)
    lost: dict[int, list[Block]] = {}
    last = -1
    for line, key, numbers in zip(lines, keys, at, strict=True):
        for number in numbers:
            blocks[number].found = True
        if numbers:
            last = numbers[-1]
        elif same := by_key.get(key):
            blocks[same[min(bisect_left(same, last), len(same) - 1)]].found = True
        elif not _is_piece(key, blocks[last + 1 : last + 1 + _NEAR]):
            lost.setdefault(last, []).append(
                Block(text=line.removeprefix("- ").strip(" |"), found=True, place=NO_PLACE)
            )
    _mark_bare(blocks)
    result = lost.get(-1, [])
    for number, block in enumerate(blocks):
        result.append(block)
        result.extend(lost.get(number, ()))
    return result


def _is_piece(key: str, following: list[Block]) -> bool:
    """Whether a line is a few words of one of the blocks that follow."""
    return len(key) < _ANCHOR and any(key in block.key for block in following)


def _mark_bare(blocks: list[Block]) -> None:
    """Mark the sentences that stand bare in the article's element, and its paragraphs among them.

    The library loses text that follows a picture, a table or a box of links in the same element,
    and may lose all of it.
    """
    known = {block.element for block in blocks if block.found and _is_text(block)}
    known |= _missed(blocks)
    last = {
        block.place: number
        for number, block in enumerate(blocks)
        if _is_text(block) and (block.found or (block.place in known and not block.aside))
    }
    for number, block in enumerate(blocks):
        if block.n_ends and not (block.is_linked or block.caption):
            is_beside = _stands(number, block, last.get(block.element))
            is_child = block.place in known and not block.aside
            is_child = is_child and _stands(number, block, last.get(block.place))
            block.found = block.found or block.element in known or is_beside or is_child
    _mark_lists(blocks)


def _is_text(block: Block) -> bool:
    return block.is_prose and not block.is_linked


def _stands(number: int, block: Block, last: int | None) -> bool:
    """Whether a block is the article's, or stands before its last paragraph in an element."""
    return last is not None and (block.is_prose or number < last)


def _missed(blocks: list[Block]) -> set[int]:
    """The elements with more bare text than all that the library has."""
    sizes: dict[int, int] = defaultdict(int)
    found = 0
    for block in blocks:
        if block.found:
            found += len(block.text) * _is_text(block)
        elif not (block.caption or block.aside or block.furniture or block.notice):
            sizes[block.element] += len(block.text) * _is_text(block)
    return {element for element, size in sizes.items() if size > max(found, _LEAST)}


def _mark_lists(blocks: list[Block]) -> None:
    """Mark the sentences of lists that stand between bare texts of an element."""
    n_texts = Counter(block.element for block in blocks if block.found and block.n_ends)
    before = 0  # the element of the last bare text
    items: list[Block] = []  # behind it
    for block in blocks:
        if not block.n_ends or block.is_linked or block.caption or block.aside:
            continue
        if block.found and n_texts[block.element] > 1:
            if block.element == before:
                for item in items:
                    item.found = True
            before, items = block.element, []
        elif block.item:
            items.append(block)


class _Matcher:
    """Finds the blocks of every line; both are given by their keys."""

    def __init__(self, lines: list[str], blocks: list[str]) -> None:
        self._lines = lines
        self._blocks = blocks
        self._left = _MOST_COMPARED

    def match(self) -> list[list[int]]:
        """Give the numbers of each line's blocks, in order; none where nothing fits."""
        at = self._anchors()
        after = [0] * len(at)
        following = len(self._blocks)
        for number in range(len(at) - 1, -1, -1):
            after[number] = following
            if at[number]:
                following = at[number][0]
        last = -1
        for number, key in enumerate(self._lines):
            if not at[number]:
                at[number] = self._between(key, last + 1, after[number])
                if not at[number] and len(key) >= _ANCHOR:
                    at[number] = self._pieces_of(key, 0, len(self._blocks))
                    continue
            if at[number]:
                last = at[number][-1]
                if len(key) < len(self._blocks[last]):
                    last -= 1  # the next line may be of the same block
        return at

    def _anchors(self) -> list[list[int]]:
        n_lines, n_blocks = Counter(self._lines), Counter(self._blocks)
        place = {key: number for number, key in enumerate(self._blocks)}
        pairs = [
            (number, place[key])
            for number, key in enumerate(self._lines)
            if len(key) >= _ANCHOR and n_lines[key] == 1 and n_blocks[key] == 1
        ]
        at: list[list[int]] = [[] for _ in self._lines]
        for line, block in _longest_increasing(pairs):
            at[line] = [block]
        return at

    def _between(self, key: str, start: int, end: int) -> list[int]:
        for number in range(start, end):
            if self._blocks[number] == key:
                return [number]
        return self._pieces_of(key, start, end)

    def _pieces_of(self, key: str, start: int, end: int) -> list[int]:
        self._left -= end - start
        if self._left < 0:
            return []
        found = [number for number in range(start, end) if _overlap(self._blocks[number], key)]
        if not found:
            return []
        short = (
            number
            for number in range(found[0], found[-1])
            if len(self._blocks[number]) > 3 and self._blocks[number] in key
        )
        return sorted({*found, *short})


def _overlap(block: str, line: str) -> bool:
    """Whether a block is part of a line, or a line of a block, but for few words."""
    if len(block) >= _ANCHOR and block in line:
        return True
    if len(line) >= _ANCHOR and line in block:
        return True
    if len(block) < _FUZZY or len(line) < _FUZZY - _PIECE:
        return False
    starts = range(0, len(block) - _PIECE + 1, _PIECE)
    return sum(block[start : start + _PIECE] in line for start in starts) >= _MOST * len(starts)


def _longest_increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the longest part of the pairs, sorted by the first, that the second sorts as well."""
    ends: list[int] = []  # the least last value of the runs of each length
    numbers: list[int] = []  # and which pair it is
    before: list[int | None] = []
    for number, (_, value) in enumerate(pairs):
        length = bisect_left(ends, value)
        before.append(numbers[length - 1] if length else None)
        if length == len(ends):
            ends.append(value)
            numbers.append(number)
        else:
            ends[length], numbers[length] = value, number
    result = []
    step = numbers[-1] if numbers else None
    while step is not None:
        result.append(pairs[step])
        step = before[step]
    return result[::-1]
