r"""List the gold labels that are most likely wrong, for a person to look at.

    python scripts/find_label_errors.py output=runs/errors
    python scripts/find_label_errors.py gold=mine/gold.csv output=runs/errors most=100
    python scripts/serve_annotation.py tasks=runs/errors/suspects.jsonl answers=runs/answers

Labels are predicted by cross-validation, by article; cleanlab says which are odd. Writes
suspects.jsonl, which serve_annotation, make_tasks and read_annotations take, and
label_errors.json. docs/annotation.md says how many of those found were wrong.
"""

from labels.pipeline.command import Stage
from training.label_errors.settings import FindErrorsSettings

STAGE = Stage(__file__, FindErrorsSettings, "training.label_errors.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
