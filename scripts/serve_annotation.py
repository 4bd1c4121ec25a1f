r"""Label sentences on a page of this machine, or settle where people disagree.

    python scripts/serve_annotation.py tasks=round/tasks.jsonl answers=round/answers
    python scripts/serve_annotation.py tasks=round/read/adjudicate.jsonl answers=round/settled

Open http://127.0.0.1:8001/ and type a name. Everything can be done with the keys; each answer is
kept at once, and whoever comes back goes on where they were. Only this machine can reach it unless
host= says otherwise. Stop it with Ctrl-C; read_annotations reads the answers.
"""

from labels.pipeline.command import Stage
from training.annotation_page.settings import AnnotationSettings

STAGE = Stage(__file__, AnnotationSettings, "training.annotation_page.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
