"""Tell how the score of a new target grows with the sentences that are labelled for it.

    python scripts/target_curve.py suite=ruw target_key=ukraine data_dir=DIR    # after `make run`

A public set of configs/suite stands for a target of one's own: rules, the main job's model that no
label of the target taught, and models taught by some of the set's sentences, scored on its dev.
Writes docs/own_target_curve.md and its picture. The same run is not trained twice.
"""

from labels.pipeline.command import Stage
from training.experiments.settings import TargetCurveSettings

STAGE = Stage(__file__, TargetCurveSettings, "training.experiments.target_curve")

if __name__ == "__main__":
    STAGE.main(__doc__)
