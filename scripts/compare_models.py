"""Compare two models on the same gold sentences: which is better, where, and how sure is that?

    python scripts/compare_models.py a=old.parquet b=new.parquet output=runs/compare/new
    python scripts/compare_models.py a=fp32.jsonl b=int8.jsonl gold=dev.jsonl output=runs/int8

A side is predictions.parquet of score_model, or what predict_stance wrote, mostly with
unit=sentence. Writes comparison.json, comparison.csv, comparison.md with what may be concluded,
and differing.csv, the sentences that the two answer differently.
"""

from labels.pipeline.command import Stage
from training.compare.settings import CompareSettings

STAGE = Stage(__file__, CompareSettings, "training.compare.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
