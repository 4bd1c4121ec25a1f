"""Train on shares of the built-in corpus and score each model on real sentences.

    python scripts/transfer_curve.py paths.data_dir=DIR    # after `make run`

DIR holds gold/train.jsonl and gold/dev.jsonl. Writes docs/transfer.md and its picture.
"""

from labels.command import run_stage
from training.config import TransferConfig
from training.transfer import transfer_curve

if __name__ == "__main__":
    run_stage(transfer_curve, TransferConfig, __file__, __doc__)
