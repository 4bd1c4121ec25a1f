"""What a killed training needs to go on as if nothing had happened; no pickle."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from labels.files import atomic_path

FILE = "state.safetensors"


@dataclass
class Progress:
    """How far a training came and what it has found."""

    epoch: int  # epochs finished
    best_score: float | None
    best_epoch: int
    history: list[dict[str, Any]]


class CheckpointFolder:
    """One training's checkpoints, in a folder named by the hash of its inputs and settings.

    The state is one file, replaced atomically after each epoch: a kill leaves the last whole one.
    """

    def __init__(self, root: Path, inputs: Mapping[str, Path], settings: Mapping[str, Any]) -> None:
        """Name the folder; nothing is written yet."""
        digest = hashlib.sha256(json.dumps(settings, sort_keys=True, default=str).encode())
        for name, path in sorted(inputs.items()):
            digest.update(name.encode() + hashlib.sha256(path.read_bytes()).digest())
        self.path = root / digest.hexdigest()[:16]

    def save(self, tensors: Mapping[str, Tensor], progress: Progress) -> None:
        """Replace the state."""
        metadata = {"progress": json.dumps(progress.__dict__)}
        with atomic_path(self.path / FILE) as temporary:
            kept = {name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()}
            save_file(kept, temporary, metadata=metadata)

    def load(self) -> tuple[dict[str, Tensor], Progress] | None:
        """Return the state, or None when there is none."""
        path = self.path / FILE
        if not path.exists():
            return None
        with safe_open(path, "pt") as file:
            progress = Progress(**json.loads(file.metadata()["progress"]))
            return {name: file.get_tensor(name) for name in file.keys()}, progress

    def remove(self) -> None:
        """Delete the folder once the model is written."""
        shutil.rmtree(self.path, ignore_errors=True)


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Flatten an optimizer's state: ``<parameter number>.<name>`` -> tensor."""
    state = optimizer.state_dict()["state"]
    return {f"{i}.{name}": value for i, values in state.items() for name, value in values.items()}


def restore_optimizer(optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Put a state from `optimizer_tensors` back."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        number, name = key.split(".", 1)
        state.setdefault(int(number), {})[name] = value
    optimizer.load_state_dict(optimizer.state_dict() | {"state": state})
