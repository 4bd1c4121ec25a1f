"""Split articles into sentences with exact offsets.

    python scripts/segment_sentences.py articles=data/mine/articles/articles.parquet

Writes sentences.parquet.
"""

from labels.command import run_stage
from labels.config import SegmentConfig
from labels.segment import segment_sentences

if __name__ == "__main__":
    run_stage(segment_sentences, SegmentConfig, __file__, __doc__)
