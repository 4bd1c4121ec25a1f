"""Label sentences: gold where there is gold, else silver from the votes of all labellers.

    python scripts/label_sentences.py
    python scripts/label_sentences.py votes='[data/default/votes/votes.parquet,mine.parquet]'

Takes any number of votes tables: of labelling functions, of people, of a language model. Writes
the labels, the sentiments, label_rejects.parquet and labels.json, which says how far each labeller
is right where there is gold.
"""

from labels.label_model.settings import LabelSettings
from labels.pipeline.command import Stage

STAGE = Stage(__file__, LabelSettings, "labels.label_model.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
