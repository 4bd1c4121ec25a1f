"""Chart which outlets stand where, over time, with the model's errors taken out of the shares.

    python scripts/predict_stance.py input=gold.jsonl output=gold_stance.jsonl unit=sentence
    python scripts/chart_stance.py predictions=stance.jsonl gold=gold.jsonl
      gold_predictions=gold_stance.jsonl output=shares

A cell is an outlet, language, target, voice and month or week. shares.csv has the shares of its
sentences that are for, against and neither, with 95% intervals; changes.csv says what rose or
fell; sensitivity.csv what hangs on threshold and seed; tasks.jsonl which sentences to label next.
index.html shows it all, each figure with its sentences. docs/shares.md says what each estimator
takes for granted and how often its intervals are right.
"""

from labels.pipeline.command import Stage
from training.shares.settings import ShareSettings

STAGE = Stage(__file__, ShareSettings, "training.shares.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
