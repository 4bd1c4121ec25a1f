"""Texts whose lines were broken at a fixed width, as transcripts and e-mails are."""

import re
from itertools import pairwise

from labels.ingest.clean.lines import CLOSERS
from labels.pipeline.schema import Block, SentenceKind

_LEAST = 8  # line breaks from which the habit of a text can be told
_RATIO = 0.3  # of them inside a sentence: in other texts nearly none is
_BREAK = re.compile(r"[ \t]*(?:\r\n|\n|\r)[ \t]*")
_ENDS = ".!?؟…:;"


def join_wrapped(blocks: list[Block], text: str) -> list[Block]:
    """Join the lines of a paragraph where the text is hard-wrapped; else give the blocks back.

    Only a break that small letters follow shows the habit, so text in scripts without case stays.

    Args:
        blocks: One a line, in order, offsets into ``text``.
        text: The text that the blocks are cut from.
    """
    is_break = [_is_break(block, following, text) for block, following in pairwise(blocks)]
    n_inside = sum(
        text[following.start].islower() and not _ends(block, text)
        for (block, following), breaks in zip(pairwise(blocks), is_break, strict=True)
        if breaks
    )
    if sum(is_break) < _LEAST or n_inside < _RATIO * sum(is_break):
        return blocks
    widths = sorted(block.end - block.start for block in blocks)
    full = widths[len(widths) // 2] * 2 // 3  # a line that ends a paragraph is shorter
    joined = blocks[:1]
    for (block, following), may_join in zip(pairwise(blocks), is_break, strict=True):
        if may_join and (block.end - block.start >= full or not _ends(block, text)):
            joined[-1] = Block(start=joined[-1].start, end=following.end, kind=SentenceKind.body)
        else:
            joined.append(following)
    return joined


def _is_break(block: Block, following: Block, text: str) -> bool:
    is_body = block.kind is following.kind is SentenceKind.body
    return is_body and _BREAK.fullmatch(text, block.end, following.start) is not None


def _ends(block: Block, text: str) -> bool:
    return text[block.start : block.end].rstrip(CLOSERS)[-1:] in _ENDS
