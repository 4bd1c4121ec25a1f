"""Draw shares with their intervals, by outlet and over time, as Vega-Lite, SVG and PNG."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import matplotlib as mpl
import vl_convert

from labels.pipeline.schema import POLAR_STANCES
from training.shares.pages import evidence_path
from training.shares.records import Share
from training.shares.settings import Period

Spec = dict[str, Any]  # of Vega-Lite

ALL_OUTLETS = "(all outlets)"
_COLORS = ("#0072B2", "#D55E00")  # told apart by the colour-blind; of favor and against
_SHAPES = ("circle", "triangle-up")
_GREY = "#767676"
_FONT = "DejaVu Sans"  # has Arabic and Cyrillic letters; comes with matplotlib
_LONGEST = 80  # characters of an outlet's name
_BAR = 26  # pixels of an outlet
_PNG_SCALE = 2.0
_PANEL = 230  # pixels of time
_NARROWEST = 3  # pixels of a period; where all outlets' time needs less, each has its own axis
_LENGTH = {Period.week: 7, Period.month: 30}  # days
_TICKS = {Period.week: "%d %b %Y", Period.month: "%b %Y"}
_DAYS = {Period.week: ("3", "5"), Period.month: ("11", "21")}  # where favor, against are drawn


def outlet_chart(rows: Sequence[Share], target: str) -> Spec | None:
    """Draw the shares of each outlet over the whole time, with the model's own beside them.

    Args:
        rows: Of the table ``shares``, of one counting.
        target: Key of the target.

    Returns:
        None where no outlet has an estimate.
    """
    shown = [row for row in rows if row["period"] is None and _is_shown(row, target)]
    values = [_values(row) for row in shown if row["share"] is not None]
    if not values:
        return None
    sizes = {value["row"]: value["sentences"] for value in values}
    order = sorted(sizes, key=lambda name: (-sizes[name], name))
    y = alt.Y("row:N", sort=order, title=None, axis=alt.Axis(labelLimit=260))
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=y, yOffset=alt.YOffset("stance:N", sort=list(POLAR_STANCES)), color=_color()
    )
    axis = alt.Axis(format="%", title="share of sentences")
    rules = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", axis=axis, scale=alt.Scale(domain=[0, 1])), x2="high:Q"
    )
    points = base.mark_point(filled=True, size=55, opacity=1).encode(
        x="share:Q", shape=_shape(), tooltip=_tooltip(), href="href:N"
    )
    naive = base.mark_tick(thickness=1.5, size=9, color=_GREY).encode(
        x="naive:Q", color=alt.value(_GREY)
    )
    chart = alt.layer(rules, naive, points).properties(
        title=_title(
            f"{target}: the whole time",
            "Points with 95% intervals: corrected. Ticks: as the model says.",
        ),
        width=420,
        height=_BAR * len(order),
    )
    return _spec(chart)


def time_chart(
    rows: Sequence[Share], target: str, period: Period, most_outlets: int
) -> Spec | None:
    """Draw the shares of the largest outlets, period by period; what is too few is a grey cross.

    Args:
        rows: Of the table ``shares``, of one counting.
        target: Key of the target.
        period: What time is cut into.
        most_outlets: Panels at most, those with most sentences, besides that of all outlets.

    Returns:
        None where no period of any outlet has an estimate.
    """
    shown = [row for row in rows if row["period"] is not None and _is_shown(row, target)]
    sizes: dict[str, int] = {}
    for row in shown:
        if row["share"] is not None:
            sizes[_name(row)] = sizes.get(_name(row), 0) + row["sentences"]
    order = sorted(sizes, key=lambda name: (ALL_OUTLETS not in name, -sizes[name], name))
    n_all = sum(ALL_OUTLETS in name for name in order)
    order = order[: n_all + most_outlets]
    if not order:
        return None
    values = [
        _values(row) | {"day": _day(row, period).isoformat()}
        for row in shown
        if _name(row) in set(order)
    ]
    together = _periods_between(shown, period) * _NARROWEST <= _PANEL
    whole = alt.TimeInterval(period.value)  # type: ignore[no-untyped-call]
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X(
            "day:T",
            title=None,
            scale=alt.Scale(type="utc", nice=whole),
            axis=alt.Axis(
                format=_TICKS[period],
                tickCount=whole,
                tickSize=3,
                grid=False,
                labelOverlap=True,
                labelAngle=-60,
            ),
        ),
        color=_color(),
    )
    scale = alt.Scale(domain=[0, 1])
    axis = alt.Axis(format="%", tickCount=5, title="share of sentences")
    estimated = base.transform_filter("isValid(datum.share)")
    rules = estimated.mark_rule(strokeWidth=2).encode(
        y=alt.Y("low:Q", axis=axis, scale=scale), y2="high:Q"
    )
    points = estimated.mark_point(filled=True, size=40, opacity=1).encode(
        y="share:Q", shape=_shape(), tooltip=_tooltip(), href="href:N"
    )
    few = (
        base.transform_filter("!isValid(datum.share)")
        .mark_point(shape="cross", size=18, filled=True, angle=45)
        .encode(
            y=alt.datum(0),
            color=alt.value(_GREY),
            tooltip=["period:N", "articles:Q", "sentences:Q", "reason:N"],
        )
    )
    chart = (
        alt.layer(few, rules, points)
        .properties(width=_PANEL, height=130)
        .facet(
            facet=alt.Facet(
                "row:N",
                sort=order,
                title=None,
                header=alt.Header(labelLimit=230, labelFontWeight="bold"),
            ),
            columns=3,
        )
        .resolve_scale(x="shared" if together else "independent")
        .properties(
            title=_title(
                f"{target}: by {period.value}",
                "95% intervals; grey crosses: too few to say. Without articles: left out."
                + ("" if together else " Each panel has a time axis of its own."),
            )
        )
    )
    return _spec(chart)


def _day(row: Share, period: Period) -> date:
    """Tell the day of its period where a share is drawn: *favor* to the left of *against*."""
    return date.fromisoformat(f"{row['period']}-{_DAYS[period][row['stance'] == POLAR_STANCES[1]]}")


def _periods_between(rows: Sequence[Share], period: Period) -> int:
    """Count the periods from the first to the last, whether there is anything in them or not."""
    days = [_day(row, period) for row in rows]
    return (max(days) - min(days)).days // _LENGTH[period] + 1


def _is_shown(row: Share, target: str) -> bool:
    return row["target"] == target and row["voice"] is None and row["stance"] in POLAR_STANCES


def _name(row: Share) -> str:
    return f"{(row['outlet'] or ALL_OUTLETS)[:_LONGEST]} · {row['lang']}"


def _values(row: Share) -> dict[str, Any]:
    kept = ("stance", "share", "low", "high", "naive", "articles", "sentences", "period", "reason")
    values: dict[str, Any] = {name: row[name] for name in kept}  # type: ignore[literal-required]
    return values | {"row": _name(row), "href": evidence_path(row["cell"])}


def _color() -> alt.Color:
    scale = alt.Scale(domain=list(POLAR_STANCES), range=list(_COLORS))
    return alt.Color("stance:N", scale=scale, title=None, legend=alt.Legend(orient="top"))


def _shape() -> alt.Shape:
    scale = alt.Scale(domain=list(POLAR_STANCES), range=list(_SHAPES))
    return alt.Shape("stance:N", scale=scale, title=None, legend=alt.Legend(orient="top"))


def _tooltip() -> list[alt.Tooltip]:
    shares = [alt.Tooltip(f"{name}:Q", format=".1%") for name in ("share", "low", "high", "naive")]
    counts = [alt.Tooltip(f"{name}:Q") for name in ("articles", "sentences")]
    return [alt.Tooltip("row:N", title="outlet"), alt.Tooltip("stance:N"), *shares, *counts]


def _title(text: str, below: str) -> alt.TitleParams:
    return alt.TitleParams(text, subtitle=below, anchor="start", subtitleColor=_GREY)


def _spec(chart: Any) -> Spec:  # noqa: ANN401 - one of altair's kinds of charts
    with alt.data_transformers.enable("default", max_rows=None):
        spec: Spec = chart.configure(font=_FONT, background="white").to_dict()
    return spec


def write_pictures(folder: Path, name: str, spec: Spec) -> list[str]:
    """Write a chart as SVG and PNG and return the names of the files."""
    _prepare_fonts()
    # a chart has its data inside: whatever it names, nothing is fetched
    svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    png = vl_convert.svg_to_png(svg, scale=_PNG_SCALE)
    (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
    (folder / f"{name}.png").write_bytes(png)
    return [f"{name}.svg", f"{name}.png"]


@cache
def _prepare_fonts() -> None:
    vl_convert.register_font_directory(str(Path(mpl.get_data_path()) / "fonts" / "ttf"))
