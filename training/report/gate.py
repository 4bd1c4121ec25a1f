"""The gate that a model must pass: it answers for the target asked, not for the sentence."""

from labels.metrics.records import Gain
from labels.pipeline.errors import DataError


def check_target(gain: Gain, split: str) -> None:
    """Stop where a model may as well not look at the target.

    Args:
        gain: What `training.report.sensitivity.target_gain` measured.
        split: That it was measured on.

    Raises:
        DataError: The interval of the gain includes 0, or nothing could be measured.
    """
    low = gain["low"]
    if low is None:
        raise DataError(
            f"{split}: expected a measure of whether the model looks at the target, found "
            f"{gain.get('reason', 'none')}; target_gate=false scores without it"
        )
    if low <= 0:
        raise DataError(
            f"{split}: expected a model that looks at the target: a gain above 0, found "
            f"{gain['gain']:.3f} with an interval from {low:.3f}, on {gain['n']} answers; the "
            "report is written all the same, and target_gate=false lets the model pass"
        )
