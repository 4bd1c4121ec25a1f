import json

import pytest
import torch
from safetensors.torch import load_file

from labels.errors import DataError
from labels.files import sha256_of
from labels.tables import write_table
from training.checkpoint import (
    CheckpointFolder,
    Progress,
    optimizer_tensors,
    restore_optimizer,
)
from training.config import Precision, RuntimeConfig, TrainConfig
from training.train import Training, train_model

EPOCHS = 3
STANCES = ["favor", "against", "neutral", "unrelated"]


class Killed(BaseException):
    """Stands for kill -9: nothing in the program may catch it."""


@pytest.fixture
def train(tmp_path, tiny_settings, encode_once, split_row):
    """Train the tiny backbone on 12 sentences, in a folder of its own."""
    rows = []
    for i in range(12):
        polar = {"russia": STANCES[i % 4], "oic": STANCES[(i + 1) % 4]}
        text = f"Sentence {'a' * i} {'bcde'[i % 4] * 5}"
        rows.append(split_row(f"t{i}", text, "train", polar, ["negative", "positive"][i % 2]))
        rows.append(split_row(f"d{i}", f"{text} z", "dev", polar, "neutral"))
    write_table(tmp_path / "splits.parquet", "splits", rows)
    targets = [{"key": key, "description": f"The {key}"} for key in ("russia", "oic")]
    (tmp_path / "targets.json").write_text(json.dumps(targets), encoding="utf-8")

    def run(name, **changes):
        config = TrainConfig(
            splits=str(tmp_path / "splits.parquet"),
            targets=str(tmp_path / "targets.json"),
            output=str(tmp_path / name / "model"),
            checkpoints=str(tmp_path / name / "runs"),
            backbone=tiny_settings,
            classifier=encode_once,
            runtime=RuntimeConfig(precision=Precision.fp32, threads=1),
            seed=3,
            train_share=1.0,
            epochs=EPOCHS,
            batch_size=4,
            learning_rate=1e-3,
            head_learning_rate=1e-2,
            layer_decay=0.9,
            warmup_share=0.2,
            weight_decay=0.01,
            max_gradient_norm=1.0,
            encoder_dropout=0.1,
            train_word_embeddings=False,
            frozen_layers=0,
            average_decay=0.8,
            class_weight_power=0.5,
            sentiment_weight=0.5,
        )
        for key, value in changes.items():
            setattr(config, key, value)
        train_model(config)
        return tmp_path / name / "model"

    yield run
    torch.use_deterministic_algorithms(False)


def kill_after_saves(count, monkeypatch):
    save = CheckpointFolder.save
    done = []

    def save_and_die(self, *arguments):
        save(self, *arguments)
        done.append(1)
        if len(done) == count:
            raise Killed

    monkeypatch.setattr(CheckpointFolder, "save", save_and_die)


def kill_after_batches(count, monkeypatch):
    loss = Training._loss
    done = []

    def loss_or_die(self, batch):
        done.append(1)
        if len(done) > count:
            raise Killed
        return loss(self, batch)

    monkeypatch.setattr(Training, "_loss", loss_or_die)


@pytest.mark.parametrize(
    ("kill", "count"),
    [
        pytest.param(kill_after_saves, 1, id="after the first epoch"),
        pytest.param(kill_after_batches, 5, id="in the middle of the second epoch"),
        pytest.param(kill_after_batches, 2, id="in the first epoch, before any checkpoint"),
        pytest.param(kill_after_saves, EPOCHS, id="after the last epoch, before the model"),
    ],
)
def test_a_killed_training_goes_on_to_the_very_same_model(train, monkeypatch, kill, count):
    undisturbed = train("undisturbed")
    with monkeypatch.context() as patch:
        kill(count, patch)
        with pytest.raises(Killed):
            train("killed")
    resumed = train("killed")
    names = {path.name for path in undisturbed.iterdir()}
    assert {"model.safetensors", "history.json", "model.json", "tokenizer.json"} <= names
    for name in ("model.safetensors", "history.json", "model.json"):
        assert (resumed / name).read_bytes() == (undisturbed / name).read_bytes()
    history = json.loads((resumed / "history.json").read_text(encoding="utf-8"))
    assert [epoch["epoch"] for epoch in history] == [1, 2, 3]
    assert history[0]["train_loss"] > history[-1]["train_loss"]


def test_a_resumed_training_does_not_repeat_finished_epochs(train, monkeypatch, capsys):
    with monkeypatch.context() as patch:
        kill_after_saves(2, patch)
        with pytest.raises(Killed):
            train("killed")
    capsys.readouterr()
    train("killed")
    said = capsys.readouterr().err
    assert "resumed after epoch 2" in said
    assert "epoch  3" in said
    assert "epoch  1" not in said


def test_finished_training_removes_its_checkpoints_and_other_settings_start_afresh(
    train, monkeypatch, tmp_path
):
    with monkeypatch.context() as patch:
        kill_after_saves(1, patch)
        with pytest.raises(Killed):
            train("killed")
    (left,) = (tmp_path / "killed" / "runs").iterdir()
    other = train("killed", seed=4)
    assert list((tmp_path / "killed" / "runs").iterdir()) == [left]
    assert sha256_of(other / "model.safetensors") == sha256_of(
        train("fresh", seed=4) / "model.safetensors"
    )
    assert not list((tmp_path / "fresh" / "runs").iterdir())


def test_frozen_word_embeddings_keep_every_weight(train, tiny_backbone):
    trained = load_file(train("model") / "model.safetensors")
    word = "embeddings.word_embeddings.weight"
    untouched = tiny_backbone.model.state_dict()
    assert torch.equal(trained[f"encoder.{word}"], untouched[word])
    moved = "encoder.layer.0.attention.self.query.weight"
    assert not torch.equal(trained[f"encoder.{moved}"], untouched[moved])


def test_dev_without_a_polar_class_cannot_choose_a_checkpoint(train, tmp_path, split_row):
    rows = [split_row("t", "a", "train", {"oic": "favor"}, "neutral")]
    rows += [split_row("d", "b", "dev", {"oic": "favor"}, "neutral")]
    write_table(tmp_path / "splits.parquet", "splits", rows)
    with pytest.raises(DataError, match="dev cannot choose .*: no gold example of against"):
        train("model")
    assert not (tmp_path / "model" / "model").exists()


def test_no_dev_example_is_an_error_that_names_the_file(train, tmp_path, split_row):
    rows = [split_row("t", "a", "train", {"oic": "favor"}, "neutral")]
    write_table(tmp_path / "splits.parquet", "splits", rows)
    with pytest.raises(DataError, match=r"splits\.parquet: expected examples of dev, found none"):
        train("model")


def step(optimizer, parameter, gradient):
    parameter.grad = torch.tensor(gradient)
    optimizer.step()


def test_an_optimizer_goes_on_from_its_tensors_as_if_nothing_had_happened():
    one, two = (torch.nn.Parameter(torch.tensor([1.0, 2.0])) for _ in range(2))
    first = torch.optim.AdamW([one], lr=0.1)
    for gradient in ([1.0, -1.0], [0.5, 3.0]):
        step(first, one, gradient)
    with torch.no_grad():
        two.copy_(one)
    second = torch.optim.AdamW([two], lr=0.1)
    restore_optimizer(second, {k: v.clone() for k, v in optimizer_tensors(first).items()})
    step(first, one, [0.2, 0.2])
    step(second, two, [0.2, 0.2])
    assert torch.equal(one, two)
    assert float(second.state[two]["step"]) == 3
    fresh = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
    assert optimizer_tensors(torch.optim.AdamW([fresh])) == {}


@pytest.fixture
def inputs(tmp_path):
    path = tmp_path / "splits"
    path.write_bytes(b"one")
    return {"splits": path}


def test_tensors_and_progress_come_back_as_saved(tmp_path, inputs):
    folder = CheckpointFolder(tmp_path / "runs", inputs, {"seed": 1})
    assert folder.load() is None
    view = torch.arange(6.0).view(2, 3).T  # not contiguous
    progress = Progress(2, 0.5, 1, [{"epoch": 1, "macro": None}, {"epoch": 2, "macro": 0.1}])
    folder.save({"a": view, "step": torch.tensor(4.0)}, progress)
    tensors, found = folder.load()
    assert found == progress
    assert torch.equal(tensors["a"], view)
    assert tensors["step"] == 4
    folder.remove()
    assert folder.load() is None


def test_the_folder_changes_with_a_setting_or_an_input(tmp_path, inputs):
    def name(**settings):
        return CheckpointFolder(tmp_path, inputs, settings).path

    first = name(seed=1, epochs=2)
    assert name(epochs=2, seed=1) == first
    assert name(seed=2, epochs=2) != first
    inputs["splits"].write_bytes(b"two")
    assert name(seed=1, epochs=2) != first


def test_a_save_that_fails_keeps_the_last_whole_state(tmp_path, inputs, monkeypatch):
    folder = CheckpointFolder(tmp_path / "runs", inputs, {})
    folder.save({"a": torch.zeros(1)}, Progress(1, 0.1, 1, []))

    def break_off(tensors, path, metadata):
        path.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr("training.checkpoint.save_file", break_off)
    with pytest.raises(OSError, match="disk full"):
        folder.save({"a": torch.ones(1)}, Progress(2, 0.1, 1, []))
    tensors, progress = folder.load()
    assert (tensors["a"].tolist(), progress.epoch) == ([0.0], 1)
    assert [path.name for path in folder.path.iterdir()] == ["state.safetensors"]
