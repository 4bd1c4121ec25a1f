"""Turn a public set into a table that train_model learns from besides its own examples.

    python scripts/read_suite.py suite=rusentne data_dir=DIR
    python scripts/train_model.py auxiliary='[{suite: rusentne, share: 0.3, weight: 0.5}]'

DIR holds the set's files as they were published, or a folder of the set's name that does.
A set is a file of configs/suite: its columns, labels and targets. The set's heads are dropped
when the training ends.
"""

from labels.pipeline.command import Stage
from training.benchmark.reading.settings import ReadSuiteSettings

STAGE = Stage(__file__, ReadSuiteSettings, "training.benchmark.reading.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
