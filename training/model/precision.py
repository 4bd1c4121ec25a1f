"""Which number format, how many threads and which device a run uses."""

import os

import torch

from training.model.settings import Precision, RuntimeSettings


def prepare_runtime(settings: RuntimeSettings) -> Precision:
    """Set the number of threads and decide the precision of matrix products.

    `Precision.auto` is bf16 on a GPU that has it and on a processor that multiplies bf16 itself:
    a training step is about three times faster with AMX tiles and 1.6 times with AVX512-BF16;
    elsewhere it is fp32. The processes of one machine share its cores.
    """
    neighbours = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))  # as torchrun sets it
    torch.set_num_threads(settings.threads or max(1, (os.cpu_count() or 1) // neighbours))
    if settings.precision is not Precision.auto:
        return settings.precision
    if torch.cuda.is_available():
        gains = torch.cuda.is_bf16_supported()
    else:
        gains = torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()
    return Precision.bf16 if gains else Precision.fp32


def best_device() -> torch.device:
    """Return the GPU where there is one, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
