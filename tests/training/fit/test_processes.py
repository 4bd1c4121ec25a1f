import os

import pytest

from labels.pipeline.errors import ConfigError
from training.fit import processes
from training.fit.processes import start_accelerator
from training.model.settings import Precision


@pytest.fixture
def accelerator_calls(monkeypatch):
    """Stand in for `Accelerator`, which joins processes when it is made."""
    calls = []

    class FakeAccelerator:
        num_processes = 1

        class device:  # noqa: N801 - an attribute of the real class
            type = "mps"

        def __init__(self, **arguments):
            calls.append(arguments)

    monkeypatch.setattr(processes, "Accelerator", FakeAccelerator)
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    return calls


@pytest.mark.parametrize(
    ("launched", "has_device", "cpu"),
    [(1, False, False), (1, True, False), (2, True, False), (2, False, True)],
)
def test_processes_without_a_gpu_are_joined_on_the_processor(
    accelerator_calls, monkeypatch, launched, has_device, cpu
):
    monkeypatch.setattr("torch.accelerator.is_available", lambda: has_device)
    monkeypatch.setenv("WORLD_SIZE", str(launched))
    monkeypatch.setattr(processes.Accelerator, "num_processes", launched)
    start_accelerator(Precision.fp32)
    assert accelerator_calls[0]["cpu"] is cpu
    assert accelerator_calls[0]["mixed_precision"] == "no"


def test_processes_that_would_each_train_alone_are_an_error(accelerator_calls, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(ConfigError, match="expected one on mps, got 2 from the launcher"):
        start_accelerator(Precision.bf16)
    assert accelerator_calls[0]["mixed_precision"] == "bf16"


def test_cublas_is_told_to_be_deterministic_unless_the_user_chose(accelerator_calls, monkeypatch):
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG", raising=False)
    start_accelerator(Precision.fp32)
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:8"
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", ":16:8")
    start_accelerator(Precision.fp32)
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":16:8"
