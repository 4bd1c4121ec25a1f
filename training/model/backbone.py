"""Load a backbone and its tokenizer.

Which one runs is always explicit; nothing falls back to another. A further kind is one more class
of settings and one more entry of `LOADERS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tokenizers import Tokenizer
from torch import nn
from transformers import PreTrainedModel
from transformers.utils import logging

from labels.pipeline.errors import ConfigError
from training.model.embedded import load_embedded
from training.model.hub import load_hub
from training.model.normalizer import normalize_letters
from training.model.settings import BackboneSettings, EmbeddedSettings, HubSettings

# By kind; each takes the settings of its kind.
LOADERS: Mapping[str, Callable[..., tuple[PreTrainedModel, Tokenizer]]] = {
    EmbeddedSettings.KIND: load_embedded,
    HubSettings.KIND: load_hub,
}


@dataclass
class Backbone:
    """An encoder with token states, its tokenizer, and the ids that end and pad a sentence."""

    model: PreTrainedModel
    tokenizer: Tokenizer
    end_id: int
    pad_id: int


def load_backbone(settings: BackboneSettings) -> Backbone:
    """Load the chosen backbone in float32, in evaluation mode; its tokenizer normalizes letters.

    Raises:
        ConfigError: It is not installed, not to be had offline, or not the pinned one.
        DataError: The converted copy does not match its checksums.
    """
    # the weights load in a second
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    model, tokenizer = LOADERS[settings.KIND](settings)
    normalize_letters(tokenizer)
    tokenizer.no_padding()
    tokenizer.enable_truncation(settings.max_tokens)
    frame = tokenizer.encode("").ids
    if len(frame) != 2:
        raise ConfigError(
            f"backbone.name: {settings.name}: expected a tokenizer that frames a text"
        )
    pad_id = model.config.pad_token_id
    # On a processor the plain product of attention is faster to train through than the fused one.
    model.set_attn_implementation("eager")
    model.train(False)
    return Backbone(model, tokenizer, end_id=frame[1], pad_id=0 if pad_id is None else pad_id)


def layers_of(encoder: PreTrainedModel) -> nn.ModuleList:
    """Return the layers of an encoder, the lowest first.

    Raises:
        ConfigError: It keeps them under a name that is not known here.
    """
    for name, module in encoder.named_modules():
        if isinstance(module, nn.ModuleList) and name.rpartition(".")[2] in ("layer", "layers"):
            return module
    raise ConfigError(
        f"backbone.name: expected an encoder with layers, found {type(encoder).__name__}"
    )
