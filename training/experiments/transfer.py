"""The transfer curve: how much of the built-in corpus it takes to do how well on real sentences."""

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from labels.metrics.records import Metrics
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import atomic_path
from labels.pipeline.markdown import markdown_table
from labels.pipeline.schema import Split
from training.experiments.runs import MODEL, run_stage, trained
from training.experiments.settings import TransferSettings
from training.pictures.figures import CurvePoint, draw_curve

REAL = (
    "ingest_articles",
    "segment_sentences",
    "vote_sentences",
    "label_sentences",
    "split_examples",
)
NEEDED = ("gold/train.jsonl", "gold/dev.jsonl")  # what the experiment real_news reads
COLUMNS = ("sentences", "f_polar_pooled", "interval", "macro_f1_pooled", "sentiment_macro_f1")


class Point(CurvePoint):
    """A row of the page: a point of the curve, and what it was scored on."""

    sentences: int
    groups: int


def transfer_curve(settings: TransferSettings) -> None:
    """Train on shares of the built-in corpus, score each model on real sentences, write the page.

    The examples of every share are among those of the next one. The checkpoint is chosen on the
    corpus's own dev, as in the main job, so that real sentences choose nothing. What a killed run
    has finished is kept.

    Raises:
        ConfigError: There is no main job's table of splits, or no folder of real sentences.
        DataError: A stage failed; it has said why.
    """
    _check(settings)
    real = settings.work / "real"
    places = (f"paths.data_dir={settings.data_dir}", f"paths.work={real}")
    for stage in REAL:
        run_stage(stage, "experiment=real_news", *places)
    points = []
    for share in sorted(settings.shares):
        folder = trained(settings.work, (f"train_share={share}", f"splits={settings.splits}"))
        run_stage(
            "score_model",
            f"model={folder / MODEL}",
            f"splits={real / 'splits' / 'splits.parquet'}",
            f"output={folder / 'report'}",
            f"scored=[{Split.dev}]",
            "target_gate=false",  # the curve shows what a little text gives, too
        )
        scores = json.loads((folder / "report" / "scores.json").read_text(encoding="utf-8"))
        points.append(point(scores))
    picture = settings.page.with_suffix(".svg")
    draw_curve(picture, points)
    with atomic_path(settings.page) as temporary:
        temporary.write_text(page_text(points, picture.name), encoding="utf-8")
    table = Table(title="Corpus alone, scored on real sentences")
    for name in COLUMNS:
        table.add_column(name, justify="right")
    for row in points:
        table.add_row(*cells(row))
    console = Console()
    console.print(table)
    console.print(f"page    {settings.page}\npicture {picture}", highlight=False, markup=False)


def point(scores: Metrics) -> Point:
    """Take what the page needs from the scores of one model.

    Raises:
        DataError: The model was not scored on dev.
    """
    found = scores["splits"].get(Split.dev)
    if found is None:
        raise DataError("expected scores of the real sentences of dev, found none")
    return Point(
        train_sentences=scores["model"]["train_sentences"],
        sentences=found["sentences"],
        groups=found["groups"],
        f_polar_pooled=found["f_polar_pooled"],
        f_polar_pooled_low=found["f_polar_pooled_low"],
        f_polar_pooled_high=found["f_polar_pooled_high"],
        macro_f1_pooled=found["macro_f1_pooled"],
        sentiment_macro_f1=found["sentiment_macro_f1"],
    )


def cells(row: Point) -> tuple[str, ...]:
    """Return the row of a point in the table."""
    low, high = row["f_polar_pooled_low"], row["f_polar_pooled_high"]
    return (
        f"{row['train_sentences']:,}",
        _cell(row["f_polar_pooled"]),
        f"[{_cell(low)}, {_cell(high)}]",
        _cell(row["macro_f1_pooled"]),
        _cell(row["sentiment_macro_f1"]),
    )


def page_text(points: Sequence[Point], picture: str) -> str:
    """Return the page: the picture, the table, and how both came about."""
    last = points[-1]
    return f"""# Transfer curve: from the built-in corpus to real sentences

Written by `make transfer DATA_DIR=...`; do not edit.

![f_polar_pooled and macro_f1_pooled against training sentences]({picture})

Each model was trained on a share of the articles of the corpus's train split, with the settings of
the main job, and scored on the dev split of the real sentences ({last["sentences"]:,} sentences of
{last["groups"]:,} articles, labelled by a language model). The articles of every share are among
those of the next one. The checkpoint was chosen on the corpus's own dev. One seed; the interval is
95%, over articles.

{markdown_table(COLUMNS, map(cells, points))}
"""


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _check(settings: TransferSettings) -> None:
    needed: list[Path] = [settings.splits, *(settings.data_dir / name for name in NEEDED)]
    missing = [str(path) for path in needed if not path.exists()]
    if missing:
        raise ConfigError(
            f"data_dir, splits: expected {', '.join(missing)}; run `make run` first, and give "
            "DATA_DIR a folder with gold/train.jsonl and gold/dev.jsonl"
        )
