import pytest
import torch
from torch import nn

from training.data.batches import Batch
from training.fit.dropout import ByteDropout, hide_tokens, use_byte_dropout


def test_about_the_share_asked_for_is_dropped_and_the_mean_is_kept():
    torch.manual_seed(1)
    found = ByteDropout(0.1)(torch.ones(1000, 1001))
    dropped = float((found == 0).float().mean())
    assert dropped == pytest.approx(26 / 256, abs=0.002)  # the nearest 256th
    assert found.unique().tolist() == pytest.approx([0, 256 / 230])
    assert float(found.mean()) == pytest.approx(1, abs=0.002)


def test_every_element_is_dropped_as_often_as_any_other():
    torch.manual_seed(2)
    layer = ByteDropout(0.5)
    kept = sum((layer(torch.ones(64)) > 0).float() for _ in range(4000)) / 4000
    assert kept.min() > 0.46
    assert kept.max() < 0.54


def test_elements_are_dropped_independently():
    torch.manual_seed(3)
    kept = torch.stack([ByteDropout(0.5)(torch.ones(24)) for _ in range(4000)]).sign()
    correlation = torch.corrcoef(kept.T) - torch.eye(24)
    assert correlation.abs().max() < 0.08


def test_a_seed_repeats_the_mask_and_the_next_one_differs():
    layer, ones = ByteDropout(0.3), torch.ones(5, 7)
    torch.manual_seed(4)
    first, second = layer(ones), layer(ones)
    torch.manual_seed(4)
    assert torch.equal(layer(ones), first)
    assert not torch.equal(first, second)


def test_gradients_go_where_the_states_went():
    torch.manual_seed(5)
    states = torch.ones(100, requires_grad=True)
    found = ByteDropout(0.25)(states)
    found.sum().backward()
    assert torch.equal(states.grad, found.detach())


def test_nothing_is_dropped_at_zero_and_in_evaluation():
    ones = torch.ones(3, 1000)
    assert torch.equal(ByteDropout(0.0)(ones), ones)
    assert torch.equal(ByteDropout(0.5).eval()(ones), ones)


def test_half_precision_and_no_element_at_all():
    found = ByteDropout(0.5)(torch.ones(8, 8, dtype=torch.bfloat16))
    assert found.dtype == torch.bfloat16
    assert ByteDropout(0.5)(torch.ones(0, 3)).shape == (0, 3)


def test_every_dropout_of_a_model_is_replaced_and_keeps_its_probability():
    model = nn.Sequential(nn.Dropout(0.2), nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.4)))
    use_byte_dropout(model)
    found = [module for module in model.modules() if isinstance(module, nn.Dropout)]
    assert [(type(module), module.p) for module in found] == [
        (ByteDropout, 0.2),
        (ByteDropout, 0.4),
    ]


def batch_of(mask, named):
    """Make a batch without labels; ``named`` are pairs of a sentence and a token."""
    mentions = torch.zeros(*mask.shape, 2, dtype=torch.bool)
    for row, token in named:
        mentions[row, token, 1] = True
    none = torch.empty(len(mask), 0, dtype=torch.long)
    ids = torch.arange(mask.numel()).view(mask.shape)
    return Batch(ids, mask, mentions, {}, {}, {}, none, none)


def test_about_the_share_asked_for_is_hidden_and_nothing_else_is_touched():
    torch.manual_seed(5)
    batch = batch_of(torch.ones(500, 202, dtype=torch.long), [])
    found = hide_tokens(batch, 0.1)
    assert float((found.attention_mask[:, 1:-1] == 0).float().mean()) == pytest.approx(
        0.1, abs=0.01
    )
    assert found.attention_mask.dtype == batch.attention_mask.dtype
    assert torch.equal(found.input_ids, batch.input_ids)
    assert batch.attention_mask.all()


def test_the_frame_the_padding_and_what_names_a_target_stay_as_they_are():
    torch.manual_seed(6)
    mask = torch.tensor([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0]])
    batch = batch_of(mask, [(0, 2), (1, 1)])
    seen = torch.stack([hide_tokens(batch, 0.9).attention_mask for _ in range(100)])
    always = [[True, False, True, False, False, True], [True, True, False, True, False, False]]
    assert (seen > 0).all(0).tolist() == always
    assert not seen[:, 1, 4:].any()


def test_without_a_probability_no_random_number_is_drawn():
    batch = batch_of(torch.ones(2, 5, dtype=torch.long), [])
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    assert hide_tokens(batch, 0) is batch
    assert torch.equal(torch.rand(1), expected)
