import math

import pytest

from labels.languages.identifier import Guess, identify


def test_languages_that_cannot_be_told_apart_count_together():
    guess = identify("Menteri luar akan bertemu rakan sejawatannya esok kerana perjanjian itu.")
    assert guess.ours["id"] > 0.9
    assert guess.other != "ms"


def test_the_margin_is_the_log_ratio_to_the_best_other_language():
    guess = Guess(ours={"en": 0.6, "id": 0.0}, other="nl", other_probability=0.2)
    assert guess.margin("en") == pytest.approx(math.log(3))
    assert guess.margin("id") < -20
