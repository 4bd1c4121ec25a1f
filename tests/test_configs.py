"""Every stage with every experiment and every choice of its groups becomes its settings."""

from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from omegaconf import OmegaConf

from labels.pipeline.command import CONFIGS, groups_of
from labels.pipeline.errors import ConfigError
from labels.pipeline.settings import Range, resolve
from labels.targets.settings import TargetSettings
from training.experiments.runs import SCRIPTS, stage_of
from training.model.classifier import CLASSIFIERS
from training.model.settings import EmbeddedSettings, HubSettings

EXPERIMENTS = sorted(path.stem for path in (CONFIGS / "experiments").glob("*.yaml"))
TARGETS = sorted((CONFIGS / "target").glob("*.yaml"))
STAGES = sorted(path.stem for path in SCRIPTS.glob("*.py") if path.stem != "run_pipeline")
PIPELINE = yaml.safe_load((CONFIGS.parent / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
GIVEN = {
    "annotate_sentences": ["endpoint.model=m"],
    "audit_annotator": ["endpoint.model=m"],
    "predict_shards": [f"input={CONFIGS}", "output=y"],
    "check_drift": ["articles=x", "reference=y", "output=z"],
    "serve_annotation": ["tasks=x", "answers=y"],
    "make_tasks": ["input=x", "output=y"],
    "read_annotations": ["tasks=x", f"input={CONFIGS}", "output=y"],
    "find_label_errors": [f"gold={CONFIGS / 'make_tasks.yaml'}", "output=y"],
    "export_pool": [f"gold=[{CONFIGS / 'make_tasks.yaml'}]"],
    "compare_models": ["a=x", "b=y", "output=z"],
    "predict_stance": ["input=x", "output=y"],
    "run_benchmark": ["suite=ruw"],
    "read_suite": ["suite=ruw"],
    "add_targets": ["targets=[nato]", "output=y"],
    "target_curve": ["suite=ruw", "target_key=ukraine"],
    "chart_stance": ["predictions=x", "gold=y", "output=z"],
}  # what has no default


def named_files(value, folder):
    """List the files under a folder that a config names."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return {name for entry in value for name in named_files(entry, folder)}
    return {value} if isinstance(value, Path) and folder in value.parents else set()


@pytest.fixture
def settings(composer, tmp_path):
    """Compose and check a stage's settings over a data folder that has every file it names."""

    def make(stage, *overrides):
        reads_data = "paths" in (field.name for field in fields(stage_of(stage).settings))
        data = [f"paths.data_dir={tmp_path}"] if reads_data else []
        raw = composer(stage, *data, *overrides)
        for name in named_files(OmegaConf.to_container(raw, resolve=True), tmp_path):
            name.parent.mkdir(parents=True, exist_ok=True)
            name.touch()
        return resolve(raw, stage_of(stage).settings)

    return make


def test_there_are_stages_experiments_and_targets():
    assert set(PIPELINE) < set(STAGES)
    assert {"default", "real_news"} <= set(EXPERIMENTS)
    assert len(TARGETS) >= 3


@pytest.mark.parametrize("experiment", EXPERIMENTS)
@pytest.mark.parametrize("stage", PIPELINE)
def test_every_stage_composes_with_every_experiment(settings, stage, experiment):
    found = settings(stage, f"experiment={experiment}")
    assert type(found) is stage_of(stage).settings
    # nothing of one experiment lies in the folder of another
    assert found.paths.work == Path(f"data/{experiment}")
    assert found.paths.export == Path(f"exports/{experiment}")


@pytest.mark.parametrize("experiment", EXPERIMENTS)
@pytest.mark.parametrize("stage", PIPELINE)
def test_an_experiment_changes_what_its_section_says(settings, stage, experiment):
    path = CONFIGS / "experiments" / f"{experiment}.yaml"
    section = yaml.safe_load(path.read_text(encoding="utf-8")).get(stage) or {}
    found = settings(stage, f"experiment={experiment}")
    for key, value in section.items():
        if isinstance(value, str | int | float) and "${" not in str(value):
            kept = getattr(found, key)
            assert (str(kept) if isinstance(kept, Path) else getattr(kept, "value", kept)) == value


def test_predict_composes_without_an_experiment(composer):
    found = composer.settings("predict_stance", *GIVEN["predict_stance"])
    assert (found.input, found.output) == (Path("x"), Path("y"))
    assert found.model == Path("exports/default")
    assert found.unit.value == "article"


def numbers_with_a_range(schema, prefix=""):
    """List the dotted keys of a schema's settings that have a range, groups left out."""
    for field in fields(schema):
        if isinstance(field.metadata.get("range"), Range):
            yield f"{prefix}{field.name}", field.metadata["range"], field.type
        elif hasattr(field.type, "SECTION"):
            yield from numbers_with_a_range(field.type, f"{prefix}{field.name}.")


@pytest.mark.parametrize("stage", STAGES)
def test_every_number_out_of_its_range_is_refused(settings, stage):
    checked = 0
    for key, limits, kind in numbers_with_a_range(stage_of(stage).settings):
        if kind not in (int, float):
            continue
        low = limits.at_least if limits.above is None else limits.above
        with pytest.raises(ConfigError, match=f"{key.rpartition('.')[2]}: expected"):
            settings(stage, *GIVEN.get(stage, []), f"{key}={int(low) - 1}")
        checked += 1
    numbers = [field for field in fields(stage_of(stage).settings) if field.type in (int, float)]
    assert checked >= len(numbers) - (2 if stage == "check_corpus" else 0)  # the years have none


@pytest.mark.parametrize("kind", CLASSIFIERS)
def test_every_classifier_can_be_chosen(settings, kind):
    assert settings("train_model", f"classifier={kind}").classifier.KIND == kind


def test_every_backbone_can_be_chosen(settings, tmp_path):
    assert type(settings("train_model").backbone) is EmbeddedSettings
    folder = tmp_path / "نموذج, local"
    folder.mkdir()
    hub = ["backbone=hub", f"backbone.name={folder}", "backbone.revision=null"]
    found = settings("train_model", *hub).backbone
    assert type(found) is HubSettings
    assert found.name == str(folder)


def test_a_backbone_of_the_hub_needs_a_revision(settings):
    with pytest.raises(ConfigError, match="revision: expected a commit of xlm-roberta-base"):
        settings(
            "train_model",
            "backbone=hub",
            "backbone.name=xlm-roberta-base",
            "backbone.revision=null",
        )


def test_the_embedded_backbone_is_pinned(settings):
    backbone = settings("train_model").backbone
    assert len(backbone.sha256) == 64
    assert backbone.version == "0.3.0"


@pytest.mark.parametrize("path", TARGETS, ids=lambda path: path.stem)
def test_every_target_file_is_a_target(path):
    raw = OmegaConf.merge(OmegaConf.structured(TargetSettings), OmegaConf.load(path))
    target = resolve(raw, TargetSettings)
    assert target.description.endswith(".")
    assert {"id", "ar", "ru", "en"} <= {*target.aliases, *target.ambiguous}


def test_the_targets_of_the_default_experiment_have_files(settings):
    known = {path.stem for path in TARGETS}
    assert set(settings("vote_sentences").targets) <= known


def test_every_setting_in_a_file_is_one_of_its_schema_and_has_a_value(composer):
    for stage in STAGES:
        raw = composer(stage, *GIVEN.get(stage, []))
        assert OmegaConf.missing_keys(raw) == set(), stage
        values = yaml.safe_load((CONFIGS / f"{stage}.yaml").read_text(encoding="utf-8"))
        names = {field.name for field in fields(stage_of(stage).settings)}
        in_groups = {*groups_of(stage_of(stage).settings), "paths"}
        assert set(values) - {"defaults"} == names - in_groups, stage


# What is one of many says what its settings mean in one of its files, or in one beside it.
CONFIG_FILES = sorted(
    path
    for path in CONFIGS.rglob("*.yaml")
    if path.parent.name not in ("target", "experiments")
    if path.parent.name != "suite" or path.stem == "newsmtsc"
)


@pytest.mark.parametrize("path", CONFIG_FILES, ids=lambda path: path.stem)
def test_every_setting_says_what_it_means(path):
    """Help prints the file, and nothing else explains a setting."""
    lines = path.read_text(encoding="utf-8").partition("\n\n")[2].splitlines()
    silent = [
        line
        for line in lines
        if ":" in line.partition("#")[0]
        and not line.lstrip().startswith(("#", "- "))
        and "#" not in line
    ]
    # a mapping of settings or lists is explained line by line, a folder by its name
    assert [line for line in silent if not line.endswith(":") and "${" not in line] == []


def test_every_group_file_belongs_to_a_group_that_a_stage_uses():
    used = {"target", "experiments"}
    for path in CONFIGS.glob("*.yaml"):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["defaults"]:
            if isinstance(entry, dict):
                used |= set(entry)
    assert {path.name for path in CONFIGS.iterdir() if path.is_dir()} <= used
