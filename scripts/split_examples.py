"""Split labelled sentences into train, dev and test without leaks.

    python scripts/split_examples.py shares='{train: 0.7, dev: 0.15, test: 0.15}'

Near-duplicate articles stay together; sentences that share half of their word 5-grams with dev or
test never train; dev and test are gold. Writes splits.parquet and split.json with the counts.
"""

from labels.command import run_stage
from labels.config import SplitConfig
from labels.split import split_examples

if __name__ == "__main__":
    run_stage(split_examples, SplitConfig, __file__, __doc__)
