"""The charts of the card: SVG in the colours of the page, which are CSS variables, light and dark.

Only aggregates are drawn, so a chart is as small for 200,000 sentences as for 200.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import altair as alt
import vl_convert
from markupsafe import Markup
from numpy.typing import NDArray

from labels.pipeline.schema import SENTIMENTS, STANCES
from training.report_card.curves import Point
from training.report_card.slices import ALL, Slice

INK, SOFT, LINE, ACCENT = "currentColor", "var(--soft)", "var(--line)", "var(--accent)"
WIDTH = 300  # pixels: what a phone shows without shrinking
_TONES = {name: f"var(--{name})" for name in (*STANCES, *SENTIMENTS)}
_PERCENT = "%"
_PLAIN = "~f"  # as many digits as tell the marks of an axis apart


def forest(slices: Sequence[Slice], name: str, names: Mapping[str, str], label: str) -> Markup:
    """Draw a figure of each slice with its interval, one below the other.

    Args:
        slices: From top to bottom.
        name: Of the figure.
        names: Of targets and languages, by key.
        label: What the chart shows, for who does not see it.
    """
    heads: list[str] = []
    rows: list[dict[str, Any]] = []
    for one in slices:
        figure = one.figures[name]
        head = "All targets" if one.target == ALL else names.get(one.target, one.target)
        heads.append(head)
        rows.append(
            {
                "target": head,
                "language": names.get(one.lang, one.lang),
                "value": figure.value,
                "low": figure.low,
                "high": figure.high,
                "all": one.lang == ALL,
                "none": "too few to say" if figure.value is None else "",
            }
        )
    base = alt.Chart(_data(rows))
    order = list(dict.fromkeys(row["language"] for row in rows))
    y = alt.Y("language:N", sort=order, title=None, axis=alt.Axis(ticks=False, domain=False))
    x = alt.X("value:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=_axis(5))
    tone = alt.condition("datum.all", alt.value(ACCENT), alt.value(INK))
    known = base.transform_filter("datum.value !== null")
    layers = alt.layer(
        known.mark_rule(strokeWidth=2).encode(
            y=y, x=alt.X("low:Q", title=None), x2="high:Q", color=tone
        ),
        known.mark_point(filled=True, opacity=1, size=70).encode(y=y, x=x, color=tone),
        base.transform_filter("datum.value === null")
        .mark_text(align="left", fontStyle="italic", fontSize=11, color=SOFT)
        .encode(y=y, x=alt.value(4), text="none:N"),
    ).properties(width=220, height=alt.Step(19))
    chart = layers.facet(
        row=alt.Row(
            "target:N",
            sort=list(dict.fromkeys(heads)),
            title=None,
            header=alt.Header(
                labelOrient="top", labelAnchor="start", labelFontWeight="bold", labelFontSize=12
            ),
        ),
        spacing=12,
    )
    return _svg(chart, label)


def confusion_matrix(counts: NDArray[Any], classes: Sequence[str], label: str) -> Markup:
    """Draw a confusion matrix: counts, shaded by their share of the row.

    Args:
        counts: Shape ``(gold, called)``.
        classes: In the order of both.
        label: As in `forest`.
    """
    rows = [
        {
            "gold": gold,
            "called": called,
            "n": int(counts[i, j]),
            "text": f"{int(counts[i, j]):,}",
            "share": float(counts[i, j] / max(1, counts[i].sum())),
            "right": i == j,
        }
        for i, gold in enumerate(classes)
        for j, called in enumerate(classes)
    ]
    base = alt.Chart(_data(rows)).encode(
        x=alt.X("called:N", sort=list(classes), title="called", axis=_names(orient="top")),
        y=alt.Y("gold:N", sort=list(classes), title="gold", axis=_names()),
    )
    boxes = base.mark_rect(stroke="var(--card)", strokeWidth=2).encode(
        color=alt.condition("datum.right", alt.value(ACCENT), alt.value("var(--against)")),
        opacity=alt.Opacity(
            "share:Q", scale=alt.Scale(domain=[0, 1], range=[0.06, 0.55]), legend=None
        ),
    )
    texts = base.mark_text(fontSize=12, color=INK).encode(text="text:N")
    size = 52 * len(classes)
    return _svg((boxes + texts).properties(width=size, height=36 * len(classes)), label)


def curves(
    lines: Mapping[str, Sequence[Point]],
    titles: tuple[str, str],
    label: str,
    diagonal: bool = False,
) -> Markup:
    """Draw curves with their bands.

    Args:
        lines: By name, two at most.
        titles: Of the axes.
        label: As in `forest`.
        diagonal: Whether a perfect curve is drawn, on which confidence is what is right.
    """
    rows = [
        {"line": name, "x": one.x, "y": one.y, "low": one.low, "high": one.high}
        for name, points in lines.items()
        for one in points
    ]
    colors = dict(zip(lines, (ACCENT, SOFT), strict=False))
    base = alt.Chart(_data(rows))
    top = (
        1.0
        if diagonal
        else max((one.high for points in lines.values() for one in points), default=1.0)
    )
    x = alt.X("x:Q", title=titles[0], scale=alt.Scale(domain=[0, 1]), axis=_axis(5, _PERCENT))
    y = alt.Y("y:Q", title=titles[1], scale=alt.Scale(domain=[0, top]), axis=_axis(5, _PERCENT))
    color = alt.Color(
        "line:N",
        scale=alt.Scale(domain=list(colors), range=list(colors.values())),
        legend=_legend() if len(colors) > 1 else None,
    )
    layers = [
        base.mark_area(opacity=0.16).encode(
            x=x, y=alt.Y("low:Q", title=titles[1]), y2="high:Q", color=color
        ),
        base.mark_line(point={"size": 28}).encode(x=x, y=y, color=color),
    ]
    if diagonal:
        ends = _data([{"x": 0, "y": 0}, {"x": 1, "y": 1}])
        perfect = alt.Chart(ends).mark_line(strokeDash=[3, 3], color=SOFT, strokeWidth=1)
        layers.insert(0, perfect.encode(x=x, y=y))
    return _svg(alt.layer(*layers).properties(width=WIDTH - 60, height=200), label)


def training_curve(
    epochs: Sequence[Mapping[str, float | None]],
    names: Mapping[str, str],
    best: int,
    label: str,
) -> Markup:
    """Draw what each epoch of a training gave.

    Args:
        epochs: Rows of ``history.csv``.
        names: What is drawn: column -> name.
        best: Epoch that was kept.
        label: As in `forest`.
    """
    rows = [
        {"epoch": epoch["epoch"], "score": epoch[column], "name": name}
        for column, name in names.items()
        for epoch in epochs
        if epoch[column] is not None
    ]
    tones = [ACCENT, "var(--against)", "var(--positive)"][: len(names)]
    base = alt.Chart(_data(rows))
    numbers = [epoch["epoch"] for epoch in epochs]
    x = alt.X("epoch:O", title="epoch", axis=alt.Axis(labelAngle=0, values=_spread(numbers)))
    score = alt.Y(
        "score:Q", title=None, scale=alt.Scale(zero=False, padding=8), axis=_axis(4, _PLAIN)
    )
    color = alt.Color(
        "name:N",
        scale=alt.Scale(domain=list(names.values()), range=tones),
        legend=_legend() if len(names) > 1 else None,
    )
    lines = base.mark_line(point={"size": 40}).encode(x=x, y=score, color=color)
    kept = alt.Chart(_data([{"epoch": best}]))
    rule = kept.mark_rule(strokeDash=[3, 3], color=SOFT).encode(x=x)
    return _svg((rule + lines).properties(width=WIDTH - 60, height=160), label)


def class_shares(
    counts: Mapping[str, Mapping[str, int]], classes: Sequence[str], label: str
) -> Markup:
    """Draw how the classes share each row, as one bar.

    Args:
        counts: Row -> class -> rows of the data.
        classes: From left to right.
        label: As in `forest`.
    """
    rows = [
        {"row": row, "class": name, "n": own.get(name, 0), "place": place}
        for row, own in counts.items()
        for place, name in enumerate(classes)
    ]
    chart = (
        alt.Chart(_data(rows))
        .mark_bar(stroke="var(--card)")
        .encode(
            y=alt.Y("row:N", sort=list(counts), title=None, axis=_names(ticks=False)),
            x=alt.X("n:Q", stack="normalize", title=None, axis=_axis(5, _PERCENT)),
            order="place:Q",
            color=alt.Color(
                "class:N",
                scale=alt.Scale(domain=list(classes), range=[_TONES[name] for name in classes]),
                legend=_legend(),
            ),
        )
        .properties(width=WIDTH - 110, height=alt.Step(22))
    )
    return _svg(chart, label)


def histogram(counts: Mapping[str, Mapping[int, int]], step: int, end: int, label: str) -> Markup:
    """Draw how long the sentences of each language are, as lines over bins of equal width.

    Args:
        counts: Language -> number of the bin -> sentences.
        step: Characters of a bin.
        end: Where the last bin begins.
        label: As in `forest`.
    """
    rows = [
        {"lang": lang, "length": place * step, "share": own.get(place, 0) / sum(own.values())}
        for lang, own in counts.items()
        if own
        for place in range(end // step + 1)
    ]
    chart = (
        alt.Chart(_data(rows))
        .mark_area(interpolate="step-after", opacity=0.75, color=ACCENT)
        .encode(
            x=alt.X("length:Q", title="characters", axis=_axis(5, "d")),
            y=alt.Y("share:Q", title=None, axis=_axis(2, _PERCENT)),
            row=alt.Row(
                "lang:N",
                title=None,
                header=alt.Header(labelOrient="top", labelAnchor="start", labelFontWeight="bold"),
            ),
        )
        .properties(width=WIDTH - 60, height=44)
    )
    return _svg(chart, label)


def _data(rows: Sequence[Mapping[str, Any]]) -> alt.Data:
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]  # altair gives it no types


def _axis(ticks: int, form: str = ".1f") -> alt.Axis:
    return alt.Axis(tickCount=ticks, format=form)


def _names(**options: Any) -> alt.Axis:  # noqa: ANN401 - of altair
    return alt.Axis(labelAngle=0, domain=False, **options)


def _legend() -> alt.Legend:
    return alt.Legend(orient="bottom", title=None, columns=2, labelLimit=240, symbolOpacity=1)


def _spread(numbers: Sequence[Any]) -> list[Any]:
    """Take ten labels at most of an axis."""
    step = -(-len(numbers) // 10)
    return list(numbers[::step]) if step else []


def _svg(chart: Any, label: str) -> Markup:  # noqa: ANN401 - any chart of altair
    """Render a chart; every text in it is escaped by the renderer, and ``label`` here."""
    styled = (
        chart.configure(
            background="transparent", font="system-ui, sans-serif", aria=False, padding=6
        )
        .configure_axis(
            labelColor=INK,
            titleColor=SOFT,
            titleFontWeight="normal",
            gridColor=LINE,
            domainColor=LINE,
            tickColor=LINE,
            labelLimit=200,
        )
        .configure_view(stroke=None)
        .configure_header(labelColor=INK, titleColor=INK)
        .configure_legend(labelColor=INK, titleColor=INK)
    )
    svg = vl_convert.vegalite_to_svg(styled.to_dict(), allowed_base_urls=[])
    return Markup(svg.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1))
