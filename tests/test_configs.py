"""Every stage with every experiment and every choice of its groups becomes its settings."""

from pathlib import Path

import pytest
import yaml
from omegaconf import OmegaConf

from labels.command import CONFIGS, STAGES
from labels.config import TargetConfig
from labels.settings import resolve
from training.config import BackboneKind, ClassifierKind

EXPERIMENTS = sorted(path.stem for path in (CONFIGS / "experiments").glob("*.yaml"))
TARGETS = sorted((CONFIGS / "target").glob("*.yaml"))
GIVEN = {"predict_stance": ["input=x", "output=y"]}  # what has no default


def named_files(value, folder):
    """List the files under a folder that a config names."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return {name for one in value for name in named_files(one, folder)}
    return {value} if isinstance(value, str) and value.startswith(f"{folder}/") else set()


@pytest.fixture
def settings(composer, tmp_path):
    """Compose and check a stage's settings over a data folder that has every file it names."""

    def make(stage, *overrides):
        raw = composer(stage, f"paths.data_dir={tmp_path}", *overrides)
        for name in named_files(OmegaConf.to_container(raw, resolve=True), str(tmp_path)):
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).touch()
        return resolve(raw, composer.stage(stage).schema)

    return make


def test_there_are_stages_experiments_and_targets():
    assert len(STAGES) == 7
    assert {"default", "real_news"} <= set(EXPERIMENTS)
    assert len(TARGETS) >= 3


@pytest.mark.parametrize("experiment", EXPERIMENTS)
@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_composes_with_every_experiment(settings, composer, stage, experiment):
    found = settings(stage, f"experiment={experiment}")
    assert type(found) is composer.stage(stage).schema
    # nothing of one experiment lies in the folder of another
    assert found.paths.work == f"data/{experiment}"
    assert found.paths.export == f"exports/{experiment}"


@pytest.mark.parametrize("experiment", EXPERIMENTS)
@pytest.mark.parametrize("stage", STAGES)
def test_an_experiment_changes_what_its_section_says(settings, stage, experiment):
    path = CONFIGS / "experiments" / f"{experiment}.yaml"
    section = yaml.safe_load(path.read_text(encoding="utf-8"))[stage]
    found = settings(stage, f"experiment={experiment}")
    for key, value in section.items():
        if isinstance(value, str | int | float) and "${" not in str(value):
            kept = getattr(found, key)
            assert getattr(kept, "value", kept) == value, key


def test_predict_composes_without_an_experiment(composer):
    raw = composer("predict_stance", *GIVEN["predict_stance"])
    found = resolve(raw, composer.stage("predict_stance").schema)
    assert (found.input, found.output, found.model) == ("x", "y", "exports/default")
    assert found.unit.value == "article"


@pytest.mark.parametrize("kind", ClassifierKind)
def test_every_classifier_can_be_chosen(settings, kind):
    assert settings("train_model", f"classifier={kind.value}").classifier.kind is kind


def test_every_backbone_can_be_chosen(settings, tmp_path):
    assert settings("train_model").backbone.kind is BackboneKind.embedded
    folder = tmp_path / "local"
    folder.mkdir()
    hub = ["backbone=hub", f"backbone.name={folder}", "backbone.revision=null"]
    assert settings("train_model", *hub).backbone.kind is BackboneKind.hub


def test_the_embedded_backbone_is_pinned(settings):
    backbone = settings("train_model").backbone
    assert len(backbone.sha256) == 64
    assert backbone.version == "0.3.0"


@pytest.mark.parametrize("path", TARGETS, ids=lambda path: path.stem)
def test_every_target_file_is_a_target(path):
    raw = OmegaConf.merge(OmegaConf.structured(TargetConfig), OmegaConf.load(path))
    target = resolve(raw, TargetConfig)
    assert target.description.endswith(".")
    assert {"id", "ar", "ru", "en"} <= {*target.aliases, *target.ambiguous}


def test_the_targets_of_the_default_experiment_have_files(settings):
    known = {path.stem for path in TARGETS}
    assert set(settings("label_sentences").targets) <= known


def test_every_setting_in_a_file_is_one_of_its_schema_and_has_a_value(composer):
    for stage in (*STAGES, "predict_stance"):
        raw = composer(stage, *GIVEN.get(stage, []))
        assert OmegaConf.missing_keys(raw) == set(), stage
        values = yaml.safe_load((CONFIGS / f"{stage}.yaml").read_text(encoding="utf-8"))
        fields = set(composer.stage(stage).schema.__dataclass_fields__)
        assert set(values) - {"defaults"} <= fields, stage


def test_every_group_file_belongs_to_a_group_that_a_stage_uses():
    used = {"target", "experiments"}
    for path in CONFIGS.glob("*.yaml"):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["defaults"]:
            if isinstance(entry, dict):
                used |= set(entry)
    assert {path.name for path in CONFIGS.iterdir() if path.is_dir()} <= used
