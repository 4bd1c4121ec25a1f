"""Make the page of dvc plots work without a network: to be run once.

    python scripts/embed_vega.py
    dvc plots diff HEAD~1

Writes a template with the drawing library inside, and names it in .dvc/config.local.
"""

from labels.pipeline.command import Stage
from training.plots_page.settings import PlotsPageSettings

STAGE = Stage(__file__, PlotsPageSettings, "training.plots_page.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
