import pytest
import torch
from torch import nn

from labels.pipeline.errors import ConfigError
from training.fit.auxiliary.heads import LearningTogether
from training.fit.optimiser import freeze, parameter_groups, rate_factor, set_dropout
from training.model.classifier import build_classifier


def learning(encoder):
    return {name for name, parameter in encoder.named_parameters() if parameter.requires_grad}


def test_nothing_frozen_leaves_all_learning(tiny_backbone):
    freeze(tiny_backbone.model, word_embeddings=False, layers=0)
    assert learning(tiny_backbone.model) == {n for n, _ in tiny_backbone.model.named_parameters()}


def test_frozen_word_embeddings_leave_the_positions_learning(tiny_backbone):
    freeze(tiny_backbone.model, word_embeddings=True, layers=0)
    frozen = {n for n, _ in tiny_backbone.model.named_parameters()} - learning(tiny_backbone.model)
    assert frozen == {"embeddings.word_embeddings.weight"}


def test_a_frozen_layer_takes_the_embeddings_with_it(tiny_backbone):
    freeze(tiny_backbone.model, word_embeddings=False, layers=1)
    left = learning(tiny_backbone.model)
    assert left
    assert all(name.startswith("encoder.layer.1.") for name in left)


def test_more_layers_than_there_are_is_an_error(tiny_backbone):
    with pytest.raises(ConfigError, match="frozen_layers: expected at most 2, got 3"):
        freeze(tiny_backbone.model, word_embeddings=False, layers=3)


def test_frozen_layers_have_no_dropout_and_give_the_same_states_twice(tiny_backbone):
    encoder = tiny_backbone.model.train()
    set_dropout(encoder, 0.5, 1)
    found = {n: m.p for n, m in encoder.named_modules() if isinstance(m, nn.Dropout)}
    assert {p for n, p in found.items() if ".layer.1." in n and "attention.self" not in n} == {0.5}
    assert {p for n, p in found.items() if ".layer.1." not in n or "attention.self" in n} == {0.0}
    ids = torch.tensor([[0, 9, 8, 2]])
    first, second = (encoder(input_ids=ids, output_hidden_states=True) for _ in range(2))
    assert torch.equal(first.hidden_states[1], second.hidden_states[1])
    assert not torch.equal(first.hidden_states[2], second.hidden_states[2])


@pytest.fixture
def rates(tiny_backbone, encode_once, composer):
    """Give the learning rate and weight decay of each trained parameter by its name."""

    def make(*changes):
        settings = composer.settings(
            "train_model",
            "frozen_layers=0",
            "learning_rate=1.0",
            "head_learning_rate=5.0",
            "layer_decay=0.5",
            "weight_decay=0.25",
            *changes,
        )
        model = build_classifier(encode_once, tiny_backbone, ["The OIC"], "")
        freeze(tiny_backbone.model, not settings.train_word_embeddings, settings.frozen_layers)
        names = {parameter: name for name, parameter in model.named_parameters()}
        return {
            names[parameter]: (group["lr"], group["weight_decay"])
            for group in parameter_groups(LearningTogether(model, {}).learning(), settings)
            for parameter in group["params"]
        }

    return make


def test_each_layer_below_learns_slower_and_heads_have_a_rate_of_their_own(rates):
    found = rates()
    assert found["encoder.encoder.layer.1.output.dense.weight"] == (1.0, 0.25)
    assert found["encoder.encoder.layer.0.output.dense.weight"] == (0.5, 0.25)
    assert found["encoder.embeddings.position_embeddings.weight"] == (0.25, 0.25)
    assert found["heads.stance.1.weight"] == found["query.weight"] == (5.0, 0.25)


def test_biases_and_norms_do_not_decay_and_what_is_frozen_is_left_out(rates):
    found = rates("frozen_layers=1")
    assert found["heads.sentiment.4.bias"] == (5.0, 0.0)
    assert found["encoder.encoder.layer.1.output.LayerNorm.weight"] == (1.0, 0.0)
    assert not [name for name in found if ".layer.0." in name or "embeddings" in name]


def test_rates_rise_to_their_peak_and_fall_to_nothing():
    # 2 steps of warm-up, then 8 steps down from 1 to 0
    factors = [rate_factor(step, warmup_steps=2, total_steps=10) for step in range(10)]
    assert factors == [0.5, 1.0, *(1 - i / 8 for i in range(8))]
