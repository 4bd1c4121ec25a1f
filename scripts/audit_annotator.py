"""Write the audit card of a language model that labels: how far it is right, what that hangs on.

    python scripts/audit_annotator.py endpoint=ollama endpoint.model=qwen3:8b gold=gold.jsonl

Asks about gold sentences with the prompt of annotate_sentences, then about a part of them again,
with the labels in another order, in other words and in another language. Writes audit.json and
audit.md: scores per language and target with intervals, the bias towards neutral, flips, and what
1,000 sentences take. docs/annotator.md says more.
"""

from labels.annotator.audit.settings import AuditSettings
from labels.pipeline.command import Stage

STAGE = Stage(__file__, AuditSettings, "labels.annotator.audit.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
