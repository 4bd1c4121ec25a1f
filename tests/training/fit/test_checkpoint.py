import pytest
import torch
from safetensors.torch import save_file

from labels.pipeline.errors import DataError
from training.fit.checkpoint import (
    FILE,
    CheckpointFolder,
    optimizer_tensors,
    random_states,
    restore_optimizer,
    restore_random,
    run_key,
)
from training.fit.history import Epoch, Progress


@pytest.fixture
def inputs(tmp_path):
    paths = {name: tmp_path / name for name in ("splits", "targets")}
    for path in paths.values():
        path.write_bytes(b"one")
    return paths


def epoch(number, macro):
    return Epoch(
        epoch=number,
        train_loss=1 / 3,
        f_polar_pooled=0.5,
        macro_f1_pooled=macro,
        sentiment_macro_f1=None,
        seconds=1.0,
        train_seconds=1.0,
    )


def step(optimizer, parameter, gradient):
    parameter.grad = torch.tensor(gradient)
    optimizer.step()


def test_an_optimizer_goes_on_from_its_tensors_as_if_nothing_had_happened():
    steady, resumed = (torch.nn.Parameter(torch.tensor([1.0, 2.0])) for _ in range(2))
    first = torch.optim.AdamW([steady], lr=0.1)
    for gradient in ([1.0, -1.0], [0.5, 3.0]):
        step(first, steady, gradient)
    with torch.no_grad():
        resumed.copy_(steady)
    second = torch.optim.AdamW([resumed], lr=0.1)
    restore_optimizer(second, {k: v.clone() for k, v in optimizer_tensors(first).items()})
    step(first, steady, [0.2, 0.2])
    step(second, resumed, [0.2, 0.2])
    assert torch.equal(steady, resumed)
    assert float(second.state[resumed]["step"]) == 3
    fresh = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
    assert optimizer_tensors(torch.optim.AdamW([fresh])) == {}


def test_random_numbers_go_on_where_they_were():
    states = random_states()
    first = torch.rand(3)
    assert not torch.equal(torch.rand(3), first)
    restore_random({device: state.clone() for device, state in states.items()})
    assert torch.equal(torch.rand(3), first)


def test_the_random_numbers_of_every_gpu_are_kept(monkeypatch):
    generators = [torch.tensor([7], dtype=torch.uint8), torch.tensor([8], dtype=torch.uint8)]
    restored = {}
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_rng_state_all", lambda: generators)
    monkeypatch.setattr(
        torch.cuda, "set_rng_state", lambda state, device: restored.update({device: state.item()})
    )
    states = random_states()
    assert set(states) == {"cpu", "cuda:0", "cuda:1"}
    restore_random(states)
    assert restored == {"cuda:0": 7, "cuda:1": 8}


def test_tensors_and_progress_come_back_as_saved(tmp_path):
    folder = CheckpointFolder(tmp_path / "runs", "key")
    assert folder.path == tmp_path / "runs" / "key"
    assert folder.load() is None
    view = torch.arange(6.0).view(2, 3).T  # not contiguous
    progress = Progress(2, 0.5, 1, [epoch(1, None), epoch(2, 0.1)])
    folder.save({"a": view, "step": torch.tensor(4.0)}, progress)
    tensors, found = folder.load()
    assert found == progress
    assert torch.equal(tensors["a"], view)
    assert tensors["step"] == 4
    folder.remove()
    assert folder.load() is None


def test_a_run_is_named_by_its_settings_and_the_content_of_its_inputs(tmp_path, inputs):
    first = run_key(inputs, {"seed": 1, "epochs": 2})
    assert len(first) == 16
    assert run_key(inputs, {"epochs": 2, "seed": 1}) == first
    assert run_key(inputs, {"seed": 2, "epochs": 2}) != first
    moved = {"splits": tmp_path / "elsewhere", "targets": inputs["targets"]}
    moved["splits"].write_bytes(b"one")
    assert run_key(moved, {"seed": 1, "epochs": 2}) == first
    moved["splits"].write_bytes(b"two")
    assert run_key(moved, {"seed": 1, "epochs": 2}) != first


def test_inputs_that_change_places_are_another_run(inputs):
    inputs["splits"].write_bytes(b"two")
    turned = {"splits": inputs["targets"], "targets": inputs["splits"]}
    assert run_key(inputs, {}) != run_key(turned, {})


def test_a_save_that_fails_keeps_the_last_whole_state(tmp_path, monkeypatch):
    folder = CheckpointFolder(tmp_path / "runs", "key")
    folder.save({"a": torch.zeros(1)}, Progress(1, 0.1, 1, []))

    def break_off(tensors, path, metadata):
        path.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr("training.fit.checkpoint.save_file", break_off)
    with pytest.raises(OSError, match="disk full"):
        folder.save({"a": torch.ones(1)}, Progress(2, 0.1, 1, []))
    tensors, progress = folder.load()
    assert (tensors["a"].tolist(), progress.epoch) == ([0.0], 1)
    assert [path.name for path in folder.path.iterdir()] == ["state.safetensors"]


@pytest.mark.parametrize("damage", ["cut", "empty", "other"])
def test_a_damaged_checkpoint_is_told_with_what_to_do(tmp_path, damage):
    folder = CheckpointFolder(tmp_path, "key")
    folder.save({"weights/a": torch.ones(1000)}, Progress(1, 0.5, 1, [epoch(1, 0.5)]))
    file = folder.path / FILE
    if damage == "other":  # safetensors, but not of a training
        save_file({"a": torch.ones(1)}, file, metadata={})
    else:
        file.write_bytes(file.read_bytes()[: 500 if damage == "cut" else 0])
    with pytest.raises(DataError, match="found a damaged file .* to train from the start"):
        folder.load()
