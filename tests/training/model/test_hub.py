from dataclasses import replace

import pytest

from labels.pipeline.errors import ConfigError
from training.model.hub import load_hub, without_pooler


def test_a_hub_model_needs_a_commit_and_a_local_folder_has_none(tiny_settings):
    assert tiny_settings.revision is None
    with pytest.raises(ConfigError, match=r"backbone\.revision: expected a commit of some/model"):
        replace(tiny_settings, name="some/model")


def test_a_local_folder_is_loaded_without_a_pooler(tiny_settings):
    model, tokenizer = load_hub(tiny_settings)
    assert not [name for name in model.state_dict() if "pooler" in name]
    assert {parameter.dtype.is_floating_point for parameter in model.parameters()} == {True}
    assert tokenizer.encode("").tokens == ["<s>", "</s>"]


def test_encoders_without_a_pooler_are_not_told_to_leave_it(tiny_settings):
    assert without_pooler("xlm-roberta") == {"add_pooling_layer": False}
    assert without_pooler("modernbert") == {}


def test_a_folder_without_a_model_is_a_config_error(tiny_settings, tmp_path):
    with pytest.raises(
        ConfigError, match=r"(?s)backbone\.name: cannot load .*choose backbone=e5_sma"
    ):
        load_hub(replace(tiny_settings, name=str(tmp_path)))
