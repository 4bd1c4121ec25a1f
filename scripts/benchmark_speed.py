"""Measure how fast inference is on this machine, beside the stock way and the machine's own peak.

    python scripts/benchmark_speed.py                                         # after `make run`
    python scripts/benchmark_speed.py input=articles/ page=runs/speed.md
    python scripts/benchmark_speed.py seconds=1 rounds=2 model_folder=null    # a first look

Every variant of the export, the trained model, and the stock way (sequence classifiers that read
`target </s> sentence`, in a transformers pipeline) label the same kinds of sentences in turn, round
by round, each in a process of its own. Run nothing beside it. It takes about eight minutes on two
cores, and longer where single batches take longer than `seconds`.
"""

from labels.pipeline.command import Stage
from training.inference.speed.settings import SpeedSettings

STAGE = Stage(__file__, SpeedSettings, "training.inference.speed.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
