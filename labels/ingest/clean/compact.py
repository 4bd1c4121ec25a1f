"""Make the stored article of a cleaned one: the kept blocks, and nothing else."""

import re

from labels.ingest.clean.clean import Cleaned
from labels.ingest.clean.lines import INVISIBLE
from labels.pipeline.schema import Block, SentenceKind

_JOINERS = "\u200c\u200d"  # shape words of Arabic script and emoji; elsewhere they are nothing
_INVISIBLE = re.escape("".join(mark for mark in INVISIBLE if mark not in _JOINERS))
_NOT_STORED = re.compile(
    f"[{_INVISIBLE}\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
    f"|(?<!\\S)[{_JOINERS}]+|[{_JOINERS}]+(?![\\w\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff])"
)

_LINE_END = re.compile(
    r"[ \t]*+(?:\r\n|[\n\r\x0b\x0c\x85\u2028\u2029])[ \t]*+"
)  # of a hard-wrapped paragraph


def compact(title: str | None, text: str, cleaned: Cleaned) -> tuple[str | None, str, list[Block]]:
    """Keep only what is kept: title, text and blocks as they are stored.

    A title found in the text becomes the title. Blocks are joined by line feeds; invisible and
    control characters are left out, and the new blocks refer to the new text.
    """
    pieces: list[str] = []
    blocks: list[Block] = []
    position = 0
    for block in cleaned.blocks:
        piece = _LINE_END.sub(" ", printable(text[block.start : block.end]))
        if block.kind is SentenceKind.title:
            title = title or piece
            continue
        blocks.append(Block(start=position, end=position + len(piece), kind=block.kind))
        pieces.append(piece)
        position += len(piece) + 1
    return (printable(title) if title else None), "\n".join(pieces), blocks


def printable(text: str) -> str:
    """Leave out NUL, other control characters but line ends and tabs, and directional marks.

    Joiners inside a word or an emoji stay: they change what is read.
    """
    return text if text.isprintable() else _NOT_STORED.sub("", text)
