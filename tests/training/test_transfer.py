import json
from dataclasses import replace

import pytest

from labels.errors import ConfigError, DataError
from training import transfer
from training.config import TransferConfig

SCORES = {
    "sentences": 548,
    "groups": 390,
    "f_polar_pooled": 0.5,
    "f_polar_pooled_low": 0.45,
    "f_polar_pooled_high": 0.55,
    "macro_f1_pooled": 0.7,
    "sentiment_macro_f1": 0.6,
}


@pytest.fixture
def config(tmp_path):
    for name in transfer.NEEDED:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "splits.parquet").touch()
    return TransferConfig(
        data_dir=str(tmp_path),
        splits=str(tmp_path / "splits.parquet"),
        shares=[1.0, 0.5],
        work=str(tmp_path / "work"),
        page=str(tmp_path / "docs" / "transfer.md"),
    )


@pytest.fixture
def calls(monkeypatch):
    """Stand in for the scripts: training makes the folder, scoring makes the metrics."""
    made = []

    def run(stage, *overrides):
        given = dict(one.split("=", 1) for one in overrides)
        made.append((stage, given))
        if stage == "train_model":
            transfer.Path(given["output"]).mkdir(parents=True)
        if stage == "score_model":
            share = transfer.Path(given["model"]).parent.name
            report = transfer.Path(given["output"])
            report.mkdir(parents=True, exist_ok=True)
            size = {"0.5": 1000, "1": 2000}[share]
            metrics = {"model": {"train_sentences": size}, "dev": SCORES}
            (report / "metrics.json").write_text(json.dumps(metrics))

    monkeypatch.setattr(transfer, "_run", run)
    return made


def test_every_share_is_trained_scored_on_real_sentences_and_drawn(config, calls, tmp_path):
    transfer.transfer_curve(config)
    assert [stage for stage, _ in calls] == [
        *transfer.REAL,
        *("train_model", "score_model") * 2,
    ]
    trained = [given["train_share"] for stage, given in calls if stage == "train_model"]
    assert trained == ["0.5", "1.0"]  # from the smallest on
    scored = {given["splits"] for stage, given in calls if stage == "score_model"}
    assert scored == {f"{config.work}/real/splits/splits.parquet"}
    page = (tmp_path / "docs" / "transfer.md").read_text(encoding="utf-8")
    assert "| 1,000 | 0.500 | [0.450, 0.550] | 0.700 | 0.600 |" in page
    assert "548 sentences of\n390 articles" in page
    picture = (tmp_path / "docs" / "transfer.svg").read_bytes()
    transfer.transfer_curve(config)
    assert (tmp_path / "docs" / "transfer.svg").read_bytes() == picture


def test_a_model_that_lies_there_is_not_trained_again(config, calls):
    transfer.transfer_curve(config)
    calls.clear()
    transfer.transfer_curve(config)
    assert "train_model" not in [stage for stage, _ in calls]


def test_what_is_missing_is_named_before_work_starts(config, calls, tmp_path):
    (tmp_path / "gold" / "dev.jsonl").unlink()
    with pytest.raises(ConfigError, match=r"gold/dev\.jsonl; run `make run` first"):
        transfer.transfer_curve(config)
    assert calls == []


def test_a_stage_that_fails_ends_the_curve(config):
    with pytest.raises(DataError, match="no_such_stage failed"):
        transfer._run("no_such_stage")


def test_a_share_outside_its_range_is_named(config):
    with pytest.raises(ConfigError, match=r"shares: expected \(0, 1\], got 1.5"):
        replace(config, shares=[1.5])
