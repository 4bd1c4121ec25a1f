"""Fine-tune a classifier on silver and gold labels; choose the checkpoint on gold dev."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from accelerate.utils import set_seed
from rich.console import Console

from labels.pipeline.errors import DataError
from labels.pipeline.files import atomic_folder, sha256_of
from labels.pipeline.schema import SENTIMENT, STANCE, Split, tasks_for
from labels.pipeline.tables import Row, iterate_table
from training.data.examples import labels_of, take_share, tokenize_examples
from training.fit.auxiliary.examples import AuxiliarySet, read_auxiliary
from training.fit.auxiliary.heads import AuxiliaryHeads, LearningTogether
from training.fit.auxiliary.tasks import AuxiliaryTask
from training.fit.checkpoint import CheckpointFolder, run_key
from training.fit.dropout import use_byte_dropout
from training.fit.history import Epoch, write_history
from training.fit.loop import Training
from training.fit.optimiser import freeze, set_dropout
from training.fit.processes import start_accelerator
from training.fit.settings import ChosenBy, TrainSettings
from training.model.backbone import Backbone, load_backbone
from training.model.classifier import build_classifier
from training.model.precision import prepare_runtime
from training.model.records import WEIGHTS, TargetDefinition, TrainingFacts
from training.model.store import save_model, start_from

_NEEDED = {  # the classes without which there is no such score
    ChosenBy.f_polar_pooled: (STANCE, STANCE.polar),
    ChosenBy.macro_f1_pooled: (STANCE, STANCE.classes),
    ChosenBy.sentiment_macro_f1: (SENTIMENT, SENTIMENT.classes),
}
_ROUNDING = 1e-3  # that a sum of probabilities may be off


def train_model(settings: TrainSettings, on_epoch: Callable[[Epoch], None] | None = None) -> None:
    """Train, resume where a killed run stopped, and write the model folder and the history.

    Started by ``torchrun``, the processes share each batch, and the main one writes.

    Args:
        settings: Of the stage.
        on_epoch: Called with what each epoch gave, those of a resumed run's past first. What it
            raises ends the training; the epochs so far are kept.

    Raises:
        ConfigError: The model to start from does not fit, see `start_from`; or there is no such
            auxiliary set.
        DataError: The splits lack train or dev examples, dev lacks a polar class, or a label is
            none of its scheme or its probabilities do not sum to 1; or an auxiliary set lacks a
            class.
    """
    precision = prepare_runtime(settings.runtime)
    accelerator = start_accelerator(precision, parts_rest=bool(settings.auxiliary))
    console = Console(stderr=True, quiet=not accelerator.is_main_process)
    set_seed(settings.seed)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    targets: list[TargetDefinition] = json.loads(settings.targets.read_text(encoding="utf-8"))
    rows, scored = _read_splits(settings)
    sets = read_auxiliary(settings.auxiliary, settings.auxiliary_data, scored)
    backbone = load_backbone(settings.backbone)
    keys = [target["key"] for target in targets]
    for line in settings.unused_shares(keys):
        console.print(line, highlight=False)
    tasks = tasks_for(keys)
    data = {
        split: tokenize_examples(examples, tasks, backbone.tokenizer, settings.backbone.prefix)
        for split, examples in rows.items()
    }
    auxiliary = [
        AuxiliaryTask(
            one,
            one.examples(backbone.tokenizer, settings.backbone.prefix),
            settings,
            accelerator.device,
        )
        for one in sets
    ]
    model = _build(settings, backbone, [target["description"] for target in targets], sets)
    if not accelerator.is_main_process:  # the same weights, but a dropout of its own
        torch.manual_seed(settings.seed + accelerator.process_index)
    key = run_key(
        settings.inputs(),
        settings.without_paths()
        | {
            "tokenizer": hashlib.sha256(backbone.tokenizer.to_str().encode()).hexdigest(),
            "precision": precision.value,
            "device": accelerator.device.type,
            "processes": accelerator.num_processes,
        },
    )
    checkpoints = CheckpointFolder(settings.checkpoints, key)
    run = Training(
        settings, accelerator, model, data, auxiliary, keys, backbone.pad_id, precision, console
    )
    progress = run.fit(checkpoints, on_epoch)
    if accelerator.is_main_process:
        facts = TrainingFacts(
            seed=settings.seed,
            epochs=settings.epochs,
            best_epoch=progress.best_epoch,
            precision=precision.value,
            processes=accelerator.num_processes,
            train_sentences=len(data[Split.train]),
            dev_sentences=len(data[Split.dev]),
            train_sentences_cut=data[Split.train].n_cut,
        )
        if settings.start is not None:
            facts["start"] = sha256_of(settings.start / WEIGHTS)
        if auxiliary:
            facts["auxiliary"] = [task.facts for task in auxiliary]
        with atomic_folder(settings.output) as folder:
            save_model(
                folder,
                run.best,
                backbone,
                settings.backbone,
                settings.classifier,
                targets,
                facts,
            )
        write_history(settings.history, progress.history)
        checkpoints.remove()
    accelerator.wait_for_everyone()
    accelerator.end_training()
    console.print(f"model: {settings.output} (epoch {progress.best_epoch})", highlight=False)


def _build(
    settings: TrainSettings,
    backbone: Backbone,
    descriptions: Sequence[str],
    sets: Sequence[AuxiliarySet],
) -> LearningTogether:
    """Build the classifier and the heads beside it, ready to learn what is to learn."""
    prefix = settings.backbone.prefix
    classifier = build_classifier(settings.classifier, backbone, descriptions, prefix)
    heads = {
        one.key: AuxiliaryHeads(one, classifier, settings.classifier, backbone, prefix)
        for one in sets
    }
    if settings.start is not None:
        start_from(settings.start, classifier, backbone, settings.backbone, settings.classifier)
    model = LearningTogether(classifier, heads)
    use_byte_dropout(model)
    set_dropout(backbone.model, settings.encoder_dropout, settings.frozen_layers)
    freeze(backbone.model, not settings.train_word_embeddings, settings.frozen_layers)
    return model


def _read_splits(settings: TrainSettings) -> tuple[dict[Split, list[Row]], list[str]]:
    """Read the examples of train and dev, and the texts of dev and test."""
    rows: dict[Split, list[Row]] = {Split.train: [], Split.dev: []}
    scored = []
    for row in iterate_table(settings.splits, "splits"):
        split = Split(row["split"])
        if split != Split.train:
            scored.append(row["text"])
        if split in rows:
            _check_labels(row, settings.splits)
            rows[split].append(row)
    rng = np.random.default_rng(settings.seed)
    rows[Split.train] = take_share(rows[Split.train], settings.train_share, rng)
    for split, examples in rows.items():
        if not examples:
            raise DataError(f"{settings.splits}: expected examples of {split}, found none")
    _check_dev(rows[Split.dev], settings)
    return rows, scored


def _check_dev(rows: Sequence[Row], settings: TrainSettings) -> None:
    """Check that dev has every class of the score that chooses the checkpoint."""
    scheme, needed = _NEEDED[settings.chosen_by]
    found = {
        label["label"]
        for row in rows
        for key, label in labels_of(row).items()
        if (key == SENTIMENT.name) == (scheme == SENTIMENT)
    }
    if missing := [name for name in needed if name not in found]:
        raise DataError(
            f"{settings.splits}: expected every one of {', '.join(needed)} in dev, which "
            f"chooses the checkpoint by {settings.chosen_by.value}; found no "
            f"{' and no '.join(missing)}: give dev more articles (split_examples: sizes, "
            "fixed.dev), or choose by another score"
        )


def _check_labels(row: Row, path: Path) -> None:
    """Check what another program may have written: classes that exist, shares that sum to 1."""
    for key, label in labels_of(row).items():
        classes = (SENTIMENT if key == SENTIMENT.name else STANCE).classes
        where = f"{path}: sentence {row['sentence_id']}, {key}"
        if label["label"] not in classes:
            raise DataError(f"{where}: expected {'|'.join(classes)}, found {label['label']!r}")
        total = sum(label[f"p_{name}"] for name in classes)
        if not abs(total - 1) <= _ROUNDING:  # a sum that is no number is wrong, too
            raise DataError(f"{where}: expected probabilities that sum to 1, found {total:g}")
