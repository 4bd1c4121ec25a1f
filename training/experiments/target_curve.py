"""How the score of a target of one's own grows with the sentences that are labelled for it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import yaml
from rich.console import Console
from rich.table import Table

from labels.metrics.f1 import class_f1, confusion, ids_of
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import atomic_path, write_json
from labels.pipeline.schema import STANCE, Field, SentenceKind, Split, Stance
from labels.pipeline.tables import Row, write_table
from training.benchmark.examples import targets_of, without_copies, write_rejects
from training.benchmark.metric import mean_f1
from training.benchmark.parts import read_parts
from training.benchmark.stage import UNLIKE_THE_MAIN_JOB
from training.experiments.runs import MODEL, TRAIN, compose_settings, run_stage, trained
from training.experiments.settings import TargetCurveSettings
from training.experiments.target_page import (
    COLUMNS,
    Point,
    Score,
    cells,
    draw_target_curve,
    page_text,
)
from training.fit.settings import TrainSettings
from training.inference.scorer import open_model
from training.model.precision import best_device, prepare_runtime
from training.model.records import TargetDefinition
from training.model.store import MANIFEST, load_model
from training.new_targets.stage import ask_about
from training.report.stage import predict_examples

AVERAGED = {  # the classes whose F1 is averaged; a set like this has no sentence unrelated to it
    "f_polar": STANCE.polar,
    "macro_f1": (*STANCE.polar, Stance.neutral.value),
}
_BATCH = 64  # sentences scored together


def target_curve(settings: TargetCurveSettings) -> None:
    """Score rules, a model that no label taught, and models taught by ever more sentences.

    The sentences of a smaller number are among those of a larger one of the same draw. They choose
    the epoch, too, so that none is spent on choosing, and dev has no part in it. What a killed run
    has finished is kept.

    Raises:
        ConfigError: The set is missing, has fewer sentences, or there is no model to start from.
        DataError: A stage failed; it has said why.
    """
    if not (settings.start / MANIFEST).is_file():
        raise ConfigError(
            f"start: expected a model folder, got {settings.start}; run `make run` first"
        )
    folder = settings.work / f"{settings.suite.key}-{settings.target_key}"
    train, dev = read_target(settings, folder / "rejects.jsonl")
    definition = next(
        one for one in targets_of(settings.suite, False) if one["key"] == settings.target_key
    )
    write_json(folder / "targets.json", [definition])
    points = [score_point(settings, "rules", None, [_by_rules(folder, definition, train, dev)])]
    points += _points_of_models(settings, folder, definition, train, dev)
    picture = settings.page.with_suffix(".svg")
    draw_target_curve(picture, points, definition.get("name", settings.target_key))
    with atomic_path(settings.page) as temporary:
        temporary.write_text(page_text(points, settings, dev, picture.name), encoding="utf-8")
    table = Table(title=f"{settings.suite.title}: {settings.target_key}")
    for name in COLUMNS:
        table.add_column(name, justify="right")
    for point in points:
        table.add_row(*cells(point))
    console = Console()
    console.print(table)
    console.print(f"page    {settings.page}\npicture {picture}", highlight=False, markup=False)


def read_target(settings: TargetCurveSettings, rejects: Path) -> tuple[list[Row], list[Row]]:
    """Read the sentences of train and dev that are labelled for the target, with that label alone.

    Args:
        settings: The set, its files, the target and the numbers to draw.
        rejects: File to write, of the records that cannot be used.

    Raises:
        ConfigError: The set is missing, or has fewer sentences than are to be drawn.
    """
    parts, wrong = read_parts(settings.suite, settings.data_dir, None, False)
    write_rejects(rejects, wrong)
    if wrong:
        Console(stderr=True).print(f"{len(wrong)} rows rejected: {rejects}", highlight=False)
    train, dev = (
        [
            row | {"stances": own, "sentiment": None}
            for row in parts[part]
            if (own := [one for one in row["stances"] if one["target"] == settings.target_key])
        ]
        for part in (Split.train.value, Split.dev.value)
    )
    train = without_copies(train, dev)
    if len(train) < settings.counts[-1]:
        raise ConfigError(
            f"counts: expected at most {len(train)}, the sentences of train about "
            f"{settings.target_key}, got {settings.counts[-1]}"
        )
    return train, dev


def draw_examples(train: Sequence[Row], count: int, seed: int) -> list[Row]:
    """Draw examples to train on; the same ones stand as dev, which chooses the epoch.

    Args:
        train: What is drawn from.
        count: Number of examples.
        seed: Of the draw; a smaller number of the same seed is contained in a larger one.
    """
    order = np.random.default_rng(seed).permutation(len(train))[:count]
    chosen = [train[place] for place in sorted(order.tolist())]
    return chosen + [row | {"split": Split.dev.value} for row in chosen]


def score_point(
    settings: TargetCurveSettings, labeller: str, count: int | None, answers: Sequence[list[Row]]
) -> Point:
    """Score the answers of the models of all draws, and of each.

    Args:
        settings: The seed and the number of bootstrap samples.
        labeller: Who answered.
        count: Labelled sentences that taught it; null where none can.
        answers: Of each draw, rows of the table ``predictions``, all of the same sentences.

    Raises:
        DataError: A class that is averaged has no gold.
    """
    rows = [row for found in answers for row in found]
    gold, predicted = ids_of(rows, STANCE)
    draws = [str(number) for number, found in enumerate(answers) for _ in found]
    groups = [row["group_id"] for row in rows]
    scores = {}
    for name, classes in AVERAGED.items():
        ids = [STANCE.classes.index(one) for one in classes]
        if lacking := [STANCE.classes[i] for i in ids if i not in gold]:
            raise DataError(f"expected sentences of {', '.join(lacking)} to score, found none")
        rng = np.random.default_rng(settings.seed)
        of_all = mean_f1(
            gold, predicted, draws, groups, ids, len(STANCE.classes), rng, settings.bootstrap_draws
        )
        each = [
            float(class_f1(confusion(*ids_of(found, STANCE), len(STANCE.classes)))[ids].mean())
            for found in answers
        ]
        scores[name] = Score(*of_all, each)
    return Point(labeller, count, scores)


def _points_of_models(
    settings: TargetCurveSettings,
    folder: Path,
    definition: TargetDefinition,
    train: Sequence[Row],
    dev: Sequence[Row],
) -> Iterator[Point]:
    """Score the model that no label taught, and then those that more and more have taught."""
    overrides = (
        f"targets={folder / 'targets.json'}",
        f"start={settings.start}",
        *UNLIKE_THE_MAIN_JOB,
        f"runtime.threads={settings.runtime.threads}",
        f"runtime.precision={settings.runtime.precision.value}",
        *settings.train_overrides,
    )
    untaught = _untaught(settings, folder, definition, overrides)
    yield score_point(settings, "model", 0, [_by_model(settings, untaught, dev)])
    for count in settings.counts:
        found = []
        for seed in range(settings.seed, settings.seed + settings.draws):
            splits = folder / f"{count}-{seed}.parquet"
            write_table(splits, "splits", draw_examples(train, count, seed))
            run = trained(folder, (*overrides, f"splits={splits}", f"seed={seed}"))
            found.append(_by_model(settings, run / MODEL, dev))
        yield score_point(settings, "model", count, found)


def _untaught(
    settings: TargetCurveSettings,
    folder: Path,
    definition: TargetDefinition,
    overrides: Sequence[str],
) -> Path:
    """Write the model to start from, asked about the target alone; return its folder."""
    found = compose_settings(TRAIN, overrides)
    assert isinstance(found, TrainSettings)  # as scripts/train_model.py declares
    output = folder / "untaught"
    ask_about(settings.start, [definition], found.backbone, found.classifier, output)
    return output


def _by_model(settings: TargetCurveSettings, folder: Path, dev: Sequence[Row]) -> list[Row]:
    precision = prepare_runtime(settings.runtime)
    model = load_model(folder)
    model.classifier.to(best_device())
    return predict_examples(model, dev, _BATCH, precision)


def _by_rules(
    folder: Path, definition: TargetDefinition, train: Sequence[Row], dev: Sequence[Row]
) -> list[Row]:
    """Fit rules to all sentences without their labels, and answer those of dev."""
    targets, sentences, rules = folder / "target", folder / "sentences.parquet", folder / "rules"
    votes = folder / "votes"
    key = definition["key"]
    values = {name: value for name, value in definition.items() if name != "key"}
    with atomic_path(targets / f"{key}.yaml") as temporary:
        text = yaml.safe_dump({"exclusions": {}} | values, allow_unicode=True)
        temporary.write_text(text, encoding="utf-8")
    write_table(sentences, "sentences", [_sentence(row) for row in (*train, *dev)])
    run_stage(
        "vote_sentences",
        f"sentences={sentences}",
        "articles=null",
        f"targets=[{key}]",
        f"target_folder={targets}",
        f"output={votes}",
    )
    run_stage(
        "export_rules",
        f"sentences={sentences}",
        f"targets={votes / 'targets.json'}",
        f"target_folder={targets}",
        f"mentions={votes / 'mentions.parquet'}",
        f"votes=[{votes / 'votes.parquet'}]",
        f"output={rules}",
    )
    model = open_model(rules, threads=1)
    found = model([row["text"] for row in dev], langs=[row["lang"] for row in dev])
    return [
        _answer(row, key, labels["stance"][key]["label"])
        for row, labels in zip(dev, found, strict=True)
    ]


def _sentence(row: Row) -> Row:
    return {
        "sentence_id": row["sentence_id"],
        "article_id": row["article_id"],
        "index": 0,
        "kind": SentenceKind.body.value,
        "field": Field.text.value,
        "start": 0,
        "end": len(row["text"]),
        "text": row["text"],
        "lang": row["lang"],
    }


def _answer(row: Row, key: str, label: str) -> Row:
    """Give what is scored of an answer, as the table ``predictions`` has it."""
    (gold,) = row["stances"]
    return {"group_id": row["group_id"], "task": key, "gold": gold["label"], "label": label}
