import json
from pathlib import Path

import pytest

from labels.pipeline.errors import ConfigError, DataError
from training.experiments import runs, transfer

DEV = {
    "sentences": 548,
    "groups": 390,
    "f_polar_pooled": 0.5,
    "f_polar_pooled_low": 0.45,
    "f_polar_pooled_high": 0.55,
    "macro_f1_pooled": 0.7,
    "sentiment_macro_f1": 0.6,
}


@pytest.fixture
def settings(tmp_path, composer):
    for name in (*transfer.NEEDED, "splits.parquet", "targets.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return composer.settings(
        "transfer_curve",
        f"data_dir={tmp_path}",
        f"splits={tmp_path / 'splits.parquet'}",
        "shares=[1.0, 0.5]",
        f"work={tmp_path / 'work'}",
        f"page={tmp_path / 'docs' / 'transfer.md'}",
    )


@pytest.fixture
def calls(monkeypatch, tmp_path):
    """Stand in for the scripts: training makes the folder, scoring makes the scores."""
    made = []

    def run_stage(name, *overrides):
        given = dict(override.split("=", 1) for override in overrides)
        made.append((name, given))
        if name == "train_model":
            model = Path(given["output"])
            model.mkdir(parents=True)
            (model / "share").write_text(given["train_share"], encoding="utf-8")
        if name == "score_model":
            share = (Path(given["model"]) / "share").read_text(encoding="utf-8")
            report = Path(given["output"])
            report.mkdir(parents=True, exist_ok=True)
            size = {"0.5": 1000, "1.0": 2000}[share]
            scores = {"model": {"train_sentences": size}, "splits": {"dev": DEV}}
            (report / "scores.json").write_text(json.dumps(scores), encoding="utf-8")

    def inputs_here(name, overrides):
        composed = compose(name, overrides)
        composed.targets = tmp_path / "targets.json"  # the main job's may not be there
        return composed

    compose = runs.compose_settings
    monkeypatch.setattr(runs, "compose_settings", inputs_here)
    for module in (runs, transfer):
        monkeypatch.setattr(module, "run_stage", run_stage)
    return made


def test_every_share_is_trained_scored_on_real_sentences_and_drawn(settings, calls, tmp_path):
    transfer.transfer_curve(settings)
    assert [name for name, _ in calls] == [
        *transfer.REAL,
        *("train_model", "score_model") * 2,
    ]
    real = str(tmp_path / "work" / "real")
    for _, given in calls[: len(transfer.REAL)]:
        assert given == {
            "experiment": "real_news",
            "paths.data_dir": str(tmp_path),
            "paths.work": real,
        }
    trained = [given for name, given in calls if name == "train_model"]
    assert [given["train_share"] for given in trained] == ["0.5", "1.0"]  # from the smallest on
    assert {given["splits"] for given in trained} == {str(settings.splits)}
    scored = [given for name, given in calls if name == "score_model"]
    assert [given["model"] for given in scored] == [given["output"] for given in trained]
    assert {given["splits"] for given in scored} == {f"{real}/splits/splits.parquet"}
    page = (tmp_path / "docs" / "transfer.md").read_text(encoding="utf-8")
    assert "| 1,000 | 0.500 | [0.450, 0.550] | 0.700 | 0.600 |" in page
    assert "548 sentences of\n390 articles" in page
    picture = (tmp_path / "docs" / "transfer.svg").read_bytes()
    transfer.transfer_curve(settings)
    assert (tmp_path / "docs" / "transfer.svg").read_bytes() == picture


def test_a_second_run_trains_nothing_and_scores_again(settings, calls):
    transfer.transfer_curve(settings)
    calls.clear()
    transfer.transfer_curve(settings)
    names = [name for name, _ in calls]
    assert "train_model" not in names
    assert names.count("score_model") == 2  # the real sentences may have changed


def test_changed_splits_train_again(settings, calls):
    transfer.transfer_curve(settings)
    calls.clear()
    settings.splits.write_text("changed", encoding="utf-8")
    transfer.transfer_curve(settings)
    assert [name for name, _ in calls].count("train_model") == 2


def test_what_is_missing_is_named_before_work_starts(settings, calls, tmp_path):
    (tmp_path / "gold" / "dev.jsonl").unlink()
    with pytest.raises(ConfigError, match=r"gold/dev\.jsonl; run `make run` first"):
        transfer.transfer_curve(settings)
    assert calls == []


def test_a_stage_that_fails_ends_the_curve(settings, monkeypatch, tmp_path):
    def fail(name, *overrides):
        raise DataError(f"{name} failed")

    monkeypatch.setattr(transfer, "run_stage", fail)
    with pytest.raises(DataError, match="ingest_articles failed"):
        transfer.transfer_curve(settings)
    assert not (tmp_path / "docs").exists()


def test_a_score_that_is_not_known_is_a_dash():
    dev = DEV | dict.fromkeys(("f_polar_pooled", "f_polar_pooled_low", "f_polar_pooled_high"))
    found = transfer.point({"model": {"train_sentences": 9}, "splits": {"dev": dev}})
    assert transfer.cells(found) == ("9", "-", "[-, -]", "0.700", "0.600")


def test_a_model_without_scores_on_dev_is_an_error():
    with pytest.raises(DataError, match="expected scores of the real sentences of dev"):
        transfer.point({"model": {"train_sentences": 9}, "splits": {"dev": None}})


def test_a_share_outside_its_range_is_named(composer):
    with pytest.raises(ConfigError, match=r"shares: expected \(0, 1\], got 1.5"):
        composer.settings("transfer_curve", "shares=[1.5]")
