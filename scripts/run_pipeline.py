"""Run every stage of an experiment with DVC, then show its metrics: what ``make run`` calls.

python scripts/run_pipeline.py                      # the main job
python scripts/run_pipeline.py EXPERIMENT DATA_DIR  # another one, registered when it is new
"""

import sys

from rich.console import Console

from labels.pipeline.errors import ConfigError, DataError
from training.experiments.pipeline import run_pipeline

if __name__ == "__main__":
    if len(sys.argv) > 3 or any(word.startswith("-") for word in sys.argv[1:]):
        sys.exit(__doc__)
    try:
        run_pipeline(*sys.argv[1:])
    except (ConfigError, DataError) as error:
        Console(stderr=True).print(str(error), style="bold red", markup=False)
        sys.exit(1)
