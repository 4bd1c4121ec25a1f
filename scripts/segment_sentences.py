r"""Split articles into sentences with exact offsets.

    python scripts/segment_sentences.py articles=data/mine/articles/articles.parquet \
        output=data/mine/sentences/sentences.parquet

Without ``output`` the sentences replace those of the main job in data/default.
"""

from labels.command import run_stage
from labels.config import SegmentConfig
from labels.segment import segment_sentences

if __name__ == "__main__":
    run_stage(segment_sentences, SegmentConfig, __file__, __doc__)
