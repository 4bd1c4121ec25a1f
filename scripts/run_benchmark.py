"""Train on a public set and score the model as the set's results are published.

    python scripts/run_benchmark.py suite=newsmtsc data_dir=DIR                    # scored on dev
    python scripts/run_benchmark.py suite=newsmtsc data_dir=DIR test_file=PATH     # on test, once
    python scripts/run_benchmark.py suite=ruw data_dir=DIR target_blind=true       # target hidden
    python scripts/run_benchmark.py suite=mawqif data_dir=DIR seeds=[13,14,15]

DIR holds the set's files as they were published, or a folder of the set's name that does.
A set is a file of configs/suite: its columns, labels and targets, and the settings of its training.
Training begins with the model of the main job (`make run`). The same run is not trained twice.
"""

from labels.pipeline.command import Stage
from training.benchmark.settings import BenchmarkSettings

STAGE = Stage(__file__, BenchmarkSettings, "training.benchmark.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
