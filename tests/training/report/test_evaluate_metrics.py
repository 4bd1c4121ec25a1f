import pytest

from labels.pipeline.schema import SENTIMENT, STANCE
from training.report.evaluate_metrics import SchemeMetric


def test_batches_add_up_to_the_scores_of_the_whole():
    metric = SchemeMetric(STANCE)
    metric.add_batch(references=[0, 1], predictions=[0, 0])
    metric.add_batch(references=[2, 3], predictions=[2, 3])
    found = metric.compute()
    # favor: 1 right, 2 named, 1 gold: 2/3; against 0
    assert found["f_polar"] == pytest.approx(1 / 3)
    assert found["macro_f1"] == pytest.approx((2 / 3 + 0 + 1 + 1) / 4)
    assert found["n"] == 4


def test_the_scheme_says_what_is_scored():
    found = SchemeMetric(SENTIMENT).compute(references=[0, 1, 2], predictions=[0, 1, 2])
    assert found["macro_f1"] == 1.0
    assert list(found["f1"]) == ["negative", "neutral", "positive"]
    assert "positive" in SchemeMetric(SENTIMENT).description
    assert SchemeMetric(STANCE).description.endswith("and of favor and against.")


def test_no_rows_give_nulls_and_a_reason():
    found = SchemeMetric(STANCE).compute(references=[], predictions=[])
    assert (found["n"], found["f_polar"]) == (0, None)
    assert found["f_polar_reason"] == "no gold example of favor, against"
