import pytest
import torch

from labels.pipeline.errors import ConfigError, DataError
from training.fit.loop import Training
from training.fit.mishaps import check_loss


@pytest.mark.parametrize("loss", [float("nan"), float("inf"), -float("inf")])
def test_a_loss_that_is_no_number_is_told_with_its_place(loss):
    with pytest.raises(DataError, match=rf"epoch 2, batch 7: expected a finite loss, found {loss}"):
        check_loss(torch.tensor(loss), 2, 7)


def test_a_finite_loss_is_none_of_its_business():
    check_loss(torch.tensor(1e30), 1, 1)


def spoil(monkeypatch, step, spoiled):
    """Put something in the place of the loss of one step."""
    loss_of = Training._loss

    def loss(self, batch):
        found = loss_of(self, batch)
        return spoiled(found) if self.steps_done == step else found

    monkeypatch.setattr(Training, "_loss", loss)


def test_a_training_whose_loss_is_no_number_stops_and_keeps_the_last_good_epoch(
    train, inputs, monkeypatch
):
    spoil(monkeypatch, 5, lambda loss: loss * float("nan"))  # 4 steps an epoch
    with pytest.raises(DataError, match=r"epoch 2, batch 2: expected a finite loss, found nan"):
        train("model")
    assert not (inputs / "model" / "model").exists()
    assert list((inputs / "model" / "runs").rglob("state.safetensors"))


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
    ],
)
def test_where_memory_does_not_suffice_the_settings_that_need_it_are_named(
    train, monkeypatch, error
):
    def fail(_):
        raise error

    spoil(monkeypatch, 1, fail)
    with pytest.raises(ConfigError, match=r"batch_size \(now 4\) or backbone\.max_tokens \(now 64"):
        train("model")


def test_another_error_is_not_taken_for_a_lack_of_memory(train, monkeypatch):
    def fail(_):
        raise RuntimeError("shapes differ")

    spoil(monkeypatch, 1, fail)
    with pytest.raises(RuntimeError, match="shapes differ"):
        train("model")
