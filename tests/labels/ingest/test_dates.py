import pytest

from labels.ingest.dates import (
    SlashOrder,
    agreed_order,
    is_of_change,
    parse_date,
    shown_order,
)


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
        ("17 Nop 2021", "2021-11-17"),
        ("9 Pebruari 2021", "2021-02-09"),
        ("30 Ogos 2024, 8.15 malam", "2024-08-30"),
        ("Jumaat, 1 Mac 2024", "2024-03-01"),
        ("25 Disember 2023", "2023-12-25"),
        ("4 Julai 2024", "2024-07-04"),
        ("4 Jun 2024", "2024-06-04"),
        ("Rabu 17 Nov 2021 08:15 WIB", "2021-11-17"),
        ("Wednesday, 17th November 2021", "2021-11-17"),
        ("17th of November 2021", "2021-11-17"),
        ("17 ноября 2021 г., 08:15 МСК", "2021-11-17"),
        ("17 نوفمبر (تشرين الثاني) 2021", "2021-11-17"),
        ("17 نوفمبر عام 2021", "2021-11-17"),
        ("17 ینایر 2021", "2021-01-17"),
        ("٢٠٢١/١١/١٧", "2021-11-17"),
        ("2021, November 17", "2021-11-17"),
        ("Wed Nov 17 08:15:00 +0000 2021", "2021-11-17"),
        ("Wed, 17 Nov 2021 23:45:00 -0800", "2021-11-17"),
        ("Wednesday, 17-Nov-21 08:15:00 GMT", "2021-11-17"),
        ("20211117T081500Z", "2021-11-17"),
        ("17 . 11 . 2021", "2021-11-17"),
        ("1637137000", "2021-11-17"),
        ("1637137000123", "2021-11-17"),
        ("1637137000.0", "2021-11-17"),
        ("17.11.21", "2021-11-17"),
        ("17.11.21, 08:15", "2021-11-17"),
        ("17/11/21", "2021-11-17"),
        ("11/17/21", "2021-11-17"),
        ("17 Nov 21", "2021-11-17"),
        ("17 Nov '21", "2021-11-17"),
        ("30.11.98", "1998-11-30"),
        ("Rabu, 3/2/2021", "2021-02-03"),
        ("Tue 3/2/2021", "2021-03-02"),
        ("Updated: 19 Nov 2021 | Published: 17 Nov 2021", "2021-11-17"),
        ("آخر تحديث: 19 نوفمبر 2021 - نشر في: 17 نوفمبر 2021", "2021-11-17"),
        ("12 ربيع الآخر 1443 هـ الموافق 17 نوفمبر 2021", "2021-11-17"),
        ("1443/04/12 - 2021/11/17", "2021-11-17"),
        ("12 ربيع الآخر 1443", None),
        ("1443/04/12", None),
        ("3/2/21", None),
        ("12-11-21", None),
        ("17.11.45", None),
        ("17 Nov 20:15", None),
        ("17 Nov 20.15 WIB", None),
        ("Pukul 12.05.25 WIB", None),
        ("2021-W46-3", None),
        ("Nov 2021", None),
        ("17 November", None),
        ("123456789", None),
        ("9999999999", None),
        ("вчера, 12:40", None),
        ("قبل ساعتين", None),
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
    assert parse_date("3/4/25", SlashOrder.day_first) == "2025-04-03"


def test_a_source_that_contradicts_itself_shows_no_order():
    assert orders("10/21/2025", "21/10/2025") == set(SlashOrder)
    assert agreed_order(orders("10/21/2025", "21/10/2025")) is None


def test_dates_with_points_show_no_order_of_dates_with_slashes():
    assert orders("21.10.2025", "30/30/2025", "3/4/2025") == set()
    assert agreed_order(set()) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Updated 19 Nov 2021", True),
        ("آخر تحديث: 19 نوفمبر 2021", True),
        ("Обновлено 19 ноября 2021", True),
        ("Diperbarui 19 Nov 2021", True),
        ("Updated 19 Nov 2021, published 17 Nov 2021", False),
        ("17 Nov 2021", False),
    ],
)
def test_a_date_of_change_says_so(written, expected):
    assert is_of_change(written) is expected
