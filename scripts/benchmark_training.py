"""Train here and the stock way, side by side: how many times faster, and what both models score.

    python scripts/benchmark_training.py                                      # after `make run`
    python scripts/benchmark_training.py 'train_overrides=[runtime.precision=fp32]'

The stock way is a sequence classifier that reads `target </s> sentence` for every target, and one
for the sentiment, trained by the transformers Trainer with its defaults. Run nothing beside it. The
scores say something where train_share is large; at the default only the rates do.
"""

from labels.pipeline.command import Stage
from training.speed.settings import TrainingSpeedSettings

STAGE = Stage(__file__, TrainingSpeedSettings, "training.speed.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
