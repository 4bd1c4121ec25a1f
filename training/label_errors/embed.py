"""Sentences as points: the mean of the backbone's last states, kept on disk."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console

from labels.pipeline.files import atomic_path
from labels.pipeline.progress import meter
from training.data.batches import sorted_order
from training.model.backbone import Backbone, load_backbone
from training.model.settings import BackboneSettings, Precision

Embeddings = NDArray[np.float32]


def embed(
    texts: Sequence[str],
    settings: BackboneSettings,
    precision: Precision,
    batch_size: int,
    cache: Path,
    console: Console,
) -> Embeddings:
    """Embed sentences, or take them from the cache, where the same ones lie.

    Args:
        texts: Sentences.
        settings: Of the backbone.
        precision: Number format of matrix products, bf16 or fp32.
        batch_size: Sentences at a time.
        cache: Folder; its files are named after the backbone and the texts.
        console: Shows how far it is.

    Returns:
        Shape ``(texts, width)``, rows of length 1.

    Raises:
        ConfigError: The backbone is not to be had.
    """
    recipe = json.dumps([settings.to_json(), precision.value, list(texts)])
    path = cache / f"{hashlib.sha256(recipe.encode()).hexdigest()[:24]}.npy"
    if path.is_file():
        found: Embeddings = np.load(path)
        return found
    backbone = load_backbone(settings)
    encoded = backbone.tokenizer.encode_batch([settings.prefix + text for text in texts])
    ids = [one.ids for one in encoded]
    rows = np.zeros((len(texts), backbone.model.config.hidden_size), np.float32)
    with meter(console, "embedding", "sentences", len(texts)) as shown:
        for batch in sorted_order([len(one) for one in ids], batch_size):
            rows[batch] = _mean_states(backbone, [ids[place] for place in batch], precision)
            shown.advance(len(batch))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        np.save(file, rows)
    return rows


def _mean_states(
    backbone: Backbone, ids: Sequence[Sequence[int]], precision: Precision
) -> Embeddings:
    longest = max(map(len, ids))
    padded = torch.full((len(ids), longest), backbone.pad_id)
    mask = torch.zeros((len(ids), longest))
    for row, one in enumerate(ids):
        padded[row, : len(one)] = torch.tensor(one)
        mask[row, : len(one)] = 1
    fast = torch.autocast("cpu", torch.bfloat16, enabled=precision is Precision.bf16)
    with torch.inference_mode(), fast:
        states = backbone.model(input_ids=padded, attention_mask=mask).last_hidden_state
    weights = mask[:, :, None]
    found: Embeddings = ((states * weights).sum(1) / weights.sum(1)).float().numpy()
    return found
