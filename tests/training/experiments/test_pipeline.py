import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from labels.pipeline.errors import ConfigError, DataError
from training.experiments import pipeline

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Stand in a folder with the pipeline, its experiments, and a folder of data for another."""
    for name in ("dvc.yaml", "params.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "configs" / "experiments", tmp_path / "configs" / "experiments")
    (tmp_path / "data" / "sample").mkdir(parents=True)
    (tmp_path / "بيانات, [1]").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def experiments():
    return yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["experiments"]


def test_the_main_job_changes_nothing(project):
    before = Path("params.yaml").read_bytes()
    assert pipeline.register_experiment("default", "") == []
    assert Path("params.yaml").read_bytes() == before


def test_another_experiment_is_added_beside_the_main_job(project):
    before = Path("params.yaml").read_text(encoding="utf-8")
    added = pipeline.register_experiment("real_news", "بيانات, [1]")
    assert "params.yaml: real_news reads بيانات, [1]" in added
    assert Path("params.yaml").read_text(encoding="utf-8").startswith(before.rstrip())
    assert list(experiments()) == ["default", "real_news"]
    assert experiments()["real_news"]["data_dir"] == "بيانات, [1]"
    assert list(experiments()["real_news"]["overrides"]) == pipeline.stage_names()
    # once registered it needs no folder, and nothing more is written
    assert pipeline.register_experiment("real_news", "") == []


def test_an_experiment_names_what_its_training_begins_with(project):
    path = Path("configs/experiments/mine.yaml")
    path.write_text("train_model: {}\n", encoding="utf-8")
    pipeline.register_experiment("mine", "data/sample")
    assert experiments()["mine"]["start"] == pipeline.BACKBONE == experiments()["default"]["start"]
    path.write_text("train_model: {start: models/default}\n", encoding="utf-8")
    added = pipeline.register_experiment("mine", "")
    assert "params.yaml: mine begins training with models/default" in added
    assert experiments()["mine"]["start"] == "models/default"


def test_a_file_that_changes_nothing_gets_a_section_for_every_stage_and_keeps_its_words(project):
    path = Path("configs/experiments/mine.yaml")
    path.write_text("# Why: to try it.\n", encoding="utf-8")
    pipeline.register_experiment("mine", "data/sample")
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# Why: to try it.\n")
    assert yaml.safe_load(text) == {name: {} for name in pipeline.stage_names()}


def test_what_an_experiment_says_stays_and_only_the_missing_sections_are_added(project):
    path = Path("configs/experiments/mine.yaml")
    path.write_text("train_model:\n  epochs: 5  # longer\n", encoding="utf-8")
    pipeline.register_experiment("mine", "data/sample")
    text = path.read_text(encoding="utf-8")
    assert "  epochs: 5  # longer\n" in text
    assert yaml.safe_load(text)["train_model"] == {"epochs": 5}
    assert set(yaml.safe_load(text)) == set(pipeline.stage_names())


@pytest.mark.parametrize(
    ("experiment", "data_dir", "message"),
    [
        (
            "none_such",
            "data/sample",
            "expected one of default, raw_news, real_news, got 'none_such'",
        ),
        ("real_news", "", "DATA_DIR: expected the folder of the data of real_news, got ''"),
        ("real_news", "no/such", "DATA_DIR: .*, got 'no/such'"),
    ],
)
def test_a_wrong_name_or_folder_is_named_and_nothing_is_written(
    project, experiment, data_dir, message
):
    before = Path("params.yaml").read_bytes()
    with pytest.raises(ConfigError, match=message):
        pipeline.register_experiment(experiment, data_dir)
    assert Path("params.yaml").read_bytes() == before


SCORES = {"n": 4, "f_polar": 0.5, "macro_f1": 0.6} | {
    name: dict.fromkeys(("favor", "against", "neutral", "unrelated"), value)
    for name, value in (("f1", 0.5), ("n_gold", 1))
}


@pytest.fixture
def repro(monkeypatch):
    """Stand in for DVC: note the command, write a report, return the status given."""
    calls = []

    def run(command, check):
        calls.append(command)
        report = Path("reports") / command[-1].partition("@")[2]
        report.mkdir(parents=True, exist_ok=True)
        dev = {"sentences": 4, "groups": 2, "pooled": SCORES, "targets": {}, "languages": {}}
        dev |= {"f_polar_pooled": 0.5, "f_polar_pooled_low": 0.25, "f_polar_pooled_high": 0.75}
        dev |= {"macro_f1_pooled": 0.6, "sentiment_macro_f1": None}
        dev["attribution"] = {"holders": 0, "holder_right": None, "voices": 0, "voice_right": None}
        dev["tones"] = {name: {"favor": None, "against": 0.5} for name in ("positive", "negative")}
        (report / "scores.json").write_text(json.dumps({"model": {}, "splits": {"dev": dev}}))
        return SimpleNamespace(returncode=run.status)

    run.status = 0
    monkeypatch.setattr(pipeline.subprocess, "run", run)
    return run, calls


def test_only_the_stages_of_the_experiment_are_run_and_its_scores_shown(project, repro, capsys):
    pipeline.run_pipeline("real_news", "data/sample")
    assert repro[1] == [["dvc", "repro", "write_report@real_news"]]
    said = capsys.readouterr().out
    assert "f_polar_pooled 0.500 [0.250, 0.750]" in said
    assert "exports/real_news" in said


def test_a_stage_that_fails_ends_the_run(project, repro):
    repro[0].status = 1
    with pytest.raises(DataError, match="`make run` goes on from there"):
        pipeline.run_pipeline()
