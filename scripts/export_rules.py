"""Export the labelling functions and a label model that is fitted to their votes, like a model.

    python scripts/vote_sentences.py
    python scripts/export_rules.py
    python scripts/predict_stance.py input=articles/ output=stance.jsonl model=exports/rules

It needs no gold and no training: a baseline, and what a new target starts with. Gold under anchors
teaches the label model, votes of people and other models help to fit it.
"""

from labels.pipeline.command import Stage
from training.rules.settings import ExportRulesSettings

STAGE = Stage(__file__, ExportRulesSettings, "training.rules.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
