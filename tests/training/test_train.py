import pytest
import torch
from torch import nn

from labels.errors import ConfigError
from training.train import freeze_layers, set_dropout


def learning(encoder):
    return {name for name, parameter in encoder.named_parameters() if parameter.requires_grad}


def test_no_frozen_layer_leaves_all_learning(tiny_backbone):
    freeze_layers(tiny_backbone.model, 0)
    assert learning(tiny_backbone.model) == {n for n, _ in tiny_backbone.model.named_parameters()}


def test_a_frozen_layer_takes_the_embeddings_with_it(tiny_backbone):
    freeze_layers(tiny_backbone.model, 1)
    left = learning(tiny_backbone.model)
    assert left
    assert all(name.startswith("encoder.layer.1.") for name in left)


def test_more_layers_than_there_are_is_an_error(tiny_backbone):
    with pytest.raises(ConfigError, match="frozen_layers: expected at most 2, got 3"):
        freeze_layers(tiny_backbone.model, 3)


def test_frozen_layers_have_no_dropout_and_give_the_same_states_twice(tiny_backbone):
    encoder = tiny_backbone.model.train()
    set_dropout(encoder, 0.5, 1)
    shares = {n: m.p for n, m in encoder.named_modules() if isinstance(m, nn.Dropout)}
    assert {p for n, p in shares.items() if ".layer.1." in n and "attention.self" not in n} == {0.5}
    assert {p for n, p in shares.items() if ".layer.1." not in n or "attention.self" in n} == {0.0}
    ids = torch.tensor([[0, 9, 8, 2]])
    first, second = (encoder(input_ids=ids, output_hidden_states=True) for _ in range(2))
    assert torch.equal(first.hidden_states[1], second.hidden_states[1])
    assert not torch.equal(first.hidden_states[2], second.hidden_states[2])
