"""Runs of stages for an experiment: started as their scripts, trainings kept by what made them."""

import runpy
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rich.console import Console

from labels.pipeline.command import CONFIGS, Stage, compose_config
from labels.pipeline.errors import DataError
from labels.pipeline.files import write_json
from labels.pipeline.settings import resolve
from training.fit.checkpoint import run_key
from training.fit.settings import TrainSettings

SCRIPTS = CONFIGS.parent / "scripts"
TRAIN, MODEL, HISTORY, ABOUT = "train_model", "model", "history.csv", "run.json"


def run_stage(name: str, *overrides: str) -> None:
    """Run the script of a stage with overrides, as its command line takes them.

    Raises:
        DataError: It failed; it has said why.
    """
    script = SCRIPTS / f"{name}.py"
    Console(stderr=True).print(
        " ".join([f"scripts/{script.name}", *overrides]), style="dim", highlight=False, markup=False
    )
    if subprocess.run([sys.executable, str(script), *overrides], check=False).returncode:
        raise DataError(f"{name} failed, see above; what was finished is kept")


def trained(work: Path, overrides: Sequence[str]) -> Path:
    """Return the folder of a training, which is run unless a run with the same key is there.

    The key is made of the content of the inputs and of all resolved settings, so that a change of
    any of them, in ``configs/`` or in ``overrides``, is another run in another folder.

    Args:
        work: Holds a folder for each key, with the model and what it was made of.
        overrides: For ``train_model``, but where it writes.

    Raises:
        ConfigError: A setting is wrong.
        DataError: The training failed; it has said why.
        OSError: An input cannot be read.
    """
    settings = compose_settings(TRAIN, overrides)
    assert isinstance(settings, TrainSettings)  # as scripts/train_model.py declares
    inputs = settings.inputs()
    key = run_key(inputs, settings.without_paths())
    folder = work / key
    if not (folder / MODEL).is_dir():  # it comes whole, at the end of a training
        about = {
            "overrides": list(overrides),
            "inputs": {name: str(path) for name, path in inputs.items()},
            "settings": settings.without_paths(),
        }
        write_json(folder / ABOUT, about)
        places = (f"output={folder / MODEL}", f"history={folder / HISTORY}")
        run_stage(TRAIN, *overrides, *places)
    return folder


def compose_settings(name: str, overrides: Sequence[str]) -> object:
    """Compose and check the settings of a stage as its script does.

    Raises:
        ConfigError: A value is missing, of the wrong type or out of range.
    """
    stage = stage_of(name)
    return resolve(compose_config(stage, overrides), stage.settings)


@cache
def stage_of(name: str) -> Stage:
    """Return what the script of a stage declares."""
    stage: Stage = runpy.run_path(str(SCRIPTS / f"{name}.py"))["STAGE"]
    return stage
