import pytest
import torch

from labels.pipeline.errors import ConfigError
from tests.conftest import TARGETS
from training.model.store import load_model

NATO = """
name: NATO
description: "The North Atlantic alliance: its council, forces and members as a body."
kind: actor
aliases: {en: [NATO], ru: [НАТО]}
exclusions: {}
"""


@pytest.fixture
def folder(tmp_path, save_tiny_model, encode_once):
    """Write a model of three targets, and files of one more and of one that it knows."""
    save_tiny_model(tmp_path / "model", encode_once)
    (tmp_path / "target").mkdir()
    for key in ("nato", "oic"):
        (tmp_path / "target" / f"{key}.yaml").write_text(NATO, encoding="utf-8")
    return tmp_path


@pytest.fixture
def add(folder, composer, tiny_overrides):
    """Add targets to the model; return what is then there."""
    own = [one for one in tiny_overrides if not one.startswith("runtime.")]

    def start(*overrides):
        composer.run(
            "add_targets",
            *own,
            "backbone.prefix='q: '",
            "classifier.sentiment_question=The tone",
            f"model={folder / 'model'}",
            f"target_folder={folder / 'target'}",
            f"output={folder / 'more'}",
            *overrides,
        )
        return load_model(folder / "more")

    return start


def answers(model, mentioned):
    ids = torch.tensor([model.tokenizer.encode("q: NATO and the OIC met.").ids])
    mentions = torch.zeros(*ids.shape, len(model.targets), dtype=torch.bool)
    for target in mentioned:
        mentions[0, 4, target] = True
    with torch.no_grad():
        return model.classifier(ids, torch.ones_like(ids), mentions)


def test_a_new_target_is_answered_and_the_others_are_answered_as_before(add, folder):
    more = add("targets=[nato]")
    assert [target["key"] for target in more.targets] == [*TARGETS, "nato"]
    assert more.targets[-1]["aliases"] == {"en": ["NATO"], "ru": ["НАТО"]}
    before, after = answers(load_model(folder / "model"), [1]), answers(more, [1])
    assert torch.allclose(before["sentiment"], after["sentiment"], atol=1e-5)
    assert torch.allclose(before["stance"], after["stance"][:, :3], atol=1e-5)
    named = answers(more, [1, 3])["stance"][:, 3]
    assert not torch.allclose(named, after["stance"][:, 3], atol=1e-3)  # that it is named tells


def test_a_target_that_the_model_knows_is_not_added_again(add):
    with pytest.raises(ConfigError, match=r"targets that .* does not know, got oic"):
        add("targets=[nato,oic]")


def test_a_model_is_not_written_over(add, folder):
    with pytest.raises(ConfigError, match="output: expected another folder"):
        add("targets=[nato]", f"output={folder / 'model'}")


def test_a_model_of_another_classifier_is_refused(add, folder):
    with pytest.raises(ConfigError, match=r"expected a model with classifier\.head_width 17"):
        add("targets=[nato]", "classifier.head_width=17")
    assert not (folder / "more").exists()
