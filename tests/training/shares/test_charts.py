import pytest

from training.shares.charts import time_chart
from training.shares.settings import Period


def _rows(periods, outlet="Daily"):
    return [
        {
            "cell": "abc",
            "target": "russia",
            "lang": "en",
            "outlet": outlet,
            "voice": None,
            "period": period,
            "stance": stance,
            "share": 0.25,
            "low": 0.1,
            "high": 0.4,
            "naive": 0.3,
            "articles": 20,
            "sentences": 40,
            "reason": None,
        }
        for period in periods
        for stance in ("favor", "against")
    ]


def _days(chart):
    (values,) = chart["datasets"].values()
    return [value["day"] for value in values]


@pytest.mark.parametrize(
    ("period", "names", "expected"),
    [
        (
            Period.month,
            ["2024-02", "2024-12"],
            ["2024-02-11", "2024-02-21", "2024-12-11", "2024-12-21"],
        ),
        (
            Period.week,
            ["2024-W09", "2025-W01"],
            ["2024-02-28", "2024-03-01", "2025-01-01", "2025-01-03"],
        ),
    ],
)
def test_a_share_stands_in_its_period_favor_before_against(period, names, expected):
    assert _days(time_chart(_rows(names), "russia", period, 3)) == expected


@pytest.mark.parametrize(
    ("first", "scale"), [("2024-02", "shared"), ("2019-01", "shared"), ("2015-02", "independent")]
)
def test_panels_have_time_axes_of_their_own_where_one_would_be_too_narrow(first, scale):
    rows = _rows([first], "Weekly") + _rows(["2025-02"])
    chart = time_chart(rows, "russia", Period.month, 3)
    assert chart["resolve"]["scale"]["x"] == scale
    assert ("time axis of its own" in chart["title"]["subtitle"]) is (scale == "independent")
