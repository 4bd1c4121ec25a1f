"""Train on shares of the built-in corpus and score each model on real sentences.

    python scripts/transfer_curve.py paths.data_dir=DIR    # after `make run`

DIR holds gold/train.jsonl and gold/dev.jsonl. Writes docs/transfer.md and its picture.
"""

from labels.pipeline.command import Stage
from training.experiments.settings import TransferSettings

STAGE = Stage(__file__, TransferSettings, "training.experiments.transfer")

if __name__ == "__main__":
    STAGE.main(__doc__)
