"""Export a trained model to a folder that predict_stance reads: ONNX, proven equal to torch.

python scripts/export_model.py model=models/default output=exports/default
"""

from labels.command import run_stage
from training.config import ExportConfig, RuntimeConfig
from training.export import export_model

if __name__ == "__main__":
    run_stage(export_model, ExportConfig, __file__, __doc__, {"runtime": RuntimeConfig})
