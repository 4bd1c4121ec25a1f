"""Articles into sentences whose offsets never lie."""

from labels.segment.sentences import segment, segment_sentences
from labels.segment.splitting import split_text

__all__ = ["segment", "segment_sentences", "split_text"]
