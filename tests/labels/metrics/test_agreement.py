import pytest

from labels.metrics.agreement import krippendorff_alpha, measure_agreement
from labels.pipeline.errors import DataError

ALIKE = [("yes", "yes"), ("yes", "yes"), ("no", "no"), ("no", "yes")]


def test_alpha_is_the_one_worked_out_by_hand():
    # 8 values, 5 yes and 3 no; one pair of four differs, which makes 2 of 8 coincidences:
    # alpha = 1 - (8 - 1) * 2 / (2 * 5 * 3)
    assert krippendorff_alpha(ALIKE) == pytest.approx(1 - 7 * 2 / 30)


def test_alpha_is_one_where_all_agree_and_below_zero_where_all_differ():
    assert krippendorff_alpha([("a", "a"), ("b", "b"), ("c", "c")]) == 1.0
    # 2 a and 2 b, every coincidence differs: 1 - 3 * 4 / (2 * 2 * 2)
    assert krippendorff_alpha([("a", "b"), ("b", "a")]) == pytest.approx(-0.5)


def test_the_order_of_the_readings_does_not_matter():
    turned = [pair[::-1] for pair in ALIKE]
    assert krippendorff_alpha(turned) == pytest.approx(krippendorff_alpha(ALIKE))


def test_a_field_with_one_value_has_no_alpha():
    found = measure_agreement([("a", "a")] * 3)
    assert (found.n, found.alpha, found.equal) == (3, None, 1.0)


def test_the_number_of_items_and_the_fraction_of_equal_ones_stand_beside_alpha():
    found = measure_agreement(ALIKE)
    assert (found.n, found.equal) == (4, 0.75)
    assert found.alpha == krippendorff_alpha(ALIKE)


def test_nothing_to_compare_is_an_error():
    with pytest.raises(DataError, match="expected two readings to compare, found none"):
        measure_agreement([])
