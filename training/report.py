"""The table of scores that ends a run."""

from typing import Any

from rich.table import Table

from labels.schema import STANCES


def metrics_table(metrics: dict[str, Any], part: str) -> Table:
    """Lay the scores of one split out for the terminal."""
    scores = metrics[part]
    low, high = scores["f_polar_pooled_low"], scores["f_polar_pooled_high"]
    interval = f" [{low:.3f}, {high:.3f}]" if low is not None else ""
    table = Table(
        title=f"{part}: {scores['sentences']} sentences, {scores['groups']} articles",
        caption=f"f_polar_pooled {_cell(scores['f_polar_pooled'])}{interval}, "
        f"macro_f1_pooled {_cell(scores['macro_f1_pooled'])}, "
        f"sentiment_macro_f1 {_cell(scores['sentiment_macro_f1'])}",
    )
    table.add_column("rows of")
    for name in ("n", "favor F1 (n)", "against F1 (n)", "neutral F1 (n)", "f_polar", "macro_f1"):
        table.add_column(name, justify="right")
    lines = [("all targets", scores["pooled"]), *scores["targets"].items()]
    lines += scores["languages"].items()
    for name, part_scores in lines:
        classes = (
            f"{_cell(part_scores['f1'][s])} ({part_scores['n_gold'][s]})" for s in STANCES[:3]
        )
        cells = (_cell(part_scores["f_polar"]), _cell(part_scores["macro_f1"]))
        table.add_row(name, str(part_scores["n"]), *classes, *cells)
    return table


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
