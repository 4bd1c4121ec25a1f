r"""Split articles into sentences with exact offsets.

    python scripts/segment_sentences.py articles=data/mine/articles/articles.parquet \
        output=data/mine/sentences/sentences.parquet

Without ``output`` the sentences replace those of the main job in data/default.
"""

from labels.pipeline.command import Stage
from labels.segment.settings import SegmentSettings

STAGE = Stage(__file__, SegmentSettings, "labels.segment.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
