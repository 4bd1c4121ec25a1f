r"""Compare new articles with those that a model was trained on: has the news moved on?

    python scripts/check_drift.py articles=data/mine/articles/articles.parquet \
        reference=data/default/articles/articles.parquet output=runs/drift
    python scripts/check_drift.py articles=march.jsonl reference=january.jsonl output=runs/drift

A side is a table of ingest_articles (articles), segment_sentences (sentences) or split_examples
(splits), or what predict_stance wrote; with records on both sides, answers are compared, too.
Writes drift.json, the picture drift.svg, and tasks.jsonl, sentences that are worth labelling.
"""

from labels.pipeline.command import Stage
from training.drift.settings import DriftSettings

STAGE = Stage(__file__, DriftSettings, "training.drift.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
