"""A backbone of the model hub, or a local folder in its format."""

from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModel, AutoTokenizer, PreTrainedModel

from labels.pipeline.errors import ConfigError
from training.model.settings import HubSettings
from training.model.trim import trim_vocabulary

WITH_POOLER = ("bert", "roberta", "xlm-roberta")  # encoders that have one unless told


def load_hub(settings: HubSettings) -> tuple[PreTrainedModel, Tokenizer]:
    """Load the encoder and its tokenizer; no code of the hub is run, and no pickle is read.

    Raises:
        ConfigError: It is not to be had, or no encoder that is known.
    """
    options = {"revision": settings.revision, "trust_remote_code": False}
    try:
        kind = AutoConfig.from_pretrained(settings.name, **options).model_type
        model = AutoModel.from_pretrained(
            settings.name, use_safetensors=True, **options, **without_pooler(kind)
        )
        loaded = AutoTokenizer.from_pretrained(settings.name, **options)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"backbone.name: cannot load {settings.name} at {settings.revision}: {error}\n"
            "without a hub, choose backbone=e5_small_q4 or give a local folder"
        ) from error
    tokenizer: Tokenizer = loaded.backend_tokenizer
    if settings.scripts:
        tokenizer = trim_vocabulary(model, tokenizer, settings.scripts)
    return model.float(), tokenizer


def without_pooler(model_type: str) -> dict[str, bool]:
    """Return what keeps `AutoModel` from adding a pooler, which nothing here trains or reads."""
    return {"add_pooling_layer": False} if model_type in WITH_POOLER else {}
