"""Measure how fast labelling functions and label model are, and how much memory they take.

    python scripts/benchmark_labelling.py                                     # after `make run`
    python scripts/benchmark_labelling.py sentences=data/mine/sentences/sentences.parquet

The first 10,000 and 100,000 sentences are voted on and labelled, each stage in a process of its
own that starts others. Run nothing beside it. Sentences that come again, where the table is
smaller, are labelled faster than new ones: take a large table.
"""

from labels.pipeline.command import Stage
from training.labelling_speed.settings import LabellingSpeedSettings

STAGE = Stage(__file__, LabellingSpeedSettings, "training.labelling_speed.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
