"""Articles into sentences whose offsets never lie."""

from labels.segment.sentences import segment
from labels.segment.splitting import split_text

__all__ = ["segment", "split_text"]
