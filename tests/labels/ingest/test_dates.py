import pytest

from labels.ingest.dates import SlashOrder, agreed_order, parse_date, shown_order


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2025-11-03", "2025-11-03"),
        ("2015-08-01 12:00:00", "2015-08-01"),
        ("2024-05-01T23:30:00+03:00", "2024-05-01"),
        ("20250131", "2025-01-31"),
        ("Tue, 10 Nov 2023 10:00:00 GMT", "2023-11-10"),
        ("10/21/2025 20:43", "2025-10-21"),
        ("21/10/2025", "2025-10-21"),
        ("05.03.2024", "2024-03-05"),
        ("Diperbarui 19 Jun 2025, 10:00 WIB", "2025-06-19"),
        ("Kamis, 6 Maret 2025", "2025-03-06"),
        ("24 تشرين الأول/ أكتوبر 2022", "2022-10-24"),
        ("٢٤ أكتوبر ٢٠٢٢", "2022-10-24"),
        ("5 января 2012, 08:54", "2012-01-05"),
        ("November 5, 2023", "2023-11-05"),
        ("2025", None),
        ("3/4/2025", None),
        ("2025-02-30", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_read_or_null_when_unsure(raw, day):
    assert parse_date(raw) == day


def orders(*raws):
    return {order for raw in raws if (order := shown_order(raw))}


def test_an_ambiguous_date_takes_the_order_that_its_source_shows():
    order = agreed_order(orders("3/4/2025", "10/21/2025 9:00", None))
    assert order is SlashOrder.month_first
    assert parse_date("3/4/2025", order) == "2025-03-04"
    assert parse_date("3/4/2025", SlashOrder.day_first) == "2025-04-03"


def test_a_source_that_contradicts_itself_shows_no_order():
    assert orders("10/21/2025", "21/10/2025") == set(SlashOrder)
    assert agreed_order(orders("10/21/2025", "21/10/2025")) is None


def test_dates_with_points_show_no_order_of_dates_with_slashes():
    assert orders("21.10.2025", "30/30/2025", "3/4/2025") == set()
    assert agreed_order(set()) is None
