"""Show each epoch of a training while it runs in another window.

    python scripts/follow_training.py
    python scripts/follow_training.py experiment=real_news

Reads the checkpoint that the training keeps, without touching it. Writes dvc_plots/live/history.csv
and metrics.json after each epoch, for dvc plots show and dvc metrics show.
"""

from labels.pipeline.command import Stage
from training.follow.settings import FollowSettings

STAGE = Stage(__file__, FollowSettings, "training.follow.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
