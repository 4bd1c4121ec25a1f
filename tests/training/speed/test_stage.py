import json

import pytest
import torch

from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import SENTIMENT, STANCE
from labels.pipeline.tables import read_table
from tests.training.fit.conftest import write_inputs
from training.speed.stock import train_stock


@pytest.fixture
def inputs(tmp_path, split_row):
    write_inputs(tmp_path, split_row)
    yield tmp_path
    torch.use_deterministic_algorithms(False)


def test_the_stock_way_asks_each_target_and_the_sentiment_and_learns(inputs, tiny_settings):
    rows = read_table(inputs / "splits.parquet", "splits")
    train = [row for row in rows if row["split"] == "train"]
    targets = json.loads((inputs / "targets.json").read_text(encoding="utf-8"))
    for scheme, n in ((STANCE, 26), (SENTIMENT, 13)):
        run = train_stock(scheme, train, train, targets, tiny_settings, inputs / "stock", 3)
        assert (run.rows, run.epochs, len(run.predicted)) == (n, 3, n)
        assert run.gold == [
            scheme.classes.index(label["label"])
            for row in train
            for label in (row["stances"] if scheme == STANCE else [row["sentiment"]])
        ]
        assert run.seconds > 0
        assert set(run.predicted) <= set(range(len(scheme.classes)))


def test_both_ways_are_timed_scored_and_written(inputs, tiny_overrides, composer, capsys):
    composer.run(
        "benchmark_training",
        f"splits={inputs / 'splits.parquet'}",
        f"targets={inputs / 'targets.json'}",
        "train_share=1",
        "dev_sentences=5",
        f"train_overrides=[{','.join([*tiny_overrides, 'frozen_layers=0', 'batch_size=4'])}]",
        f"work={inputs / 'work'}",
        f"page={inputs / 'page.md'}",
    )
    ours, stock = json.loads((inputs / "work" / "training_speed.json").read_text(encoding="utf-8"))
    assert (ours["epochs"], stock["epochs"]) == (2, 3)
    ratio = ours["sentences_per_second"] / stock["sentences_per_second"]
    page = (inputs / "page.md").read_text(encoding="utf-8")
    assert f"{ratio:.1f} times the sentences per second" in page
    assert "13 sentences of the corpus" in page
    assert "on 5 of its dev part" in page.replace("\n", " ")
    assert f"{ratio:.1f} times" in capsys.readouterr().out


def test_without_the_main_job_one_is_told_to_run_it(composer, tmp_path):
    with pytest.raises(ConfigError, match="run `make run` first"):
        composer.run("benchmark_training", f"splits={tmp_path / 'none.parquet'}")
