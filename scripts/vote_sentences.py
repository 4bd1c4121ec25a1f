"""Ask every labelling function about every sentence, and find where each target is named.

    python scripts/vote_sentences.py targets=[russia,oic,gaza_ceasefire]
    python scripts/vote_sentences.py address=10.0.0.5:6379

Writes votes.parquet (a row per sentence, task and labeller that was asked), mentions.parquet,
targets.json (the definitions that later stages read) and votes.json. A target is one file in
configs/target/, a labelling function one function in labels/functions/. With address=, the cores of
a Ray cluster ask; what is written is the same (docs/scale.md).
"""

from labels.functions.settings import VoteSettings
from labels.pipeline.command import Stage

STAGE = Stage(__file__, VoteSettings, "labels.functions.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
