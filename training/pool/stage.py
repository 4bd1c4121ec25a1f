"""The stage ``export_pool``: a network and rules in one folder, weighed by gold."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from labels.annotate.gold import GoldRow, read_gold
from labels.annotate.gold_file import read_gold_lines
from labels.metrics.calibration_file import POOLED, Fitted
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import atomic_folder, sha256_of, write_json
from labels.pipeline.progress import meter
from labels.pipeline.schema import SCHEMES, Reject, Scheme, tasks_for
from training.contract.records import Answer, Labels
from training.contract.schema import RECORD_SCHEMA_FILE, record_schema
from training.export.artifact import (
    EXPORT_FILE,
    EXPORT_VERSION,
    MODEL_PART,
    RULES_PART,
    ChosenOn,
    ExportKind,
    PoolChoice,
    PoolDescription,
    PoolScores,
    names_of,
)
from training.inference.mentions import finder_of
from training.inference.model import StanceModel
from training.inference.pool import probabilities_of
from training.inference.rules import RulesModel
from training.pool.card import pool_card
from training.pool.settings import ExportPoolSettings
from training.pool.weights import Judged, choose

_CHUNK = 256  # sentences between two signs of progress


def export_pool(settings: ExportPoolSettings) -> None:
    """Let both parts answer on gold, choose how much each counts, and write them into one folder.

    Raises:
        ConfigError: A part is no such export, or the two are not of the same targets and classes.
        DataError: A part was changed, gold cannot be read, or is too little to choose by.
    """
    console = Console(stderr=True)
    network, rules = StanceModel(settings.model, settings.threads), RulesModel(settings.rules)
    _check_alike(settings, network, rules)
    gold, langs, rejects = _read(settings.gold, network.targets)
    finder = finder_of(names_of(rules.description))
    answers: list[tuple[Labels, Labels]] = []
    with meter(console, "answering", "sentences", len(gold)) as progress:
        for start in range(0, len(gold), _CHUNK):
            texts = [row.text for row in gold[start : start + _CHUNK]]
            known = [langs[row.where] for row in gold[start : start + _CHUNK]]
            named = [finder.in_sentence(*one) for one in zip(texts, known, strict=True)]
            parts = (part(texts, mentions=named, langs=known) for part in (network, rules))
            answers += zip(*parts, strict=True)
            progress.advance(len(texts))
    pooled: dict[str, PoolChoice] = {}
    scores: dict[str, PoolScores] = {}
    for scheme in SCHEMES:
        judged = _judged(scheme, network.targets, gold, answers)
        pooled[scheme.name], scores[scheme.name] = choose(
            judged, settings.folds, settings.weight_step, settings.polar_bias, settings.seed
        )
    chosen_on = ChosenOn(
        sentences=len(gold),
        articles=len({row.article_ids[-1] for row in gold}),
        folds=settings.folds,
        seed=settings.seed,
        scores=scores,
    )
    _write(settings, _describe(network, rules, pooled, chosen_on))
    _show(console, settings.output, pooled, chosen_on, len(rejects))


def _check_alike(settings: ExportPoolSettings, network: StanceModel, rules: RulesModel) -> None:
    ours, theirs = network.description, rules.description
    if network.targets != rules.targets or ours["schemes"] != theirs["schemes"]:
        raise ConfigError(
            f"rules: {settings.rules}: expected the targets and classes of {settings.model}, "
            f"{', '.join(network.targets)}, found {', '.join(rules.targets)}"
        )


def _read(
    paths: Sequence[Path], targets: Sequence[str]
) -> tuple[list[GoldRow], dict[str, str | None], list[Reject]]:
    """Read gold and the language of each row, by where it stands."""
    rows: list[GoldRow] = []
    rejects: list[Reject] = []
    langs: dict[str, str | None] = {}
    for path in paths:
        found, broken = read_gold(path, targets, targets)
        rows += found
        rejects += broken
        for line in read_gold_lines(path):
            if not isinstance(line, Reject):
                lang = line.values.get("lang")
                langs[line.where] = str(lang) if lang else None
    if not rows:
        where = ", ".join(map(str, paths))
        raise DataError(f"{where}: expected gold that can be used, found none")
    return rows, langs, rejects


def _judged(
    scheme: Scheme,
    targets: Sequence[str],
    gold: Sequence[GoldRow],
    answers: Sequence[tuple[Labels, Labels]],
) -> Judged:
    """Gather the answers that have gold, of all tasks of a scheme together."""
    network, rules, labels, articles = [], [], [], []
    for row, (ours, theirs) in zip(gold, answers, strict=True):
        for key, own, their in _by_task(scheme, targets, ours, theirs):
            if key in row.labels:
                network.append(probabilities_of(scheme, own))
                rules.append(probabilities_of(scheme, their))
                labels.append(scheme.classes.index(row.labels[key]))
                articles.append(row.article_ids[-1])
    if not labels:
        raise DataError(f"gold: expected labels of {scheme.name}, found none")
    return Judged(
        scheme=scheme,
        model=np.array(network),
        rules=np.array(rules),
        gold=np.array(labels, np.int64),
        articles=articles,
    )


def _by_task(
    scheme: Scheme, targets: Sequence[str], ours: Labels, theirs: Labels
) -> Iterator[tuple[str, Answer, Answer]]:
    for task in tasks_for(targets):
        if task.scheme is not scheme:
            continue
        if task.key in ours["stance"]:
            yield task.key, ours["stance"][task.key], theirs["stance"][task.key]
        else:
            yield task.key, ours["sentiment"], theirs["sentiment"]


def _describe(
    network: StanceModel,
    rules: RulesModel,
    pooled: Mapping[str, PoolChoice],
    chosen_on: ChosenOn,
) -> PoolDescription:
    """Describe the pool; its targets are called as the rules, which need their names, call them."""
    own = network.description
    return PoolDescription(
        version=EXPORT_VERSION,
        kind=ExportKind.pool.value,
        sikap_version=metadata.version("sikap"),
        schemes=own["schemes"],
        voices=own["voices"],
        targets=rules.description["targets"],
        russian_forms=rules.description["russian_forms"],
        variants=own["variants"],
        refused=own["refused"],
        calibration=Fitted(
            split="none",
            sentences=0,
            delta=0.0,
            temperatures={task.key: {POOLED: 1.0} for task in network.tasks},
            thresholds={},
        ),
        pooled=dict(pooled),
        chosen_on=chosen_on,
    )


def _write(settings: ExportPoolSettings, description: PoolDescription) -> None:
    with atomic_folder(settings.output) as folder:
        shutil.copytree(settings.model, folder / MODEL_PART)
        shutil.copytree(settings.rules, folder / RULES_PART)
        write_json(folder / RECORD_SCHEMA_FILE, record_schema(description))
        card = pool_card(description, settings.output.name)
        (folder / "README.md").write_text(card, encoding="utf-8")
        description["sha256"] = {
            path.relative_to(folder).as_posix(): sha256_of(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        write_json(folder / EXPORT_FILE, description)


def _show(
    console: Console,
    output: Path,
    pooled: Mapping[str, PoolChoice],
    chosen_on: ChosenOn,
    n_rejects: int,
) -> None:
    table = Table(
        title=f"export_pool: weighed on {chosen_on['sentences']} sentences of "
        f"{chosen_on['articles']} articles"
    )
    for name in ("scheme", "weight of the model", "bias", "model", "rules", "pool, held out", "n"):
        table.add_column(name)
    for scheme, choice in pooled.items():
        score = chosen_on["scores"][scheme]
        bias = ", ".join(f"{label} {value:+.2f}" for label, value in choice["bias"].items())
        parts = (f"{value:.3f}" for value in (score["model"], score["rules"], score["pool"]))
        table.add_row(scheme, f"{choice['weight']:.2f}", bias or "-", *parts, str(score["answers"]))
    console.print(table)
    if n_rejects:
        console.print(f"gold rows that cannot be used: {n_rejects}", highlight=False)
    console.print(
        f"next: python scripts/predict_stance.py input=ARTICLES output=stance.jsonl model={output}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
