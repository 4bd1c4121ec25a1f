import numpy as np
import pytest
from sklearn.metrics import f1_score

from labels.pipeline.errors import DataError
from training.benchmark.metric import score_suite
from training.benchmark.settings import SuiteMetric

STANCES = ("favor", "against", "neutral")


@pytest.fixture
def rows(prediction):
    rng = np.random.default_rng(3)
    return [
        prediction(task, gold, gold if rng.random() < 0.6 else "favor", group=f"g{i}")
        for i in range(60)
        for task in ("a", "b")
        for gold in [STANCES[rng.integers(3)]]
    ] + [prediction("sentiment", "negative", "positive", group="g0")]


def score(rows, metric):
    return score_suite(rows, metric, np.random.default_rng(0), 200)


def expected(rows, labels):
    gold, found = zip(*((row["gold"], row["label"]) for row in rows), strict=True)
    return f1_score(gold, found, labels=labels, average="macro")


def test_scores_are_the_means_of_f1_that_they_are_called(rows):
    stances = [row for row in rows if row["task"] != "sentiment"]
    polar = [*STANCES[:2]]
    by_target = [expected([row for row in stances if row["task"] == task], polar) for task in "ab"]
    assert score(rows, SuiteMetric.f_polar).score == pytest.approx(expected(stances, polar))
    assert score(rows, SuiteMetric.macro_f1).score == pytest.approx(expected(stances, [*STANCES]))
    assert score(rows, SuiteMetric.f_polar_by_target).score == pytest.approx(np.mean(by_target))
    assert by_target[0] != by_target[1]


def test_the_interval_holds_the_score_and_counts_texts(rows):
    found = score(rows, SuiteMetric.f_polar)
    assert found.low < found.score < found.high
    assert (found.rows, found.groups) == (120, 60)
    assert set(found.f1) == {"favor", "against"}


def test_a_class_without_gold_cannot_be_scored(rows):
    with pytest.raises(DataError, match="expected rows of neutral, positive to score"):
        score(rows, SuiteMetric.sentiment_macro_f1)
