r"""Read what people labelled: check it, measure how far they agree, write gold.

    python scripts/read_annotations.py tasks=round/tasks.jsonl input=[anna.csv,boris.json] \
        output=round/read
    python scripts/read_annotations.py tasks=round/tasks.jsonl input=round/answers \
        adjudicated=round/settled output=round/read

Takes CSV of spreadsheets, exports of Label Studio and doccano, and what serve_annotation keeps.
Writes gold.jsonl, agreement.json, adjudicate.jsonl (what they disagree on) and rejects.jsonl.
"""

from labels.people.settings import ReadAnnotationsSettings
from labels.pipeline.command import Stage

STAGE = Stage(__file__, ReadAnnotationsSettings, "labels.people.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
