import pytest

from labels.pipeline.command import CONFIGS
from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import TargetKind
from labels.pipeline.settings import to_json
from labels.targets.read import load_target, load_targets

FOLDER = CONFIGS / "target"
NATO = """\
name: NATO
description: The alliance.
kind: actor
aliases: {en: [NATO], ru: [НАТО]}
exclusions: {}
"""


@pytest.fixture
def write(tmp_path):
    def write(text, name="nato"):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return tmp_path / f"{name}.yaml"

    return write


def test_a_target_of_ones_own_needs_one_file(write, tmp_path):
    write(NATO)
    (target,) = load_targets(tmp_path, ["nato"])
    assert (target.key, target.name, target.kind) == ("nato", "NATO", TargetKind.actor)
    assert to_json(target) == {
        "key": "nato",
        "name": "NATO",
        "description": "The alliance.",
        "kind": "actor",
        "aliases": {"en": ["NATO"], "ru": ["НАТО"]},
        "ambiguous": {},
        "doubtful": {},
        "exclusions": {},
        "context": None,
    }


def test_targets_come_in_the_order_asked_for():
    keys = ["oic", "russia"]
    assert [target.key for target in load_targets(FOLDER, keys)] == keys


def test_an_unknown_target_is_named_with_what_there_is():
    with pytest.raises(ConfigError, match="unknown target 'rusia'.*gaza_ceasefire"):
        load_targets(FOLDER, ["rusia"])


def test_all_problems_of_a_choice_are_told_at_once(write, tmp_path):
    write("name: [", "broken")
    with pytest.raises(ConfigError) as caught:
        load_targets(tmp_path, ["broken", "broken", "sentiment", "nato"])
    message = str(caught.value)
    assert "targets: expected each once, got ['broken', 'broken', 'sentiment', 'nato']" in message
    assert "broken.yaml: expected YAML in UTF-8" in message
    assert "expected another name than 'sentiment', which is a task itself" in message
    assert "unknown target 'nato'" in message
    with pytest.raises(ConfigError, match="targets: expected at least one"):
        load_targets(tmp_path, [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (NATO.replace("aliases", "alias"), "alias"),
        (NATO.replace("kind: actor\n", ""), "no value for: kind"),
        (NATO.replace("actor", "person"), "person"),
        ("- NATO\n", "expected a mapping, found list"),
        (NATO.replace("{en: [NATO], ru: [НАТО]}", "{}"), "aliases: expected at least one name"),
    ],
)
def test_a_wrong_target_file_is_refused_by_name(write, text, found):
    with pytest.raises(ConfigError, match=found) as caught:
        load_target(write(text))
    assert "nato.yaml: " in str(caught.value)


@pytest.mark.parametrize("label", ["ambiguous", "doubtful"])
def test_names_that_need_a_context_need_one(write, label):
    with pytest.raises(ConfigError, match=f"context: expected one, because there are {label}"):
        load_target(write(NATO + f"{label}: {{en: [the alliance]}}\n"))
