import csv
import time

import optuna
import pytest
import torch
from optuna.storages import RDBStorage

from labels.pipeline.errors import ConfigError
from tests.training.fit.conftest import command_line, write_inputs
from training.fit import loop
from training.fit.history import DevScores
from training.tuning import stage

SPACE = "space=[learning_rate=1e-4..1e-2 log,batch_size=4|8]"


@pytest.fixture
def tune(tmp_path, split_row, tiny_overrides, composer):
    """Tune the tiny backbone; return the rows of the table of trials."""
    write_inputs(tmp_path, split_row)
    given = dict(
        override.split("=", 1) for override in [*command_line(tmp_path, "x"), *tiny_overrides]
    )
    own = ("output", "history", "checkpoints", "learning_rate", "batch_size")
    kept = [f"{name}={value}" for name, value in given.items() if name not in own]
    kept = [override for override in kept if not override.startswith("stance_shares")]

    def run(trials, *changes):
        composer.run(
            "tune_model",
            "study=tiny",
            f"trials={trials}",
            SPACE,
            f"fixed=[{','.join(kept)}]",
            "random_trials=2",
            f"work={tmp_path / 'work'}",
            *changes,
        )
        with (tmp_path / "work" / "tiny" / "trials.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    yield run
    torch.use_deterministic_algorithms(False)


@pytest.fixture
def scores(monkeypatch):
    """Let the epochs of all trainings score as told, in turn."""

    def tell(*values):
        left = iter(values)

        def score(_):
            value = next(left)
            if isinstance(value, BaseException):
                raise value
            return DevScores(f_polar_pooled=value, macro_f1_pooled=0, sentiment_macro_f1=0)

        monkeypatch.setattr(loop.Training, "_dev_scores", score)

    return tell


def test_trials_are_drawn_from_the_space_scored_and_kept(tune, tmp_path, capsys):
    rows = tune(3)
    assert [row["trial"] for row in rows] == ["0", "1", "2"]
    assert len({row["learning_rate"] for row in rows}) == 3
    for row in rows:
        assert 1e-4 <= float(row["learning_rate"]) <= 1e-2
        assert row["batch_size"] in ("4", "8")
        assert 0 <= float(row["score"]) <= 1
    assert (tmp_path / "work" / "tiny" / "trials.svg").read_text().startswith("<?xml")
    best = max(rows, key=lambda row: float(row["score"]))
    assert f"learning_rate={best['learning_rate']}" in capsys.readouterr().out.replace("\n", " ")
    assert not list((tmp_path / "work" / "tiny").glob("trial-*"))  # models are not kept


def test_a_study_goes_on_from_its_storage_with_other_draws(tune):
    first = tune(1)
    rows = tune(3)
    assert rows[0] == first[0]
    assert len({row["learning_rate"] for row in rows}) == 3
    assert tune(3) == rows


def test_the_same_seed_draws_the_same(tune, tmp_path):
    first = tune(1)
    assert tune(1, f"work={tmp_path / 'other'}") == first


def test_a_trial_behind_the_others_is_stopped(tune, scores):
    good, poor = [0.5, 0.6, 0.7], [0.1]
    scores(*good, *good, *poor)
    rows = tune(3)
    assert [row["state"] for row in rows] == ["complete", "complete", "pruned"]
    assert [row["epochs"] for row in rows] == ["3", "3", "1"]
    assert [float(row["score"]) for row in rows] == [0.7, 0.7, 0.1]


def test_an_interrupted_trial_is_trained_again_from_its_last_epoch(tune, scores, capsys):
    scores(0.5, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        tune(1)
    capsys.readouterr()
    scores(0.6, 0.7)
    (row,) = tune(1)
    assert "resumed after epoch 1" in capsys.readouterr().err
    assert (row["epochs"], float(row["score"])) == ("3", 0.7)


@pytest.mark.filterwarnings("ignore")
def test_a_killed_trial_is_trained_again(tune, tmp_path, monkeypatch):
    monkeypatch.setattr(stage, "_HEARTBEAT", 1)
    tune(1)
    storage = RDBStorage(
        f"sqlite:///{tmp_path / 'work' / 'tiny' / 'study.db'}", heartbeat_interval=1
    )
    dead = optuna.load_study(study_name="tiny", storage=storage).ask()
    drawn = dead.suggest_float("learning_rate", 1e-4, 1e-2, log=True)
    dead.suggest_categorical("batch_size", ("4", "8"))
    storage.record_heartbeat(dead._trial_id)
    time.sleep(5)  # without a sign of life for three seconds, counted in whole ones
    rows = tune(2)
    assert f"{drawn:.4g}" in [row["learning_rate"] for row in rows]
    assert [row["trial"] for row in rows] == ["0", "2"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("space=[]", "space: expected at least one"),
        ("space=[learning_rate]", "space: expected NAME=LOW.*got 'learning_rate'"),
        ("space=[learning_rate=2..1]", "space: expected NAME=LOW"),
        ("space=[learning_rate=0..1 log]", "space: expected NAME=LOW"),
        ("space=[learning_rate=a..b]", "space: expected NAME=LOW"),
        ("fixed=[learning_rate=1]", "fixed: expected none of space, got learning_rate"),
        ("storage=nothing://x", "storage: cannot open nothing://x"),
    ],
)
def test_a_wrong_study_is_a_config_error(composer, tmp_path, change, message):
    with pytest.raises(ConfigError, match=message):
        composer.run("tune_model", f"work={tmp_path}", change)


def test_a_setting_that_training_has_not_is_a_config_error(tune):
    with pytest.raises(Exception, match="learning_rat"):
        tune(1, "space=[learning_rat=1e-4..1e-2]")


def test_the_space_of_the_script_is_one_of_train_model(composer):
    dimensions = composer.settings("tune_model").dimensions
    names = [f"{one.name}={one.choices[0] if one.choices else one.low}" for one in dimensions]
    assert composer.settings("train_model", *names, "splits=x", "targets=y")
