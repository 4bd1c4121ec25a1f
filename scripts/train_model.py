"""Fine-tune a multilingual classifier; a killed run goes on where it stopped.

    python scripts/train_model.py epochs=12 learning_rate=1e-4
    python scripts/train_model.py classifier=cross_encoder output=models/cross

The checkpoint is chosen on dev f_polar_pooled.
"""

from labels.command import run_stage
from training.config import GROUPS, TrainConfig
from training.train import train_model

if __name__ == "__main__":
    run_stage(train_model, TrainConfig, __file__, __doc__, GROUPS)
