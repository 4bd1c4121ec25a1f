"""Try settings of a training, stop the poor ones early, and say which were best on dev.

    python scripts/tune_model.py study=rates trials=20
    python scripts/tune_model.py study=real fixed=[experiment=real_news] trials=12
    python scripts/tune_model.py 'space=[learning_rate=5e-5..2e-4 log,batch_size=8|16]'

Run it again to go on; ask for more trials to try more. What a killed trial had finished is kept.
Several processes that share work and storage share the trials: docs/tuning.md has a Slurm example.
"""

from labels.pipeline.command import Stage
from training.tuning.settings import TuneSettings

STAGE = Stage(__file__, TuneSettings, "training.tuning.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
