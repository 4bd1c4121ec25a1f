"""What a killed training needs to go on as if nothing had happened; no pickle."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from labels.pipeline.errors import DataError
from labels.pipeline.files import atomic_path, sha256_of
from training.fit.history import Progress

FILE = "state.safetensors"


def run_key(inputs: Mapping[str, Path], settings: Mapping[str, object]) -> str:
    """Name a run by what it is made of: another input or setting is another run.

    Args:
        inputs: Files by the name of the setting; their content counts, not where they are.
        settings: JSON values, without the places of files.

    Returns:
        16 hexadecimal digits.
    """
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for name, path in sorted(inputs.items()):
        digest.update(name.encode() + bytes.fromhex(sha256_of(path)))
    return digest.hexdigest()[:16]


class CheckpointFolder:
    """One training's checkpoints, in a folder named by its `run_key`.

    The state is one file, replaced atomically after each epoch: a kill leaves the last whole one.
    """

    def __init__(self, root: Path, key: str) -> None:
        """Name the folder; nothing is written yet."""
        self.path = root / key

    def save(self, tensors: Mapping[str, Tensor], progress: Progress) -> None:
        """Replace the state."""
        metadata = {"progress": json.dumps(asdict(progress))}
        with atomic_path(self.path / FILE) as temporary:
            kept = {name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()}
            save_file(kept, temporary, metadata=metadata)

    def load(self) -> tuple[dict[str, Tensor], Progress] | None:
        """Return the state, or None when there is none.

        Raises:
            DataError: The file is not one that `save` wrote.
        """
        path = self.path / FILE
        if not path.exists():
            return None
        try:
            with safe_open(path, "pt") as file:
                progress = Progress(**json.loads(file.metadata()["progress"]))
                return {name: file.get_tensor(name) for name in file.keys()}, progress
        except (SafetensorError, KeyError, TypeError, ValueError) as error:
            raise DataError(
                f"{path}: expected the checkpoint of a training, found a damaged file ({error}); "
                f"delete {self.path} to train from the start"
            ) from error

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


def random_states() -> dict[str, Tensor]:
    """Return the state of this process's random numbers: of the processor, and every GPU."""
    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        for i, state in enumerate(torch.cuda.get_rng_state_all()):
            states[f"cuda:{i}"] = state
    return states


def restore_random(states: Mapping[str, Tensor]) -> None:
    """Put states from `random_states` back."""
    for device, state in states.items():
        if device == "cpu":
            torch.set_rng_state(state)
        else:
            torch.cuda.set_rng_state(state, device)
