"""Fit temperatures on what score_model predicted, and measure when the model should abstain.

    python scripts/calibrate_model.py

Writes calibration.json, which export_model puts into the export, reliability.csv and
reliability.svg.
"""

from labels.pipeline.command import Stage
from training.calibrate.settings import CalibrateSettings

STAGE = Stage(__file__, CalibrateSettings, "training.calibrate.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
