"""Score a trained model on gold sentences: per target, per language, pooled.

    python scripts/score_model.py
    python scripts/score_model.py scored=[dev,test]    # once, at the end

Writes scores.json, metrics.json (its headline), predictions.parquet, confusion.csv and
confusion.svg.
"""

from labels.pipeline.command import Stage
from training.report.settings import ScoreSettings

STAGE = Stage(__file__, ScoreSettings, "training.report.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
