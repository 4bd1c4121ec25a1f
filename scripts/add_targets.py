"""Ask a trained model about targets that no label has taught it, without training.

    python scripts/add_targets.py targets=[nato] target_folder=mine/target output=models/nato
    python scripts/export_model.py model=models/nato output=exports/nato

Writes a model with the same weights and more targets. docs/own_target.md walks through a target of
one's own, and says how well such answers are.
"""

from labels.pipeline.command import Stage
from training.new_targets.settings import AddTargetsSettings

STAGE = Stage(__file__, AddTargetsSettings, "training.new_targets.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
