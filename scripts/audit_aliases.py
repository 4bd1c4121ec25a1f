"""Audit the names of targets: are they found where they stand, and only there?

    python scripts/audit_aliases.py paths.work=data/mine draw=100 "judged=[]"   # what to read
    python scripts/audit_aliases.py paths.work=data/mine                        # figures

Draws sentences of each language, half of them with a target that vote_sentences found; a reader
writes into `named` of each line the targets that it names. Of judged sentences it gives precision
and recall by language and target.
"""

from labels.alias_audit.settings import AuditSettings
from labels.pipeline.command import Stage

STAGE = Stage(__file__, AuditSettings, "labels.alias_audit.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
