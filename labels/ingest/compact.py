"""Make the stored article of a cleaned one: the kept blocks, and nothing else."""

import re

from labels.ingest.clean import INVISIBLE, Cleaned
from labels.schema import Block, SentenceKind

_NOT_STORED = re.compile(f"[{re.escape(INVISIBLE)}\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


def compact(title: str | None, text: str, cleaned: Cleaned) -> tuple[str | None, str, list[Block]]:
    """Keep only what is kept: title, text and blocks as they are stored.

    A title found in the text becomes the title. Blocks are joined by line feeds; invisible and
    control characters are left out, and the new blocks refer to the new text.
    """
    pieces: list[str] = []
    blocks: list[Block] = []
    position = 0
    for block in cleaned.blocks:
        piece = printable(text[block.start : block.end])
        if block.kind is SentenceKind.title:
            title = title or piece
            continue
        blocks.append(Block(start=position, end=position + len(piece), kind=block.kind))
        pieces.append(piece)
        position += len(piece) + 1
    return (printable(title) if title else None), "\n".join(pieces), blocks


def printable(text: str) -> str:
    """Leave out NUL, other control characters but line ends and tabs, and directional marks."""
    return _NOT_STORED.sub("", text)
