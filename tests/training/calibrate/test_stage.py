import csv
import json

import pytest

from labels.pipeline.errors import DataError
from labels.pipeline.tables import write_table
from tests.training.calibrate.conftest import rows_of
from training.report.attribution import NO_ATTRIBUTION


@pytest.fixture
def calibrate(tmp_path, composer, too_sure):
    """Calibrate on drawn predictions; return the content of ``calibration.json``."""

    def run(*overrides, rows=None):
        rows = list(rows_of(too_sure())) if rows is None else rows
        path = tmp_path / "predictions.parquet"
        write_table(path, "predictions", [row | NO_ATTRIBUTION for row in rows])
        composer.run(
            "calibrate_model", f"predictions={path}", f"output={tmp_path / 'out'}", *overrides
        )
        return json.loads((tmp_path / "out" / "calibration.json").read_text(encoding="utf-8"))

    return run


def test_calibration_mends_what_is_off(calibrate):
    found = calibrate()
    assert (found["split"], found["sentences"], found["delta"]) == ("dev", 2000, 0.1)
    assert set(found["temperatures"]) == {"oic"}
    assert found["temperatures"]["oic"]["en"] == pytest.approx(2, rel=0.1)
    gaps = found["gaps"]["stance"]
    assert set(gaps) == {"all", "en", "ru"}
    assert gaps["all"]["n"] == gaps["en"]["n"] + gaps["ru"]["n"] == 2000
    for gap in gaps.values():
        assert gap["after"] < gap["before"] / 2
    before, after = (found["rankings"]["stance"][name] for name in ("before", "after"))
    assert before[-1] == after[-1]  # of all answers as many are wrong
    assert after[4]["risk"] < before[4]["risk"]  # but the surest half is better known


def test_abstaining_keeps_the_risk_on_other_articles(calibrate):
    for label, cells in calibrate()["abstained"]["stance"].items():
        assert [cell["asked"] for cell in cells] == [0.05, 0.1, 0.2]
        for cell in cells:
            by_chance = (0.25 / max(1, 500 * cell["coverage"])) ** 0.5  # about 500 have a label
            assert cell["risk"] is None or cell["risk"] <= cell["asked"] + by_chance, label
        assert cells[0]["coverage"] <= cells[2]["coverage"]
        assert cells[2]["coverage"] > 0.05


def test_the_points_of_the_picture_are_written_for_other_programs(calibrate, tmp_path):
    calibrate()
    with (tmp_path / "out" / "reliability.csv").open(encoding="utf-8", newline="") as file:
        points = list(csv.DictReader(file))
    assert {(point["scheme"], point["when"]) for point in points} == {
        ("stance", "before"),
        ("stance", "after"),
    }
    assert sum(int(point["n"]) for point in points) == 4000
    assert (tmp_path / "out" / "reliability.svg").read_text("utf-8").startswith("<?xml")


def test_the_same_predictions_give_the_same_bytes(calibrate, tmp_path):
    calibrate()
    first = [path.read_bytes() for path in sorted((tmp_path / "out").iterdir())]
    calibrate()
    assert [path.read_bytes() for path in sorted((tmp_path / "out").iterdir())] == first


def test_a_split_that_was_not_scored_is_named(calibrate):
    with pytest.raises(DataError, match=r"predictions of test for at least 5 articles, found 0"):
        calibrate("split=test")


def test_too_few_articles_are_told(calibrate, too_sure):
    rows = list(rows_of(too_sure(n=6)))
    with pytest.raises(DataError, match=r"for at least 5 articles, found 3"):
        calibrate(rows=rows)
