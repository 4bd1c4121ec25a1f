"""Export a trained model and rules that answer together, weighed by gold, like a model.

    python scripts/export_pool.py 'gold=[gold/train.jsonl]'
    python scripts/predict_stance.py input=articles/ output=stance.jsonl model=exports/pool

It needs two exports, of export_model and export_rules, and gold sentences that neither is to be
scored on; how much each counts is chosen by cross-validation over the articles of these.
"""

from labels.pipeline.command import Stage
from training.pool.settings import ExportPoolSettings

STAGE = Stage(__file__, ExportPoolSettings, "training.pool.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
