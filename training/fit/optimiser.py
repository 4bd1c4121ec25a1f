"""What learns and how fast: parameter groups, learning rates, dropout, frozen layers."""

from collections.abc import Mapping
from typing import TypedDict

from torch import nn
from transformers import PreTrainedModel

from labels.pipeline.errors import ConfigError
from training.fit.settings import TrainSettings


class ParameterGroup(TypedDict):
    """Parameters that share a peak learning rate and a weight decay, as optimizers take them."""

    params: list[nn.Parameter]
    lr: float
    weight_decay: float


def parameter_groups(
    parameters: Mapping[str, nn.Parameter], settings: TrainSettings
) -> list[ParameterGroup]:
    """Group the trained parameters by learning rate and weight decay.

    The heads learn at ``head_learning_rate``; the top layer of the encoder at ``learning_rate``,
    each layer below slower by ``layer_decay``. Biases and norms do not decay.

    Args:
        parameters: Those that learn, by their names in a classifier.
        settings: Of the training.
    """
    layers = [_layer(name) for name in parameters]
    top = max((layer for layer in layers if layer is not None), default=0)
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in parameters.items():
        layer = _layer(name)
        if layer is None:
            rate = settings.head_learning_rate
        else:
            rate = settings.learning_rate * settings.layer_decay ** (top - layer)
        decay = settings.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return [
        ParameterGroup(params=parameters, lr=rate, weight_decay=decay)
        for (rate, decay), parameters in groups.items()
    ]


def rate_factor(steps_done: int, warmup_steps: int, total_steps: int) -> float:
    """Return the fraction of its peak at which a step learns: linear warm-up, then linear to 0."""
    left = (total_steps - steps_done) / max(1, total_steps - warmup_steps)
    return min((steps_done + 1) / warmup_steps, left)


def set_dropout(encoder: nn.Module, probability: float, frozen_layers: int) -> None:
    """Set the dropout of the hidden states of the layers that learn; switch all other off.

    Drawing the attention's mask took a quarter of a training step on a processor.
    """
    for name, module in encoder.named_modules():
        if isinstance(module, nn.Dropout):
            frozen = frozen_layers and _layer_below(name) < frozen_layers
            module.p = 0.0 if "attention.self" in name or frozen else probability


def freeze(encoder: PreTrainedModel, word_embeddings: bool, layers: int) -> None:
    """Stop the word embeddings, or the lowest layers and all embeddings with them, from learning.

    Args:
        encoder: A transformer.
        word_embeddings: Freeze these.
        layers: Number of the lowest layers to freeze.

    Raises:
        ConfigError: The encoder has fewer layers.
    """
    if word_embeddings:
        encoder.get_input_embeddings().weight.requires_grad_(False)
    if not layers:
        return
    found = {_layer_below(name) for name, _ in encoder.named_parameters()}
    if layers > max(found) + 1:
        raise ConfigError(f"frozen_layers: expected at most {max(found) + 1}, got {layers}")
    for name, parameter in encoder.named_parameters():
        if _layer_below(name) < layers:
            parameter.requires_grad_(False)


def _layer(name: str) -> int | None:
    """Return an encoder parameter's layer number, -1 for embeddings, None outside the encoder."""
    return _layer_below(name) if name.startswith("encoder.") else None


def _layer_below(name: str) -> int:
    """Return the number of the layer that a part of an encoder belongs to, -1 for embeddings."""
    parts = name.split(".")
    numbers = [
        int(part)
        for part, before in zip(parts[1:], parts, strict=False)
        if part.isdigit()
        if before in ("layer", "layers")
    ]
    return numbers[0] if numbers else -1
