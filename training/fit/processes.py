"""Start the run's processes: one, or several that ``torchrun`` has launched."""

import os

import torch
from accelerate import Accelerator, DistributedDataParallelKwargs

from labels.pipeline.errors import ConfigError
from training.model.settings import Precision


def start_accelerator(precision: Precision, parts_rest: bool = False) -> Accelerator:
    """Choose the device and join the processes that were launched together.

    ``accelerate launch --cpu`` launches one process whatever number it is told; ``torchrun
    --nproc_per_node`` launches them on processors and on GPUs.

    Args:
        precision: Number format of matrix products.
        parts_rest: Some weights have no part in some losses, for which processes have to look.

    Raises:
        ConfigError: Several processes were launched on a device on which they cannot be joined.
    """
    # cuBLAS reads it when it starts; without it deterministic algorithms are refused on a GPU.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    launched = int(os.environ.get("WORLD_SIZE", "1"))
    accelerator = Accelerator(
        # Unasked, processes without a GPU would each train alone and overwrite the others' files.
        cpu=launched > 1 and not torch.accelerator.is_available(),
        mixed_precision="bf16" if precision is Precision.bf16 else "no",
        kwargs_handlers=[
            DistributedDataParallelKwargs(
                broadcast_buffers=False,  # none changes
                find_unused_parameters=parts_rest,
            )
        ],
    )
    if accelerator.num_processes != launched:
        raise ConfigError(
            f"processes: expected one on {accelerator.device.type}, got {launched} from the "
            "launcher; several can work together on CUDA GPUs and on processors"
        )
    return accelerator
