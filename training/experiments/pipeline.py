"""Run the whole pipeline for one experiment and show what came of it."""

import json
import subprocess
from pathlib import Path
from typing import Any

from rich.console import Console
from ruamel.yaml import YAML

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import atomic_path
from training.report.terminal import scores_table

PIPELINE, PARAMS, EXPERIMENTS = Path("dvc.yaml"), Path("params.yaml"), Path("configs/experiments")
MAIN, MAIN_DATA = "default", "data/sample"
BACKBONE = "configs/backbone/e5_small_q4.yaml"  # what training begins with unless told otherwise


def run_pipeline(experiment: str = MAIN, data_dir: str = "") -> None:
    """Run ``dvc repro`` for an experiment, then print its scores and the path of its export.

    An experiment that is new is registered; other experiments, and their data, stay untouched.

    Args:
        experiment: Name of a file in ``configs/experiments/``.
        data_dir: Folder of its data; empty for the one that it was registered with.

    Raises:
        ConfigError: There is no such experiment, or no such folder.
        DataError: A stage failed; it has said why.
    """
    console = Console()
    for line in register_experiment(experiment, data_dir):
        console.print(line, style="dim", highlight=False, markup=False)
    last = stage_names()[-1]
    if subprocess.run(["dvc", "repro", f"{last}@{experiment}"], check=False).returncode:
        raise DataError("a stage failed, see above; `make run` goes on from there")
    report = Path("reports") / experiment
    scores = json.loads((report / "scores.json").read_text(encoding="utf-8"))
    for split, found in scores["splits"].items():
        if found is not None:
            console.print(scores_table(scores, split))
    console.print(f"report  {report / 'report.html'}", highlight=False)
    console.print(f"[bold]model   exports/{experiment}[/]", highlight=False)
    console.print(
        "next    python scripts/predict_stance.py input=ARTICLES output=stance.jsonl "
        f"model=exports/{experiment}",
        highlight=False,
    )


def stage_names() -> list[str]:
    """List the stages of the pipeline, in the order of the data."""
    stages: list[str] = list(YAML(typ="safe").load(PIPELINE)["stages"])
    return stages


def register_experiment(experiment: str, data_dir: str) -> list[str]:
    """Make ``params.yaml`` and the experiment's own file complete, as DVC needs them.

    DVC refuses a parameter that is not there, so every stage gets a line of overrides and a section
    of the experiment; empty ones change nothing. The model that training begins with is named, too,
    so that DVC makes that first. Comments and order are kept; nothing is written
    when nothing is missing.

    Returns:
        What was added, for people.

    Raises:
        ConfigError: There is no such experiment, or no such folder.
    """
    path = EXPERIMENTS / f"{experiment}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in EXPERIMENTS.glob("*.yaml")))
        raise ConfigError(
            f"EXPERIMENT: expected one of {known}, got {experiment!r}; "
            f"write {path} to add it (an empty file changes nothing)"
        )
    params = _read(PARAMS)
    experiments = params.setdefault("experiments", {})
    entry = experiments.setdefault(experiment, {})
    folder = data_dir or entry.get("data_dir") or (MAIN_DATA if experiment == MAIN else "")
    if not Path(folder or "?").is_dir():
        raise ConfigError(
            f"DATA_DIR: expected the folder of the data of {experiment}, got {folder!r}"
        )
    added = []
    if entry.get("data_dir") != folder:
        entry["data_dir"] = folder
        added.append(f"{PARAMS}: {experiment} reads {folder}")
    sections = _read(path)
    start = (sections.get("train_model") or {}).get("start") or BACKBONE
    if entry.get("start") != start:
        entry["start"] = start
        added.append(f"{PARAMS}: {experiment} begins training with {start}")
    overrides = entry.setdefault("overrides", {})
    comments = path.read_text(encoding="utf-8") if not sections else ""
    for stage in stage_names():
        if stage not in overrides:
            overrides[stage] = ""
            added.append(f"{PARAMS}: {experiment} may override {stage}")
        if sections.get(stage) is None:
            sections[stage] = {}
            added.append(f"{path}: {stage} is not changed")
    if added:
        _write(PARAMS, params)
        _write(path, sections, comments)
    return added


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] | None = _yaml().load(path.read_text(encoding="utf-8"))
    return {} if found is None else found


def _write(path: Path, value: dict[str, Any], head: str = "") -> None:
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write(head)
        _yaml().dump(value, file)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = 10_000  # else long texts would be folded
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
