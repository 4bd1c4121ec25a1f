"""The page of a target's curve: a table and its picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from labels.pipeline.files import atomic_path
from labels.pipeline.markdown import markdown_table
from labels.pipeline.tables import Row
from training.experiments.settings import TargetCurveSettings

COLUMNS = ("answers by", "labelled sentences", "f_polar", "each draw", "macro_f1", "each draw")
NAMES = ("f_polar", "macro_f1")


@dataclass(frozen=True)
class Score:
    """A score in [0, 1], the mean over draws, with its 95% interval over texts."""

    score: float
    low: float
    high: float
    each: list[float]  # of each draw


@dataclass(frozen=True)
class Point:
    """Scores of what so many labelled sentences have taught."""

    labeller: str  # rules or model
    count: int | None  # null: no sentence can teach it
    scores: dict[str, Score]  # by name


def cells(point: Point) -> tuple[str, ...]:
    """Return the row of a point in the table."""
    told = [point.labeller, "-" if point.count is None else str(point.count)]
    for name in NAMES:
        found = point.scores[name]
        told.append(f"{found.score:.3f} [{found.low:.3f}, {found.high:.3f}]")
        told.append(", ".join(f"{one:.3f}" for one in found.each) if len(found.each) > 1 else "")
    return tuple(told)


def page_text(
    points: Sequence[Point], settings: TargetCurveSettings, dev: Sequence[Row], picture: str
) -> str:
    """Return the page: the picture, the table, and how both came about."""
    suite = settings.suite
    key = settings.target_key
    changed = ", ".join(f"`{one}`" for one in settings.train_overrides) or "none"
    return f"""# How many labelled sentences a new target needs

Written by `python scripts/target_curve.py suite={suite.key} target_key={key} data_dir=DIR`;
do not edit.

![f_polar and macro_f1 against labelled sentences]({picture})

The target is {suite.targets[key].get("name", key)} of {suite.title} ({suite.about}): {len(dev):,}
sentences of dev are scored. None of them, and no label of this target beyond the sentences counted,
has taught or chosen anything.

- *Rules*: labelling functions and a label model, fitted to train and dev without their labels.
- *Model*, 0 sentences: that of `start`, asked about the target by its description and names alone.
- *Model*, more: the same, trained on so many sentences of train; {settings.draws} draws of them, a
  smaller number within the larger one. They choose the epoch, too. Settings of the training that
  differ from those of the main job: {changed}, and it is told nothing of how frequent stances are.

`f_polar` is the mean F1 of *favor* and *against*; `macro_f1` is that of *favor*, *against* and
*neutral*, as the set has nothing *unrelated*. Scores are means over the draws; the interval is 95%,
over texts, and tells nothing of other draws.

{markdown_table(COLUMNS, map(cells, points))}
"""


def draw_target_curve(path: Path, points: Sequence[Point], target: str) -> None:
    """Draw scores against labelled sentences: mean, interval and draws, and rules as a line.

    Args:
        path: SVG file to replace.
        points: Of rules and of models, in any order.
        target: Its name, for the axis.
    """
    x = alt.X("sentences:Q", title=f"labelled sentences about {target}")
    y = alt.Y("value:Q", title=None, scale=alt.Scale(domain=[0, 1]))
    panels = []
    for name in NAMES:
        taught, rules = _rows(points, name, False), _rows(points, name, True)
        panel = alt.layer(
            _chart(taught).mark_area(opacity=0.15).encode(x=x, y=alt.Y("low:Q"), y2="high:Q"),
            _chart(taught).mark_line().encode(x=x, y=y),
            _chart(taught)
            .transform_flatten(["each"])
            .mark_point(filled=True, opacity=0.5, size=25)
            .encode(x=x, y=alt.Y("each:Q")),
            _chart(rules).mark_rule(strokeDash=[4, 4]).encode(y=y),
        )
        panels.append(panel.properties(width=260, height=220, title=f"{name}; dashed: rules"))
    spec: dict[str, Any] = alt.hconcat(*panels).configure(background="white").to_dict()
    with atomic_path(path) as temporary:
        temporary.write_text(vl_convert.vegalite_to_svg(spec), encoding="utf-8")


def _rows(points: Sequence[Point], name: str, of_rules: bool) -> list[dict[str, Any]]:
    """Give what is drawn of one score: of rules, which no sentence teaches, or of models."""
    return [
        {"sentences": point.count, "value": found.score, "each": found.each}
        | {"low": found.low, "high": found.high}
        for point in points
        if (point.count is None) is of_rules
        for found in (point.scores[name],)
    ]


def _chart(rows: Sequence[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.Data(values=rows))  # type: ignore[no-untyped-call]  # altair gives no types
