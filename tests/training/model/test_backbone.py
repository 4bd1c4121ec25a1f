from dataclasses import replace

import pytest
from tokenizers import Tokenizer, processors

from labels.pipeline.errors import ConfigError
from training.model.backbone import LOADERS, load_backbone
from training.model.settings import BackboneSettings


def test_every_kind_of_settings_has_a_loader():
    assert {kind.KIND for kind in BackboneSettings.__subclasses__()} == set(LOADERS)
    assert len(LOADERS) >= 2


def test_a_backbone_is_ready_to_encode_and_knows_its_frame(tiny_settings):
    backbone = load_backbone(tiny_settings)
    assert not backbone.model.training
    assert (backbone.end_id, backbone.pad_id) == (2, 1)
    assert backbone.tokenizer.padding is None


def test_long_texts_are_cut_with_the_frame_kept(tiny_settings):
    ids = load_backbone(replace(tiny_settings, max_tokens=16)).tokenizer.encode("ab " * 90).ids
    assert len(ids) == 16
    assert (ids[0], ids[-1]) == (0, 2)


def test_a_tokenizer_without_a_frame_is_refused(tiny_settings, monkeypatch):
    load = LOADERS[tiny_settings.KIND]

    def load_frameless(settings):
        model, tokenizer = load(settings)
        bare = Tokenizer.from_str(tokenizer.to_str())
        bare.post_processor = processors.TemplateProcessing(single="$A", special_tokens=[])
        return model, bare

    monkeypatch.setitem(LOADERS, tiny_settings.KIND, load_frameless)
    with pytest.raises(ConfigError, match=r"backbone\.name: .* expected a tokenizer that frames"):
        load_backbone(tiny_settings)
