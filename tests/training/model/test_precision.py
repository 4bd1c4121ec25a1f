import pytest
import torch

from training.model.precision import best_device, prepare_runtime
from training.model.settings import Precision, RuntimeSettings


@pytest.fixture(autouse=True)
def same_threads():
    """Leave the number of threads to the other tests as it was."""
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def machine(monkeypatch):
    """Pretend to be on a machine with 8 cores."""

    def pretend(gpu=False, gpu_bf16=False, amx=False, avx512=False):
        monkeypatch.setattr("os.cpu_count", lambda: 8)
        monkeypatch.delenv("LOCAL_WORLD_SIZE", raising=False)
        monkeypatch.setattr(torch.cuda, "is_available", lambda: gpu)
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: gpu_bf16)
        monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx)
        monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: avx512)

    return pretend


def precision(choice=Precision.auto, threads=1):
    return prepare_runtime(RuntimeSettings(precision=choice, threads=threads))


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        ({}, Precision.fp32),
        ({"amx": True}, Precision.bf16),
        ({"avx512": True}, Precision.bf16),
        ({"gpu": True, "gpu_bf16": True}, Precision.bf16),
        ({"gpu": True, "amx": True}, Precision.fp32),  # the GPU does the work
    ],
)
def test_auto_is_bf16_where_the_machine_gains_from_it(machine, features, expected):
    machine(**features)
    assert precision() is expected


def test_a_chosen_precision_stays_whatever_the_machine(machine):
    machine()
    assert precision(Precision.bf16) is Precision.bf16
    machine(amx=True)
    assert precision(Precision.fp32) is Precision.fp32


def test_threads_are_as_set_or_the_cores_shared_by_the_processes(machine, monkeypatch):
    machine()
    precision(threads=3)
    assert torch.get_num_threads() == 3
    precision(threads=0)
    assert torch.get_num_threads() == 8
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "3")
    precision(threads=0)
    assert torch.get_num_threads() == 2
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "12")
    precision(threads=0)
    assert torch.get_num_threads() == 1


def test_the_gpu_is_the_best_device_where_there_is_one(machine):
    machine()
    assert best_device() == torch.device("cpu")
    machine(gpu=True)
    assert best_device() == torch.device("cuda")
