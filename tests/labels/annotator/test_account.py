import pytest

from labels.annotator.account import duration, money


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.4, "0 s"), (99, "99 s"), (150, "2 min"), (9000, "2.5 h")]
)
def test_durations_are_told_in_one_unit(seconds, told):
    assert duration(seconds) == told


def test_money_that_is_not_known_is_no_zero():
    assert money(None).startswith("not known")
    assert money(1234.5) == "1,234.50"
    assert money(0.0) == "0.00"
