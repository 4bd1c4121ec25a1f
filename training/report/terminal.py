"""The table of scores that ends a run."""

from rich import box
from rich.table import Table

from labels.metrics.f1 import Scores
from labels.metrics.records import Metrics
from labels.pipeline.schema import STANCES

SHOWN_STANCES = STANCES[:3]  # unrelated is the easy rest, and a terminal has 80 columns


def scores_table(scores: Metrics, split: str) -> Table:
    """Lay the scores of one split out for the terminal.

    Args:
        scores: What ``score_model`` wrote.
        split: One that has examples.
    """
    found = scores["splits"][split]
    assert found is not None  # the caller has chosen a split with examples
    whose = found["attribution"]
    tones = found["tones"]
    low, high = found["f_polar_pooled_low"], found["f_polar_pooled_high"]
    interval = f" [{low:.3f}, {high:.3f}]" if low is not None else ""
    table = Table(
        title=f"{split}: {found['sentences']} sentences of {found['groups']} articles",
        caption=f"f_polar_pooled {_cell(found['f_polar_pooled'])}{interval}\n"
        f"macro_f1_pooled {_cell(found['macro_f1_pooled'])}, "
        f"sentiment_macro_f1 {_cell(found['sentiment_macro_f1'])}\n"
        f"holder right {_cell(whose['holder_right'])} (n {whose['holders']}), "
        f"voice right {_cell(whose['voice_right'])} (n {whose['voices']})\n"
        f"neutral called favor in good news {_cell(tones['positive']['favor'])}, "
        f"against in bad {_cell(tones['negative']['against'])}",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    table.add_column("F1 (n gold)", no_wrap=True)
    for name in ("rows", *SHOWN_STANCES, "f_polar", "macro_f1"):
        table.add_column(name, justify="right", no_wrap=True)
    lines: list[tuple[str, Scores]] = [("all targets", found["pooled"])]
    lines += [*found["targets"].items(), *found["languages"].items()]
    for name, line in lines:
        classes = (
            f"{_cell(line['f1'][stance], 2)} ({line['n_gold'][stance]})" for stance in SHOWN_STANCES
        )
        table.add_row(
            name, str(line["n"]), *classes, _cell(line["f_polar"]), _cell(line["macro_f1"])
        )
    return table


def _cell(value: float | None, digits: int = 3) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
