import numpy as np
import pytest

from labels.people.agreement import measure_agreement
from labels.pipeline.schema import tasks_for
from tests.labels.people.conftest import item

TASKS = tasks_for(["russia"])
# Of Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section A: alpha is 0.095.
MEG = "0 1 0 0 0 0 0 0 1 0".split()
OWEN = "1 1 1 0 0 1 0 0 0 0".split()


def answers(name, labels):
    return [
        {"id": f"a{i}", "version": "", "annotator": name, "values": {"russia": label}}
        for i, label in enumerate(labels)
        if label
    ]


def measured(*columns, langs=None, draws=50):
    n = len(columns[0])
    items = [item(f"a{i}", f"Words {i}.", (langs or ["en"] * n)[i]) for i in range(n)]
    given = [
        one for name, labels in zip("ABCD", columns, strict=False) for one in answers(name, labels)
    ]
    return list(measure_agreement(items, given, TASKS, draws, 3))


def test_alpha_and_kappa_are_those_of_a_published_example():
    binary = {"0": "favor", "1": "against"}
    found, english = measured([binary[one] for one in MEG], [binary[one] for one in OWEN])
    assert found["alpha"] == pytest.approx(0.095, abs=5e-4)
    assert (found["sentences"], found["answers"], found["equal"]) == (10, 20, 0.6)
    (pair,) = found["pairs"]
    # observed 0.6; expected 0.8 x 0.6 + 0.2 x 0.4 = 0.56: kappa = 0.04 / 0.44
    assert pair["kappa"] == pytest.approx(0.04 / 0.44)
    assert (found["lang"], english["lang"]) == (None, "en")
    assert english["alpha"] == found["alpha"]


def test_an_interval_holds_the_value_and_is_narrower_with_more_articles():
    rng = np.random.default_rng(1)
    first = rng.choice(["favor", "neutral"], 400).tolist()
    second = [
        label if keep else "against"
        for label, keep in zip(first, rng.random(400) < 0.8, strict=True)
    ]
    few, *_ = measured(first[:40], second[:40], draws=200)
    many, *_ = measured(first, second, draws=200)
    for found in (few, many):
        assert found["low"] < found["alpha"] < found["high"]
        assert found["pairs"][0]["low"] < found["pairs"][0]["kappa"] < found["pairs"][0]["high"]
    assert many["high"] - many["low"] < few["high"] - few["low"]


def test_sentences_of_one_article_are_drawn_together():
    labels = ["favor", "against"] * 10
    items = [item(f"a#{i}", f"Words {i}.") for i in range(20)]  # all of the article a
    given = [
        {"id": f"a#{i}", "version": "", "annotator": name, "values": {"russia": label}}
        for name in "AB"
        for i, label in enumerate(labels)
    ]
    found, _ = measure_agreement(items, given, TASKS, 20, 1)
    assert (found["alpha"], found["articles"]) == (1.0, 1)
    assert (found["low"], found["high"]) == (None, None)


def test_languages_are_measured_apart():
    found = measured(
        ["favor", "against", "favor", "against"],
        ["favor", "against", "against", "favor"],
        langs=["ar", "ar", "ru", "ru"],
    )
    assert [(one["lang"], one["alpha"]) for one in found[1:]] == [
        ("ar", 1.0),
        ("ru", pytest.approx(-0.5)),
    ]


def test_one_class_alone_has_no_alpha_and_says_so():
    found, _ = measured(["neutral"] * 3, ["neutral"] * 3)
    assert (found["alpha"], found["equal"]) == (None, 1.0)
    assert found["reason"] == "all answers are the same class"
    assert found["pairs"][0]["kappa"] is None


def test_one_annotator_alone_has_no_agreement():
    assert measured(["favor", "against"]) == []


def test_the_same_seed_gives_the_same_intervals():
    columns = ["favor", "against", "neutral"] * 5, ["favor", "neutral", "neutral"] * 5
    assert measured(*columns) == measured(*columns)
