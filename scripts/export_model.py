"""Export a trained model to a folder that predict_stance reads: ONNX, proven equal to torch.

python scripts/export_model.py model=models/default output=exports/default
"""

from labels.pipeline.command import Stage
from training.export.settings import ExportSettings

STAGE = Stage(__file__, ExportSettings, "training.export.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
