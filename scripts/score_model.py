"""Score a trained model on gold sentences: per target, per language, pooled.

    python scripts/score_model.py
    python scripts/score_model.py parts=[dev,test]    # once, at the end

Writes metrics.json, predictions.parquet, confusion.csv and confusion.svg.
"""

from labels.command import run_stage
from training.config import RuntimeConfig, ScoreConfig
from training.scoring import score_model

if __name__ == "__main__":
    run_stage(score_model, ScoreConfig, __file__, __doc__, {"runtime": RuntimeConfig})
