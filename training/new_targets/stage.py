"""From a model to one that is asked about more targets, with the same weights."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from rich.console import Console

from labels.pipeline.errors import ConfigError
from labels.pipeline.files import atomic_folder
from labels.pipeline.settings import to_json
from labels.targets.read import load_targets
from training.model.backbone import load_backbone
from training.model.classifier import build_classifier
from training.model.records import TargetDefinition
from training.model.settings import BackboneSettings, ClassifierSettings
from training.model.store import read_manifest, save_model, start_from
from training.new_targets.settings import AddTargetsSettings


def add_targets(settings: AddTargetsSettings) -> None:
    """Write a model that answers about its own targets and, untaught, about some more.

    Raises:
        ConfigError: A target has no file, a wrong one, or is one of the model's already; or the
            model is of another backbone or classifier than is set.
        DataError: There is no model, or its weights are damaged.
    """
    console = Console(stderr=True)
    added = load_targets(settings.target_folder, settings.targets)
    own = read_manifest(settings.model)["targets"]
    keys = {target["key"] for target in own}
    if twice := [target.key for target in added if target.key in keys]:
        raise ConfigError(
            f"targets: expected targets that {settings.model} does not know, got {', '.join(twice)}"
        )
    definitions = [*own, *(cast(TargetDefinition, to_json(target)) for target in added)]
    ask_about(settings.model, definitions, settings.backbone, settings.classifier, settings.output)
    console.print(
        f"model: {settings.output}; no label has taught it {', '.join(settings.targets)}",
        highlight=False,
        markup=False,
    )
    console.print(
        f"next: python scripts/export_model.py model={settings.output} output=EXPORT",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def ask_about(
    folder: Path,
    definitions: Sequence[TargetDefinition],
    backbone_settings: BackboneSettings,
    classifier_settings: ClassifierSettings,
    output: Path,
) -> None:
    """Write a model that has the weights of another one and answers about other targets.

    What stands for a target is made of its description under the untouched backbone and does not
    learn, so a model can be asked about any.

    Args:
        folder: Of the model.
        definitions: The targets, in the order of the stance logits.
        backbone_settings: The model's.
        classifier_settings: The model's.
        output: Folder to replace.

    Raises:
        ConfigError: The model is of another backbone or classifier.
        DataError: There is no model, or its weights are damaged.
    """
    manifest = read_manifest(folder)
    backbone = load_backbone(backbone_settings)
    descriptions = [target["description"] for target in definitions]
    classifier = build_classifier(
        classifier_settings, backbone, descriptions, backbone_settings.prefix
    )
    start_from(folder, classifier, backbone, backbone_settings, classifier_settings)
    with atomic_folder(output) as written:
        save_model(
            written,
            classifier.state_dict(),
            backbone,
            backbone_settings,
            classifier_settings,
            definitions,
            manifest["training"],
        )
