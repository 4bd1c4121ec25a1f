r"""Choose the sentences that people should label next, and write them for the program they use.

    python scripts/make_tasks.py input=stance.parquet gold=data/sample/gold.jsonl output=round
    python scripts/make_tasks.py input=data/mine/sentences/sentences.parquet output=round \
        votes=data/mine/votes/votes.parquet shares.uncertainty=0 shares.disagreement=1
    python scripts/make_tasks.py tasks=round/read/adjudicate.jsonl output=round/settle

Writes tasks.jsonl, which read_annotations needs and serve_annotation shows, and files for Label
Studio, doccano and spreadsheets. docs/annotation.md explains the whole round.
"""

from labels.pipeline.command import Stage
from training.selection.settings import MakeTasksSettings

STAGE = Stage(__file__, MakeTasksSettings, "training.selection.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
