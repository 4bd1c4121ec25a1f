"""Filling the template of the card; whatever enters it is escaped."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from training.report_card.intervals import Figure

LONGEST_TITLE = 300  # characters; the rest is left out
ICONS = {"favor": "▲", "against": "▼", "neutral": "●", "unrelated": "○"}  # as on the service's page
_FORMS = {
    "score": "{:.2f}",
    "signed": "{:+z.2f}",
    "percent": "{:.0%}",
    "points": "{:+z.1f}",  # of 100
}


@dataclass(frozen=True)
class Cell:
    """A figure in a table, and how it is written."""

    figure: Figure
    style: str = "score"  # a key of `_FORMS`


@dataclass(frozen=True)
class Line:
    """A row of a table."""

    head: str
    cells: list[Cell | str]
    strong: bool = False  # of all targets or languages together


@dataclass(frozen=True)
class Chart:
    """A chart with what is to be seen in it."""

    svg: Markup
    caption: str


@dataclass(frozen=True)
class Tile:
    """One of the figures that stand first."""

    what: str
    figure: Figure
    means: str
    style: str = "score"


def render(context: Mapping[str, Any]) -> str:
    """Fill the template.

    Args:
        context: Every name that it uses; text is escaped, `Markup` is taken as it is.
    """
    environment = Environment(
        loader=PackageLoader("training.report_card", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"number": _number, "count": _count, "clipped": _clipped}
    environment.tests["figure"] = lambda cell: isinstance(cell, Cell)
    folder = files("training.report_card") / "template"
    css = Markup((folder / "card.css").read_text(encoding="utf-8"))
    logo = Markup((folder / "logo.svg").read_text(encoding="utf-8"))
    template = environment.get_template("card.html")
    return template.render(css=css, logo=logo, icons=ICONS, **context)


def _number(value: float, style: str) -> str:
    return _FORMS[style].format(100 * value if style == "points" else value)


def _count(value: int) -> str:
    return f"{value:,}"


def _clipped(text: str) -> str:
    """Cut a text from outside, which may be of any length."""
    return text if len(text) <= LONGEST_TITLE else f"{text[:LONGEST_TITLE]}…"
