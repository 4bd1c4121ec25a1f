"""Run the whole pipeline for one experiment and show what came of it."""

import json
import subprocess
from pathlib import Path

import yaml
from rich.console import Console

from labels.errors import ConfigError, DataError
from labels.files import atomic_path
from training.report import metrics_table

PARAMS = Path("params.yaml")


def run_pipeline(experiment: str, data_dir: str) -> None:
    """Run ``dvc repro`` for an experiment, then print its metrics and the path of its export.

    ``params.yaml`` says which experiment DVC runs; it is changed when another one is asked for.

    Raises:
        ConfigError: There is no such experiment, or no such folder.
        DataError: A stage failed; it has said why.
    """
    if not (Path("configs/experiments") / f"{experiment}.yaml").is_file():
        known = sorted(path.stem for path in Path("configs/experiments").glob("*.yaml"))
        raise ConfigError(f"EXPERIMENT: expected one of {', '.join(known)}, got {experiment!r}")
    if not Path(data_dir).is_dir():
        raise ConfigError(f"DATA_DIR: no folder {data_dir!r}")
    set_params({"experiment": experiment, "data_dir": data_dir})
    done = subprocess.run(["dvc", "repro"], check=False)
    if done.returncode:
        raise DataError("a stage failed, see above; `make run` goes on from there")
    report = Path("reports") / experiment / "metrics.json"
    console = Console()
    metrics = json.loads(report.read_text(encoding="utf-8"))
    console.print(metrics_table(metrics, next(part for part in metrics if part != "model")))
    console.print(f"report  {report.with_name('confusion.svg')}", highlight=False)
    console.print(f"[bold]model   exports/{experiment}[/]", highlight=False)
    console.print(
        "next    python scripts/predict_stance.py input=ARTICLES output=stance.jsonl "
        f"model=exports/{experiment}",
        highlight=False,
    )


def set_params(values: dict[str, str]) -> None:
    """Change top-level lines of ``params.yaml``, comments and order kept, if they differ."""
    text = PARAMS.read_text(encoding="utf-8")
    current = yaml.safe_load(text)
    if all(current[name] == value for name, value in values.items()):
        return
    lines = [
        f"{name}: {_scalar(values[name])}" if name in values else line
        for line in text.splitlines()
        for name in [line.partition(":")[0]]
    ]
    with atomic_path(PARAMS) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _scalar(value: str) -> str:
    return yaml.safe_dump(value, allow_unicode=True, width=10_000).splitlines()[0]
