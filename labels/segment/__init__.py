"""Articles into sentences whose offsets never lie."""

from labels.languages.splitting import split_text
from labels.segment.sentences import segment

__all__ = ["segment", "split_text"]
