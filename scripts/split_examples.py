"""Split labelled sentences into train, dev and test without leaks.

    python scripts/split_examples.py sizes='{train: 0.7, dev: 0.15, test: 0.15}'

Near-duplicate articles stay together, or whole outlets, or times (`kind`). Sentences that share
half of their word 5-grams with dev or test never train; dev and test are gold. Writes
splits.parquet and split.json with the counts; check_splits looks for leaks in what was written.
"""

from labels.pipeline.command import Stage
from labels.split.settings import SplitSettings

STAGE = Stage(__file__, SplitSettings, "labels.split.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
