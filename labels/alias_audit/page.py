"""The figures as a table, without a word of any sentence."""

from collections.abc import Sequence

from labels.alias_audit.records import AliasFigures
from labels.pipeline.markdown import markdown_table

HEADINGS = (
    "language",
    "target",
    "sentences",
    "right",
    "wrong",
    "missed",
    "precision",
    "recall",
    "recall, weighted",
)


def page(figures: Sequence[AliasFigures]) -> str:
    """Write the table in Markdown."""
    return markdown_table(HEADINGS, map(cells, figures)) + "\n"


def cells(found: AliasFigures) -> tuple[str, ...]:
    """Write figures under `HEADINGS`."""
    weighted = _share(found["weighted_recall"])
    if found["weighted_low"] is not None:
        weighted += f" (at least {_share(found['weighted_low'])})"
    counts = (found["sentences"], found["right"], found["wrong"], found["missed"])
    return (
        found["lang"],
        found["task"],
        *map(str, counts),
        _bounds(found["precision"], found["precision_low"], found["precision_high"]),
        _bounds(found["recall"], found["recall_low"], found["recall_high"]),
        weighted,
    )


def _bounds(value: float | None, low: float | None, high: float | None) -> str:
    return _share(value) if value is None else f"{value:.3f} [{_share(low)}, {_share(high)}]"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
