import json
import shutil
from pathlib import Path

import pytest
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig

from labels.pipeline import command
from labels.pipeline.command import register
from labels.pipeline.errors import ConfigError, DataError
from training.experiments import runs


@pytest.fixture
def inputs(tmp_path):
    """Overrides that name two input files."""
    paths = {name: tmp_path / f"{name} غزة, [1]" for name in ("splits", "targets")}
    for name, path in paths.items():
        path.write_text(name, encoding="utf-8")
    return paths


@pytest.fixture
def train(inputs, tmp_path, monkeypatch):
    """Ask for a training; return its folder. The script is stood in for: it makes the model."""
    started = []

    def run_stage(name, *overrides):
        given = dict(override.split("=", 1) for override in overrides)
        Path(given["output"]).mkdir(parents=True)
        started.append((name, given))

    monkeypatch.setattr(runs, "run_stage", run_stage)

    def ask(*overrides):
        given = [f"{name}={path}" for name, path in inputs.items()]
        return runs.trained(tmp_path / "work", [*given, *overrides])

    ask.started = started
    return ask


def test_a_training_that_is_there_is_not_run_again(train):
    folder = train("train_share=0.5")
    assert train("train_share=0.5") == folder
    ((name, given),) = train.started
    assert name == "train_model"
    assert given["train_share"] == "0.5"
    assert given["output"] == str(folder / "model")
    assert given["history"] == str(folder / "history.csv")


def test_another_setting_or_another_input_is_another_run(train, inputs):
    folders = {train(), train("epochs=5"), train("classifier=cross_encoder"), train("seed=14")}
    for path in inputs.values():
        path.write_text("changed", encoding="utf-8")
        folders.add(train())
    assert len(folders) == len(train.started) == 6


def test_a_change_of_the_configuration_is_another_run(train, tmp_path, monkeypatch):
    folder = train()
    configs = shutil.copytree(command.CONFIGS, tmp_path / "configs")
    for module in (command, runs):
        monkeypatch.setattr(module, "CONFIGS", configs)
    assert train() == folder  # the same settings, wherever they stand
    path = configs / "train_model.yaml"
    changed = path.read_text(encoding="utf-8").replace("\nseed: 13 ", "\nseed: 14 ")
    path.write_text(changed, encoding="utf-8")
    assert train() != folder


def test_where_a_run_writes_does_not_name_it(train):
    assert train() == train("output=elsewhere", "checkpoints=elsewhere", "paths.work=elsewhere")


def test_a_run_says_what_it_was_made_of(train, inputs):
    about = json.loads((train("epochs=2") / "run.json").read_text(encoding="utf-8"))
    assert about["overrides"] == [*(f"{name}={path}" for name, path in inputs.items()), "epochs=2"]
    assert about["settings"]["epochs"] == 2
    assert about["inputs"] == {name: str(path) for name, path in inputs.items()}


def test_a_training_that_broke_off_is_run_again(train, monkeypatch):
    def break_off(name, *overrides):
        raise DataError("it failed")

    with monkeypatch.context() as patch:
        patch.setattr(runs, "run_stage", break_off)
        with pytest.raises(DataError, match="it failed"):
            train()
    assert (train() / "model").is_dir()
    assert len(train.started) == 1


def test_a_wrong_setting_is_named_before_anything_runs(train):
    with pytest.raises(ConfigError, match=r"train_model\.epochs: expected at least 1, got 0"):
        train("epochs=0")
    assert train.started == []


def test_settings_are_those_of_the_script_and_hydra_s_state_stays(tmp_path):
    register(runs.stage_of("score_model"))  # some stage runs, with its schema
    store = ConfigStore.instance().repo.copy()

    def is_as_it_was():
        return (
            ConfigStore.instance().repo["schema.yaml"].node == store["schema.yaml"].node
            and not HydraConfig.initialized()
            and not GlobalHydra.instance().is_initialized()
        )

    assert is_as_it_was()
    found = runs.compose_settings("train_model", ["train_share=0.25", f"output={tmp_path}"])
    assert (found.train_share, found.output) == (0.25, tmp_path)
    assert found.splits == Path("data/default/splits/splits.parquet")
    assert is_as_it_was()
    with pytest.raises(ConfigError):
        runs.compose_settings("train_model", ["epochs=0"])
    assert is_as_it_was()


def test_a_script_that_fails_ends_the_work():
    with pytest.raises(DataError, match="no_such_stage failed"):
        runs.run_stage("no_such_stage")


def test_a_script_gets_its_overrides(capfd):
    with pytest.raises(DataError, match="train_model failed"):
        runs.run_stage("train_model", "epochs=0")
    assert "epochs: expected at least 1, got 0" in capfd.readouterr().err
