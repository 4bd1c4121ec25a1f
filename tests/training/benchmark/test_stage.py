import json

import pytest

from labels.pipeline.command import CONFIGS
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.tables import read_table
from training.benchmark.results import read_results
from training.benchmark.stage import _overrides
from training.experiments.runs import compose_settings

SUITES = sorted(path.stem for path in (CONFIGS / "suite").glob("*.yaml"))
SENTENCES = {"favor": "good {} works", "against": "bad {} fails", "none": "{} is there"}


def write_part(folder, part, n):
    rows = [
        {"id": f"{part}{i}", "text": text.format(name) + f" {part} {i}", "target": name}
        | {"stance": stance}
        for i in range(n)
        for name in ("Russia", "Ukraine")
        for stance, text in SENTENCES.items()
    ]
    if part == "train":  # a copy of a sentence of dev, and a row without a label that is known
        rows += [{**rows[0], "text": "good Russia works dev 0"}, {**rows[0], "stance": "maybe"}]
    path = folder / f"{part}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def run(composer, tiny_overrides, tmp_path, monkeypatch):
    """Run a benchmark on a tiny backbone, its training in this process."""
    monkeypatch.setattr(
        "training.experiments.runs.run_stage",
        lambda name, *overrides: composer.run(name, *overrides),
    )
    for part, n in (("train", 4), ("dev", 2), ("test", 3)):
        write_part(tmp_path, part, n)
    tiny = ",".join([*tiny_overrides, "frozen_layers=0", "epochs=1"])

    def start(*overrides):
        composer.run(
            "run_benchmark",
            "suite=ruw",
            f"data_dir={tmp_path}",
            "start=null",
            f"train_overrides=[{tiny},checkpoints={tmp_path / 'checkpoints'}]",
            "bootstrap_draws=20",
            f"work={tmp_path / 'work'}",
            f"results={tmp_path / 'results.csv'}",
            f"page={tmp_path / 'page.md'}",
            "runtime.precision=fp32",
            *overrides,
        )
        return read_results(tmp_path / "results.csv")

    return start


def test_a_set_is_trained_on_and_scored_and_what_is_wrong_is_told(run, tmp_path, capsys):
    (result,) = run()
    assert (result.suite, result.part, result.seed) == ("ruw", "dev", 13)
    assert (result.rows, result.train_rows) == (12, 24)
    assert 0 <= result.low <= result.score <= result.high <= 1
    rows = read_table(tmp_path / "work" / "ruw" / "splits.parquet", "splits")
    assert "good Russia works dev 0" not in {r["text"] for r in rows if r["split"] == "train"}
    (reject,) = (tmp_path / "work" / "ruw" / "rejects.jsonl").read_text().splitlines()
    assert json.loads(reject)["reason"] == "label"
    assert "1 rows left out" in capsys.readouterr().err
    assert "RU-W" in (tmp_path / "page.md").read_text(encoding="utf-8")


def test_a_test_file_is_scored_instead_of_dev_and_each_seed_is_kept(run, tmp_path):
    results = run(f"test_file={tmp_path / 'test.jsonl'}", "seeds=[1,2]")
    assert [(result.part, result.seed, result.rows) for result in results] == [
        ("test", 1, 18),
        ("test", 2, 18),
    ]
    assert len({result.run for result in results}) == 2


def test_a_hidden_target_is_a_result_of_its_own(run):
    run()
    seen, hidden = run("target_blind=true")
    assert [seen.target_blind, hidden.target_blind] == [False, True]
    assert (hidden.rows, hidden.run != seen.run) == (12, True)


def test_the_same_run_is_not_trained_twice(run, monkeypatch):
    (first,) = run()
    monkeypatch.setattr("training.experiments.runs.run_stage", None)
    assert run() == [first]


def test_without_the_model_to_start_from_one_is_told_what_to_do(run, tmp_path):
    with pytest.raises(ConfigError, match=r"run `make run` first, or begin with the backbone"):
        run(f"start={tmp_path / 'none'}")


def test_a_part_without_examples_cannot_be_used(run, tmp_path):
    (tmp_path / "dev.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="ruw: expected examples of dev, found none"):
        run()


@pytest.mark.parametrize("key", SUITES)
def test_the_settings_of_every_set_are_settings_of_train_model(composer, tmp_path, key):
    settings = composer.settings("run_benchmark", f"suite={key}", "data_dir=x")
    places = tmp_path / "splits.parquet", tmp_path / "targets.json"
    found = compose_settings("train_model", _overrides(settings, *places, 7))
    assert found.seed == 7
    assert found.stance_shares is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("suite.layouts=[]", "layouts: expected a list of at least one"),
        ("suite.layouts=[{files:{train:a},fields:{text:a}}]", "files: expected a file of each of"),
        ("suite.layouts=[{files:{train:a,dev:b},fields:{who:a}}]", "fields: expected text and"),
        ("suite.layouts=[{files:{train:a,dev:b},fields:{text:a},x:1}]", "expected keys among"),
        (
            "suite.targets.russia=null",
            "targets: expected a description of each, got none of russia",
        ),
        ("suite.target_is=nothing", "targets: expected one where target_is is nothing"),
        ("seeds=[]", "seeds: expected at least one"),
    ],
)
def test_a_set_that_is_described_wrongly_is_a_config_error(composer, change, message):
    with pytest.raises(ConfigError, match=message):
        composer.settings("run_benchmark", "suite=ruw", "data_dir=x", change)
