"""Fine-tune a multilingual classifier; a killed run goes on where it stopped.

    python scripts/train_model.py epochs=12 learning_rate=1e-4
    python scripts/train_model.py classifier=cross_encoder output=models/cross
    torchrun --nproc_per_node 2 scripts/train_model.py    # several processes or GPUs of a machine

The checkpoint is chosen on dev f_polar_pooled, or by another score (chosen_by).
"""

from labels.pipeline.command import Stage
from training.fit.settings import TrainSettings

STAGE = Stage(__file__, TrainSettings, "training.fit.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
