"""From votes to a folder that scores articles as a trained model does, and needs no training."""

import json
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from labels.functions import FUNCTIONS
from labels.functions.evidence import lexicon_forms
from labels.functions.fingerprint import fingerprint
from labels.label_model.estimate import learn
from labels.label_model.fitted import LabelModel
from labels.label_model.items import SchemeItems
from labels.label_model.voted import Voted, read_voted
from labels.metrics.calibration_file import POOLED, Fitted
from labels.pipeline.errors import DataError
from labels.pipeline.files import atomic_folder, sha256_of, write_json
from labels.targets import forms_of, targets_of
from training.contract.schema import RECORD_SCHEMA_FILE, record_schema
from training.export.artifact import (
    EXPORT_FILE,
    EXPORT_VERSION,
    ExportKind,
    LearnedFrom,
    RulesDescription,
    Variant,
)
from training.inference.rules import FORMS_FILE, LABEL_MODEL_FILE
from training.rules.card import rules_card
from training.rules.settings import ExportRulesSettings


def export_rules(settings: ExportRulesSettings) -> None:
    """Fit the label model of each scheme and write it, with all that its functions need.

    Every labeller helps to fit, people and other models too; of them the export keeps the
    labelling functions, which can be asked about any sentence.

    Raises:
        DataError: A table or file cannot be read, tables do not belong together, a gold file has
            no row that can be used, or no vote is a labelling function's.
    """
    console = Console(stderr=True)
    definitions = json.loads(settings.targets.read_text(encoding="utf-8"))
    voted = read_voted(settings, settings.anchors)
    items = {found.scheme.name: found for found in voted.items()}
    models = {name: _learn(found, settings) for name, found in items.items()}
    description = _describe(definitions, models, _learned_from(voted, items))
    with atomic_folder(settings.output) as folder:
        records = {name: model.to_json() for name, model in models.items()}
        write_json(folder / LABEL_MODEL_FILE, records)
        forms = {word: " ".join(found) for word, found in lexicon_forms().items()}
        write_json(folder / FORMS_FILE, forms)
        write_json(folder / RECORD_SCHEMA_FILE, record_schema(description))
        card = rules_card(description, models, settings.output.name)
        (folder / "README.md").write_text(card, encoding="utf-8")
        description["sha256"] = {path.name: sha256_of(path) for path in sorted(folder.iterdir())}
        write_json(folder / EXPORT_FILE, description)
    _show(console, settings.output, models, description["learned_from"])


def _learn(items: SchemeItems, settings: ExportRulesSettings) -> LabelModel:
    known = FUNCTIONS[items.scheme.name]
    kept = [name for name in items.matrix.labellers if name in known]
    if not kept:
        found = ", ".join(items.matrix.labellers) or "none"
        raise DataError(
            f"votes: expected those of a labelling function on {items.scheme.name}, found {found}; "
            "vote_sentences writes them"
        )
    return learn(items, settings.label_model).of(kept)


def _learned_from(voted: Voted, items: Mapping[str, SchemeItems]) -> LearnedFrom:
    taught = {
        int(number) // len(found.tasks)
        for found in items.values()
        for number in np.flatnonzero(found.anchors >= 0)
    }
    return LearnedFrom(
        sentences=len(voted.sentences),
        articles=len(np.unique(voted.sentences.articles)),
        anchors=len(taught),
        votes={name: int((found.matrix.votes >= 0).sum()) for name, found in items.items()},
    )


def _describe(
    definitions: Sequence[Any], models: Mapping[str, LabelModel], learned_from: LearnedFrom
) -> RulesDescription:
    tasks = [name for model in models.values() for name in model.strata if ":" not in name]
    return RulesDescription(
        version=EXPORT_VERSION,
        kind=ExportKind.rules.value,
        sikap_version=metadata.version("sikap"),
        schemes={name: list(model.classes) for name, model in models.items()},
        voices=[],
        targets=list(definitions),
        russian_forms={
            word: " ".join(forms) for word, forms in forms_of(targets_of(definitions)).items()
        },
        variants={},
        refused={Variant.int8.value: "rules have no weights"},
        calibration=Fitted(
            split="none",
            sentences=0,
            delta=0.0,
            temperatures={task: {POOLED: 1.0} for task in tasks},
            thresholds={},
        ),
        functions={name: list(model.labellers) for name, model in models.items()},
        fingerprint=fingerprint(),
        learned_from=learned_from,
    )


def _show(
    console: Console, output: Path, models: Mapping[str, LabelModel], learned_from: LearnedFrom
) -> None:
    table = Table(
        title=f"export_rules: fitted on {learned_from['sentences']} sentences, "
        f"{learned_from['anchors']} of them with gold that taught"
    )
    for name in ("scheme", "label model", "labelling functions", "votes"):
        table.add_column(name)
    for scheme, model in models.items():
        votes = learned_from["votes"][scheme]
        table.add_row(scheme, model.kind.value, str(len(model.labellers)), str(votes))
    console.print(table)
    console.print(
        f"next: python scripts/predict_stance.py input=ARTICLES output=stance.jsonl model={output}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
