"""Label sentences: gold where there is gold, else silver from labelling functions.

    python scripts/label_sentences.py targets=[russia,oic,gaza_ceasefire]

Writes the votes of every function, the labels, the sentiments, the definitions of the targets and
labels.json, which says how far each function is right where there is gold. A target is one file in
configs/target/.
"""

from labels.command import run_stage
from labels.config import LabelConfig
from labels.label import label_sentences

if __name__ == "__main__":
    run_stage(label_sentences, LabelConfig, __file__, __doc__)
