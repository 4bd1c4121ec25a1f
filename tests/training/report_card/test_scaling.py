import json

import numpy as np
import pytest

from labels.metrics.calibration import calibration_error
from labels.pipeline.errors import DataError
from training.report_card.scaling import scale
from training.report_card.scored import read_scored


@pytest.fixture
def calibrated(small, tmp_path, composer):
    """Return the columns of the small run, and its calibration."""
    small.write(tmp_path, composer)
    text = (tmp_path / "report" / "calibration.json").read_text(encoding="utf-8")
    return read_scored(iter(small.predictions), "dev").stances, json.loads(text)


def test_rows_are_scaled_as_calibrate_model_measured_them(calibrated):
    rows, calibration = calibrated
    found = scale(rows, calibration, "dev", 100, 4)
    error = calibration_error(found.confidences, found.right)
    assert error == pytest.approx(calibration["gaps"]["stance"]["all"]["after"])
    assert not np.allclose(found.probabilities, rows.probabilities)
    assert (found.probabilities.argmax(1) == rows.labels).all()


def test_another_split_is_scaled_by_all_of_the_fitted_one(calibrated):
    rows, calibration = calibrated
    calibration["temperatures"] = {"russia": {"pooled": 2.0}, "oic": {"pooled": 1.0}}
    found = scale(rows, calibration, "test", 100, 4)
    squared = found.probabilities[rows.tasks == "russia"] ** 2
    before = rows.probabilities[rows.tasks == "russia"]
    assert squared / squared.sum(1, keepdims=True) == pytest.approx(before)
    kept = rows.tasks == "oic"
    assert found.probabilities[kept] == pytest.approx(rows.probabilities[kept])


def test_a_calibration_of_other_predictions_is_refused(calibrated):
    rows, calibration = calibrated
    with pytest.raises(DataError, match="expected 48 answers, found 96: it is of other pred"):
        scale(rows[rows.langs == "en"], calibration, "dev", 100, 4)
    calibration["gaps"]["stance"]["all"]["before"] += 0.01
    with pytest.raises(DataError, match=r"error before scaling of .*run calibrate_model again"):
        scale(rows, calibration, "dev", 100, 4)


def test_other_settings_than_those_of_the_calibration_are_refused(calibrated):
    rows, calibration = calibrated
    calibration["gaps"]["stance"]["all"]["after"] += 0.01
    with pytest.raises(DataError, match="scaled_rows and scaled_folds the values of least_rows"):
        scale(rows, calibration, "dev", 100, 4)


def test_what_was_not_calibrated_stays_as_it_is(calibrated):
    rows, calibration = calibrated
    del calibration["gaps"]["stance"]
    assert scale(rows, calibration, "dev", 100, 4) is rows
