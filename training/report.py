"""The table of scores that ends a run."""

from typing import Any

from rich import box
from rich.table import Table

from labels.schema import STANCES


def metrics_table(metrics: dict[str, Any], part: str) -> Table:
    """Lay the scores of one split out for the terminal."""
    scores = metrics[part]
    low, high = scores["f_polar_pooled_low"], scores["f_polar_pooled_high"]
    interval = f" [{low:.3f}, {high:.3f}]" if low is not None else ""
    table = Table(
        title=f"{part}: {scores['sentences']} sentences of {scores['groups']} articles",
        caption=f"f_polar_pooled {_cell(scores['f_polar_pooled'])}{interval}\n"
        f"macro_f1_pooled {_cell(scores['macro_f1_pooled'])}, "
        f"sentiment_macro_f1 {_cell(scores['sentiment_macro_f1'])}",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    table.add_column("F1 (n gold)", no_wrap=True)
    for name in ("rows", "favor", "against", "neutral", "f_polar", "macro_f1"):
        table.add_column(name, justify="right", no_wrap=True)
    lines = [("all targets", scores["pooled"]), *scores["targets"].items()]
    lines += scores["languages"].items()
    for name, part_scores in lines:
        classes = (
            f"{_cell(part_scores['f1'][s], 2)} ({part_scores['n_gold'][s]})" for s in STANCES[:3]
        )
        cells = (_cell(part_scores["f_polar"]), _cell(part_scores["macro_f1"]))
        table.add_row(name, str(part_scores["n"]), *classes, *cells)
    return table


def _cell(value: float | None, digits: int = 3) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
