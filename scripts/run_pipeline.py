"""Run every stage with DVC, then show the metrics: what ``make run`` calls.

python scripts/run_pipeline.py EXPERIMENT DATA_DIR
"""

import sys

from rich.console import Console

from labels.errors import ConfigError, DataError
from training.pipeline import run_pipeline

if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        run_pipeline(*sys.argv[1:])
    except (ConfigError, DataError) as error:
        Console(stderr=True).print(str(error), style="bold red", markup=False)
        sys.exit(1)
