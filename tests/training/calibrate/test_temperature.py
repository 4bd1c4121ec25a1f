import numpy as np
import pytest

from labels.metrics.calibration import calibration_error
from labels.metrics.calibration_file import POOLED, temperature_for
from training.calibrate.answers import Judged
from training.calibrate.temperature import (
    cross_scaled,
    fit_temperatures,
    scaled,
    temperature_of,
    unscaled,
)


def error(probabilities, answers):
    judged = Judged.of(probabilities, answers.gold)
    return calibration_error(judged.confidences, judged.right)


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_the_temperature_is_how_much_too_sure_the_answers_are(too_sure, factor):
    assert temperature_of(too_sure(factor, factor)) == pytest.approx(factor, rel=0.1)


def test_a_language_has_its_own_and_the_pooled_one_lies_between(too_sure):
    found = fit_temperatures(too_sure(en=2.0, ru=0.5), least_rows=100)["oic"]
    assert found["en"] == pytest.approx(2, rel=0.1)
    assert found["ru"] == pytest.approx(0.5, rel=0.1)
    assert 0.5 < found[POOLED] < 2


def test_a_language_with_few_answers_shares_the_pooled_one(too_sure):
    answers = too_sure()
    n_russian = int((answers.langs == "ru").sum())
    assert set(fit_temperatures(answers, n_russian)["oic"]) >= {POOLED, "ru"}
    assert "ru" not in fit_temperatures(answers, n_russian + 1)["oic"]


def test_a_language_that_is_not_known_has_the_pooled_one():
    own = {POOLED: 1.5, "en": 2.0}
    assert [temperature_for(own, lang) for lang in ("en", "ru", None)] == [2.0, 1.5, 1.5]


def test_a_class_without_gold_does_not_matter(too_sure):
    answers = too_sure(2.0, 2.0)
    assert temperature_of(answers[answers.gold != 1]) > 1


def test_scaled_answers_are_as_sure_as_they_are_right_and_stay_what_they_are(too_sure):
    answers = too_sure()
    probabilities = scaled(answers, fit_temperatures(answers, 100))
    assert error(unscaled(answers), answers) > 0.1
    assert error(probabilities, answers) < 0.04
    assert (probabilities.argmax(1) == answers.logits.argmax(1)).all()
    assert probabilities.sum(1) == pytest.approx(1)


def test_each_answer_is_scaled_by_what_other_articles_say(too_sure):
    # gold that is dealt at random to one article of two: nothing in it can be learned from it
    answers = too_sure()
    odd = np.array([int(group[1:]) % 2 == 1 for group in answers.groups.tolist()])
    one = answers[odd]
    crossed = cross_scaled(one, 100, 5)
    assert error(crossed, one) < 0.06
    within = scaled(one, fit_temperatures(one, 100))
    assert not np.allclose(crossed, within, atol=1e-4)
