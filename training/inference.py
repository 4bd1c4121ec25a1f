"""Score sentences and articles with an export alone: ONNX and a tokenizer, no torch.

>>> from training.inference import StanceModel  # doctest: +SKIP
>>> model = StanceModel("exports/default")  # doctest: +SKIP
>>> model(["The OIC welcomed the ceasefire in Gaza."])[0]["stance"]["oic"]  # doctest: +SKIP
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from labels.errors import ConfigError, DataError
from labels.files import sha256_of
from labels.schema import SCHEMA_VERSION

EXPORT_FILE, ONNX_FILE = "export.json", "model.onnx"
TOKENIZER_FILE = "tokenizer.json"


class StanceModel:
    """An exported model."""

    def __init__(self, folder: str | Path, threads: int = 0) -> None:
        """Load the export and verify its checksums.

        Args:
            folder: Export folder.
            threads: Processor threads; 0 takes as many as there are cores.

        Raises:
            ConfigError: The folder is no export.
            DataError: A file of it was changed, or it is of another schema version.
        """
        folder = Path(folder)
        path = folder / EXPORT_FILE
        if not path.is_file():
            raise ConfigError(f"model: {folder}: {_why_no_export(folder)}")
        self.description: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        version = self.description["schema_version"]
        if version != SCHEMA_VERSION:
            raise DataError(f"{path}: expected schema version {SCHEMA_VERSION}, found {version}")
        for name in (ONNX_FILE, TOKENIZER_FILE):
            expected, found = self.description["sha256"][name], sha256_of(folder / name)
            if found != expected:
                raise DataError(f"{folder / name}: expected SHA-256 {expected}, found {found}")
        self.export_hash = sha256_of(path)
        self.targets: list[str] = self.description["targets"]
        self._stances: list[str] = self.description["stances"]
        self._sentiments: list[str] = self.description["sentiments"]
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self.description["max_tokens"])
        self._session = open_session(folder / ONNX_FILE, threads)

    def __call__(self, sentences: Sequence[str], batch_size: int = 32) -> list[dict[str, Any]]:
        """Label sentences.

        Args:
            sentences: Plain text, one sentence each.
            batch_size: Sentences a batch; batches hold sentences of similar length.

        Returns:
            One ``{"stance": {target: {"label", "probabilities"}}, "sentiment": {...}}`` each, in
            order; ``label`` is the most probable class.
        """
        prefix = self.description["prefix"]
        encodings = self._tokenizer.encode_batch([prefix + text for text in sentences])
        rows = [encoding.ids for encoding in encodings]
        order = sorted(range(len(rows)), key=lambda i: -len(rows[i]))
        results: list[dict[str, Any]] = [{} for _ in rows]
        for start in range(0, len(order), batch_size):
            indices = order[start : start + batch_size]
            stance, sentiment = self._run([rows[i] for i in indices])
            for i, shares, tones in zip(indices, stance, sentiment, strict=True):
                results[i] = {
                    "stance": {
                        target: _labelled(self._stances, row)
                        for target, row in zip(self.targets, shares, strict=True)
                    },
                    "sentiment": _labelled(self._sentiments, tones),
                }
        return results

    def _run(
        self, rows: Sequence[Sequence[int]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        ids = np.full((len(rows), max(map(len, rows))), self.description["pad_id"], np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(rows):
            ids[i, : len(row)], mask[i, : len(row)] = row, 1
        stance, sentiment = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return softmax(stance), softmax(sentiment)


def open_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    """Open an ONNX file on the processor."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or os.cpu_count() or 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn logits into probabilities over the last axis."""
    raised = np.exp(logits - logits.max(-1, keepdims=True))
    shares: NDArray[np.float32] = raised / raised.sum(-1, keepdims=True)
    return shares


def _labelled(names: Sequence[str], shares: NDArray[np.float32]) -> dict[str, Any]:
    return {
        "label": names[int(shares.argmax())],
        "probabilities": {
            name: round(float(share), 6) for name, share in zip(names, shares, strict=True)
        },
    }


def _why_no_export(folder: Path) -> str:
    if not folder.is_dir():
        return "expected an export folder, found none; run `make run`, or export_model, first"
    if (folder / "model.json").is_file():
        return (
            "expected an export folder, found a model folder; export it first: "
            f"python scripts/export_model.py model='{folder}' output=EXPORT_DIR"
        )
    return f"expected an export folder with {EXPORT_FILE}; export_model writes one"
