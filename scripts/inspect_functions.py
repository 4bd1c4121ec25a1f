"""Look at labelling functions: where each fires, whom it repeats, how often gold agrees.

    python scripts/inspect_functions.py
    python scripts/inspect_functions.py paths.work=data/mine "gold=[gold.jsonl]"

Reads what vote_sentences wrote. Shows, for each labeller, target and language, coverage, overlap,
conflict, correlation, accuracy with its interval, and sentences that it voted on.
"""

from labels.inspection.settings import InspectSettings
from labels.pipeline.command import Stage

STAGE = Stage(__file__, InspectSettings, "labels.inspection.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
