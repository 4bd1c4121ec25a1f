"""Train on a public set and score the model as the set's results are published."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from labels.pipeline.command import CONFIGS
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import atomic_path, write_json
from labels.pipeline.tables import write_table
from training.benchmark.examples import targets_of, without_copies, write_rejects
from training.benchmark.metric import score_suite
from training.benchmark.parts import read_parts
from training.benchmark.results import (
    HEADER,
    Result,
    page_text,
    read_results,
    table_rows,
    write_results,
)
from training.benchmark.settings import (
    BenchmarkSettings,
    SuiteMetric,
    SuiteSettings,
    TargetIs,
)
from training.experiments.runs import MODEL, compose_settings, trained
from training.model.precision import best_device, prepare_runtime
from training.model.store import MANIFEST, load_model
from training.report.stage import predict_examples

_BATCH = 64  # sentences scored together
# What the main job is told of the news that its model meets does not hold for other sets.
UNLIKE_THE_MAIN_JOB = (
    "stance_shares=null",
    "author_share=null",
    "attribution_weight=0",
    "start_share=0",
)


def run_benchmark(settings: BenchmarkSettings) -> None:
    """Train on a set, once for each seed, score each model, and write results, table and page.

    A training with the same inputs and settings is not run twice, and a killed one goes on.

    Raises:
        ConfigError: A part of the set is missing, or the model to start from.
        DataError: A part has no example, or the training failed; it has said why.
    """
    console = Console(stderr=True)
    if settings.start is not None and not (settings.start / MANIFEST).is_file():
        raise ConfigError(
            f"start: expected a model folder, got {settings.start}; run `make run` first, or begin "
            "with the backbone: start=null"
        )
    suite = settings.suite
    folder = settings.work / (f"{suite.key}-blind" if settings.target_blind else suite.key)
    parts, rejects = read_parts(suite, settings.data_dir, settings.test_file, settings.target_blind)
    write_rejects(folder / "rejects.jsonl", rejects)
    if rejects:
        console.print(f"{len(rejects)} rows rejected: {folder / 'rejects.jsonl'}", highlight=False)
    train = without_copies(parts["train"], [*parts["dev"], *parts.get("test", [])])
    dev = without_copies(parts["dev"], parts.get("test", []))
    copies = len(parts["train"]) - len(train) + len(parts["dev"]) - len(dev)
    if copies:
        console.print(f"{copies} rows left out: their text is in a part that scores")
    for name, rows in (("train", train), ("dev", dev), ("test", parts.get("test", dev))):
        if not rows:
            raise DataError(f"{suite.key}: expected examples of {name}, found none")
    splits, targets = folder / "splits.parquet", folder / "targets.json"
    write_table(splits, "splits", [*train, *dev])
    write_json(targets, targets_of(suite, settings.target_blind))
    scored = "test" if "test" in parts else "dev"
    precision = prepare_runtime(settings.runtime)
    results = []
    for seed in settings.seeds:
        run = trained(folder, _overrides(settings, splits, targets, seed))
        model = load_model(run / MODEL)
        model.classifier.to(best_device())
        rows = predict_examples(model, parts.get("test", dev), _BATCH, precision)
        rng = np.random.default_rng(seed)
        score = score_suite(rows, suite.metric, rng, settings.bootstrap_draws)
        write_json(run / f"{scored}.json", vars(score))
        facts = model.manifest["training"]
        results.append(
            Result(
                suite=suite.key,
                target_blind=settings.target_blind,
                seed=seed,
                part=scored,
                rows=score.rows,
                score=score.score,
                low=score.low,
                high=score.high,
                epochs=facts["epochs"],
                best_epoch=facts["best_epoch"],
                train_rows=facts["train_sentences"],
                run=run.name,
            )
        )
        # After each seed, so that a later failure loses nothing.
        write_results(settings.results, [*read_results(settings.results), *results])
    known = _suites() | {suite.key: suite}
    with atomic_path(settings.page) as temporary:
        temporary.write_text(page_text(read_results(settings.results), known), encoding="utf-8")
    _show(results, known)
    Console().print(
        f"results {settings.results}\npage    {settings.page}", highlight=False, markup=False
    )


def _overrides(
    settings: BenchmarkSettings, splits: Path, targets: Path, seed: int
) -> tuple[str, ...]:
    suite = settings.suite
    chosen_by = {
        SuiteMetric.sentiment_macro_f1: "sentiment_macro_f1",
    }.get(suite.metric, "f_polar_pooled")
    sentiments = ("sentiment_weight=1",) if suite.target_is == TargetIs.nothing else ()
    return (
        f"splits={splits}",
        f"targets={targets}",
        f"start={settings.start or 'null'}",
        f"seed={seed}",
        f"chosen_by={chosen_by}",
        *UNLIKE_THE_MAIN_JOB,
        *sentiments,
        *(f"{name}={value}" for name, value in suite.train.items()),
        *settings.train_overrides,
    )


def _suites() -> dict[str, SuiteSettings]:
    """Read the settings of every set, for the page."""
    found: dict[str, SuiteSettings] = {}
    for path in sorted((CONFIGS / "suite").glob("*.yaml")):
        composed = compose_settings("run_benchmark", (f"suite={path.stem}", "data_dir=."))
        assert isinstance(composed, BenchmarkSettings)  # as scripts/run_benchmark.py declares
        found[composed.suite.key] = composed.suite
    return found


def _show(results: list[Result], suites: Mapping[str, SuiteSettings]) -> None:
    table = Table(title="Scored as published")
    for name in HEADER:
        table.add_column(name, justify="right")
    for row in table_rows(results, suites):
        table.add_row(*row)
    Console().print(table)
