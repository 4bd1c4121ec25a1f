"""The transfer curve: how much of the built-in corpus it takes to do how well on real sentences."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from labels.errors import ConfigError, DataError
from labels.files import atomic_path
from training.config import TransferConfig
from training.figures import draw_curve

REAL = ("ingest_articles", "segment_sentences", "label_sentences", "split_examples")
NEEDED = ("gold/train.jsonl", "gold/dev.jsonl")  # what the experiment real_news reads
TAKEN = (
    "sentences",
    "groups",
    "f_polar_pooled",
    "f_polar_pooled_low",
    "f_polar_pooled_high",
    "macro_f1_pooled",
    "sentiment_macro_f1",
)
COLUMNS = ("sentences", "f_polar_pooled", "interval", "macro_f1_pooled", "sentiment_macro_f1")


def transfer_curve(config: TransferConfig) -> None:
    """Train on shares of the built-in corpus, score each model on real sentences, write the page.

    Every share is a part of the next one. The checkpoint is chosen on the corpus's own dev, as in
    the main job, so that real sentences choose nothing. What a killed run has finished is kept.

    Raises:
        ConfigError: There is no main job's table of splits, or no folder of real sentences.
        DataError: A stage failed; it has said why.
    """
    _check(config)
    work = Path(config.work)
    real = work / "real"
    for stage in REAL:
        _run(
            stage, "experiment=real_news", f"paths.data_dir={config.data_dir}", f"paths.work={real}"
        )
    points = []
    for share in sorted(config.shares):
        folder = work / f"{share:g}"
        if not (folder / "model").is_dir():
            _run("train_model", f"train_share={share}", f"output={folder / 'model'}")
        _run(
            "score_model",
            f"model={folder / 'model'}",
            f"splits={real / 'splits' / 'splits.parquet'}",
            f"output={folder / 'report'}",
        )
        metrics = json.loads((folder / "report" / "metrics.json").read_text(encoding="utf-8"))
        points.append(point(metrics))
    page = Path(config.page)
    draw_curve(page.with_suffix(".svg"), points)
    with atomic_path(page) as temporary:
        temporary.write_text(page_text(points, page.with_suffix(".svg").name), encoding="utf-8")
    table = Table(title="Corpus alone, scored on real sentences")
    for name in COLUMNS:
        table.add_column(name, justify="right")
    for one in points:
        table.add_row(*cells(one))
    console = Console()
    console.print(table)
    console.print(f"page    {page}\npicture {page.with_suffix('.svg')}", highlight=False)


def point(metrics: dict[str, Any]) -> dict[str, Any]:
    """Take what the curve needs from the metrics of one model."""
    scores = metrics["dev"]
    chosen = {name: scores[name] for name in TAKEN}
    return chosen | {"train_sentences": metrics["model"]["train_sentences"]}


def cells(one: dict[str, Any]) -> list[str]:
    """Return the row of a point in the table."""
    low, high = one["f_polar_pooled_low"], one["f_polar_pooled_high"]
    return [
        f"{one['train_sentences']:,}",
        f"{one['f_polar_pooled']:.3f}",
        f"[{low:.3f}, {high:.3f}]",
        f"{one['macro_f1_pooled']:.3f}",
        f"{one['sentiment_macro_f1']:.3f}",
    ]


def page_text(points: Sequence[dict[str, Any]], picture: str) -> str:
    """Return the page: the picture, the table, and how both came about."""
    lines = [COLUMNS, ["---:"] * len(COLUMNS), *(cells(one) for one in points)]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    last = points[-1]
    return f"""# Transfer curve: from the built-in corpus to real sentences

Written by `make transfer DATA_DIR=...`; do not edit.

![f_polar_pooled and macro_f1_pooled against training sentences]({picture})

Each model was trained on a share of the articles of the corpus's train split, with the settings of
the main job, and scored on the dev part of the real sentences ({last["sentences"]:,} sentences of
{last["groups"]:,} articles, labelled by a language model). Every share is a part of the next one.
The checkpoint was chosen on the corpus's own dev. One seed; the interval is 95%, over articles.

{table}
"""


def _check(config: TransferConfig) -> None:
    missing = [
        str(path)
        for path in (Path(config.splits), *(Path(config.data_dir) / name for name in NEEDED))
        if not path.exists()
    ]
    if missing:
        raise ConfigError(
            f"data_dir, splits: expected {', '.join(missing)}; run `make run` first, and give "
            "DATA_DIR a folder with gold/train.jsonl and gold/dev.jsonl"
        )


def _run(stage: str, *overrides: str) -> None:
    command = [sys.executable, f"scripts/{stage}.py", *overrides]
    Console(stderr=True).print(" ".join(command[1:]), style="dim", highlight=False)
    if subprocess.run(command, check=False).returncode:
        raise DataError(f"{stage} failed, see above; `make transfer` goes on from there")
