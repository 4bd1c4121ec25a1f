"""Texts whose lines were broken at a fixed width, as transcripts and e-mails are."""

import re
from itertools import pairwise

from labels.ingest.lines import CLOSERS
from labels.schema import Block, SentenceKind

_LEAST = 8  # line breaks from which the habit of a text can be told
_SHARE = 0.3  # of them inside a sentence: in other texts nearly none is
_BREAK = re.compile(r"[ \t]*(?:\r\n|\n|\r)[ \t]*")
_ENDS = ".!?؟…:;"


def join_wrapped(blocks: list[Block], text: str) -> list[Block]:
    """Join the lines of a paragraph where the text is hard-wrapped; else give the blocks back.

    Only a break that small letters follow shows the habit, so text in scripts without case stays.

    Args:
        blocks: One a line, in order, offsets into ``text``.
        text: The text that the blocks are cut from.
    """
    is_break = [_is_break(one, next_one, text) for one, next_one in pairwise(blocks)]
    inside = [
        text[next_one.start].islower() and not _ends(one, text)
        for one, next_one in pairwise(blocks)
    ]
    n_inside = sum(one and both for one, both in zip(is_break, inside, strict=True))
    if sum(is_break) < _LEAST or n_inside < _SHARE * sum(is_break):
        return blocks
    widths = sorted(block.end - block.start for block in blocks)
    full = widths[len(widths) // 2] * 2 // 3  # a line that ends a paragraph is shorter
    joined = blocks[:1]
    for (one, next_one), may_join in zip(pairwise(blocks), is_break, strict=True):
        if may_join and (one.end - one.start >= full or not _ends(one, text)):
            joined[-1] = Block(start=joined[-1].start, end=next_one.end, kind=SentenceKind.body)
        else:
            joined.append(next_one)
    return joined


def _is_break(one: Block, next_one: Block, text: str) -> bool:
    is_body = one.kind is next_one.kind is SentenceKind.body
    return is_body and _BREAK.fullmatch(text, one.end, next_one.start) is not None


def _ends(block: Block, text: str) -> bool:
    return text[block.start : block.end].rstrip(CLOSERS)[-1:] in _ENDS
