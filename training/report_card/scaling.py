"""The probabilities that a user of the export sees, for rows that had no part in fitting them."""

from dataclasses import replace
from typing import Literal

import numpy as np

from labels.metrics.calibration import calibration_error
from labels.metrics.calibration_file import Calibration, Gap
from labels.pipeline.errors import DataError
from training.calibrate.answers import Answers, Judged
from training.calibrate.temperature import cross_scaled, scaled, unscaled
from training.report_card.scored import Scored

ALL = "all"  # in the place of a language, as calibrate_model writes it
_TOLERANCE = 1e-3  # of an error; another machine rounds otherwise


def scale(
    rows: Scored, calibration: Calibration, split: str, least_rows: int, n_folds: int
) -> Scored:
    """Scale probabilities by temperature.

    Of the split that the temperatures were fitted on, each fold of articles is scaled by the
    others, as ``calibrate_model`` does when it measures; of another split by all of the fitted one.
    Rows of a scheme that was not calibrated stay as they are.

    Args:
        rows: As the model gave them.
        calibration: Of the same predictions.
        split: That the rows are of.
        least_rows: As ``calibrate_model`` was told.
        n_folds: The same.

    Raises:
        DataError: The calibration is of other predictions, or was made with other settings.
    """
    gaps = calibration["gaps"].get(rows.scheme.name)
    if gaps is None or not len(rows):
        return rows
    answers = Answers(
        scheme=rows.scheme,
        logits=np.log(np.maximum(rows.probabilities, 1e-12)),  # as `Answers.of`
        gold=rows.gold,
        tasks=rows.tasks,
        langs=rows.langs,
        groups=np.char.zfill(rows.groups.astype(str), 12),  # folds depend on their order
    )
    if calibration["split"] != split:
        return replace(rows, probabilities=scaled(answers, calibration["temperatures"]))
    before = Judged.of(unscaled(answers), answers.gold)
    _check(gaps[ALL], before, "before", "is of other predictions; run calibrate_model again")
    probabilities = cross_scaled(answers, least_rows, n_folds)
    _check(
        gaps[ALL],
        Judged.of(probabilities, answers.gold),
        "after",
        "was made with other settings; give scaled_rows and scaled_folds the values of least_rows "
        "and folds in calibrate_model",
    )
    return replace(rows, probabilities=probabilities)


def _check(gap: Gap, judged: Judged, when: Literal["before", "after"], otherwise: str) -> None:
    found = calibration_error(judged.confidences, judged.right)
    said = gap[when]
    if gap["n"] != len(judged.right) or said is None or found is None:
        raise DataError(
            f"calibration.json: expected {len(judged.right)} answers, found {gap['n']}: it "
            "is of other predictions; run calibrate_model again"
        )
    if abs(found - said) > _TOLERANCE:
        raise DataError(
            f"calibration.json: expected an error {when} scaling of {found:.4f}, found {said:.4f}: "
            f"it {otherwise}"
        )
