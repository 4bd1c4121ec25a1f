from math import log

import pytest
import torch

from training.data.attribution import LONGEST, UNKNOWN, span_number
from training.data.batches import Batch
from training.fit.losses import (
    attribution_loss,
    author_shift,
    class_weights,
    prior_shifts,
    soft_cross_entropy,
    total_weight,
)

ALIKE = torch.ones(2)


def batch_loss(logits, labels, weights, by_class):
    """Give the loss of rows that are a whole batch."""
    total = total_weight(labels, weights, by_class)
    return soft_cross_entropy(logits, labels, weights, by_class, total)


def rows(*classes, n_classes=3):
    return torch.eye(n_classes)[list(classes)]


def test_class_weights_by_inverse_frequency_give_each_class_the_same_total():
    # 4 rows and 1 row: raw weights 1/4 and 1, scaled so that the 5 rows weigh 1 on average
    found = class_weights(rows(0, 0, 0, 0, 1, n_classes=2), torch.ones(5), power=1.0)
    assert found.tolist() == pytest.approx([5 / 8, 5 / 2])
    assert 4 * found[0] == pytest.approx(float(found[1]))


def test_class_weights_at_half_power_go_with_the_root():
    found = class_weights(rows(0, 0, 0, 0, 1, n_classes=2), torch.ones(5), power=0.5)
    assert found.tolist() == pytest.approx([5 / 6, 5 / 3])


def test_class_weights_at_power_zero_are_alike():
    assert class_weights(rows(0, 0, 1), torch.ones(3), power=0.0).tolist() == [1, 1, 1]


def test_a_class_that_never_occurs_weighs_as_the_rarest_that_does():
    found = class_weights(rows(0, 0, 0, 0, 1), torch.ones(5), power=1.0)
    assert found[2] == found[1] == pytest.approx(5 / 2)


def test_masked_rows_and_soft_labels_count_by_their_weight():
    # a masked row does not count; half a row of class 0 and half of class 1: 1.5 and 0.5
    labels = torch.tensor([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    found = class_weights(labels, torch.tensor([1.0, 1.0, 0.0]), power=1.0)
    assert found.tolist() == pytest.approx([2 / 3, 2.0])


def test_nothing_labelled_leaves_the_classes_alike():
    assert class_weights(rows(0, 1), torch.zeros(2), power=1.0).tolist() == [1, 1, 1]


def test_soft_labels_are_averaged_over_the_distribution():
    # probabilities 3/4 and 1/4
    logits = torch.tensor([[log(3.0), 0.0]])
    loss = batch_loss(logits, torch.tensor([[0.5, 0.5]]), torch.ones(1), ALIKE)
    assert float(loss) == pytest.approx(-0.5 * log(0.75) - 0.5 * log(0.25))


def test_rows_count_by_their_weight_and_their_class():
    # losses -log 3/4 and -log 1/4; weights 1 x 1 and 3 x 2
    logits = torch.tensor([[log(3.0), 0.0], [log(3.0), 0.0]])
    by_class = torch.tensor([1.0, 2.0])
    loss = batch_loss(logits, rows(0, 1, n_classes=2), torch.tensor([1.0, 3.0]), by_class)
    assert float(loss) == pytest.approx((-log(0.75) - 6 * log(0.25)) / 7)


def test_a_masked_row_changes_neither_the_loss_nor_any_gradient():
    logits = torch.tensor([[1.0, 0.0], [0.3, 2.0]], requires_grad=True)
    weights = torch.tensor([1.0, 0.0])
    loss = batch_loss(logits, rows(0, 0, n_classes=2), weights, ALIKE)
    loss.backward()
    assert logits.grad[1].tolist() == [0.0, 0.0]
    assert logits.grad[0].abs().sum() > 0
    alone = batch_loss(logits[:1], rows(0, n_classes=2), torch.ones(1), ALIKE)
    assert loss.item() == pytest.approx(alone.item())


def test_a_batch_without_labels_has_no_loss_and_no_gradient():
    logits = torch.tensor([[1.0, 0.0]], requires_grad=True)
    loss = batch_loss(logits, rows(0, n_classes=2), torch.zeros(1), ALIKE)
    loss.backward()
    assert loss.item() == 0.0
    assert logits.grad.tolist() == [[0.0, 0.0]]


def test_targets_of_a_sentence_are_rows_of_their_own():
    # shape (1 sentence, 2 targets, 2 classes): the second target is masked
    logits = torch.tensor([[[log(3.0), 0.0], [9.0, -9.0]]])
    labels = rows(0, 1, n_classes=2)[None]
    loss = batch_loss(logits, labels, torch.tensor([[1.0, 0.0]]), ALIKE)
    assert float(loss) == pytest.approx(-log(0.75))


def test_the_losses_of_the_slices_of_a_batch_add_up_to_its_loss():
    # weights 1, 3 and 0: the slices count for 1 and for 3, by the whole batch's 1 + 3 x 2
    logits = torch.tensor([[log(3.0), 0.0], [log(3.0), 0.0], [5.0, 0.0]])
    labels, weights = rows(0, 1, 1, n_classes=2), torch.tensor([1.0, 3.0, 0.0])
    by_class = torch.tensor([1.0, 2.0])
    total = total_weight(labels, weights, by_class)
    assert float(total) == 7
    first, second = (
        float(soft_cross_entropy(logits[own], labels[own], weights[own], by_class, total))
        for own in (slice(0, 1), slice(1, 3))
    )
    assert first == pytest.approx(-log(0.75) / 7)
    assert second == pytest.approx(-6 * log(0.25) / 7)


def test_a_slice_without_any_label_adds_nothing():
    logits = torch.tensor([[1.0, 0.0]], requires_grad=True)
    loss = soft_cross_entropy(
        logits, rows(0, n_classes=2), torch.zeros(1), ALIKE, torch.tensor(4.0)
    )
    loss.backward()
    assert loss.item() == 0.0
    assert logits.grad.tolist() == [[0.0, 0.0]]


def shifts_of(labels, langs, expected, by_class=None):
    """Give the shifts of one task; ``expected`` is by language."""
    by_class = torch.ones(labels.shape[-1]) if by_class is None else by_class
    weights = torch.ones(len(langs), 1)
    by_task = {(lang, 0): shares for lang, shares in expected.items()}
    return prior_shifts(labels[:, None], weights, langs, by_class, by_task)[:, 0]


def test_shifts_are_the_log_of_how_much_likelier_training_makes_a_class():
    # three of four in training, one of four expected: 3 and 1/3 times
    found = shifts_of(rows(0, 0, 0, 1, n_classes=2), ["ru"] * 4, {"ru": {0: 0.25, 1: 0.75}})
    assert found.shape == (4, 2)
    assert found[2].tolist() == pytest.approx([log(3), log(1 / 3)], abs=1e-6)


def test_shifts_take_class_weights_for_what_they_do():
    # weights of 1 and 3 make classes of three to one alike
    labels, by_class = rows(0, 0, 0, 1, n_classes=2), torch.tensor([1.0, 3.0])
    found = shifts_of(labels, ["ru"] * 4, {"ru": {0: 0.75, 1: 0.25}}, by_class)
    assert found[0].tolist() == pytest.approx([log(0.5 / 0.75), log(0.5 / 0.25)], abs=1e-6)


def test_each_language_has_its_own_shift_and_one_without_shares_none():
    labels = rows(0, 1, 0, 0, 0, 1, n_classes=2)
    langs = ["en", "en", "ru", "ru", "ru", "ru"]
    found = shifts_of(labels, langs, {"ru": {0: 0.5, 1: 0.5}})
    assert found[:2].tolist() == [[0, 0], [0, 0]]
    assert found[2].tolist() == pytest.approx([log(1.5), log(0.5)], abs=1e-6)
    assert shifts_of(labels, langs, {}).abs().sum() == 0


def test_each_task_has_its_own_shift_and_one_without_shares_none():
    labels = torch.stack([rows(0, 0, 0, 1, n_classes=2), rows(1, 1, 0, 0, n_classes=2)], dim=1)
    expected = {("en", 0): {0: 0.25, 1: 0.75}}
    found = prior_shifts(labels, torch.ones(4, 2), ["en"] * 4, ALIKE, expected)
    assert found.shape == (4, 2, 2)
    assert found[0, 0].tolist() == pytest.approx([log(3), log(1 / 3)], abs=1e-6)
    assert found[:, 1].tolist() == [[0, 0]] * 4


def test_a_class_that_is_not_named_is_expected_as_often_as_in_training():
    # half are of the third class; of the other half two thirds and one third, expected alike
    labels = rows(0, 0, 1, 2, 2, 2)
    by_class = torch.tensor([1.0, 1.0, 2.0])  # seen 2 : 1 : 6
    found = shifts_of(labels, ["id"] * 6, {"id": {0: 0.5, 1: 0.5}}, by_class)
    expected = [log(2 / 9 / 0.25), log(1 / 9 / 0.25), log(6 / 9 / 0.5)]
    assert found[0].tolist() == pytest.approx(expected, abs=1e-6)


def test_a_masked_label_is_not_counted():
    labels = rows(0, 0, 1, n_classes=2)[:, None]
    weights = torch.tensor([[1.0], [0.0], [1.0]])
    found = prior_shifts(labels, weights, ["id"] * 3, ALIKE, {("id", 0): {0: 0.5, 1: 0.5}})
    assert found[0, 0].tolist() == pytest.approx([0, 0], abs=1e-6)


def test_a_class_that_training_lacks_is_not_shifted():
    found = shifts_of(rows(0, 1), ["ar"] * 2, {"ar": {0: 0.25, 1: 0.25, 2: 0.5}})
    assert found[0].tolist() == pytest.approx([log(2), log(2), 0], abs=1e-6)


def test_logits_learned_with_shifts_hold_under_the_expected_shares():
    # one feature that says nothing: the best logits are the log of the expected shares
    labels = rows(0, 0, 0, 1, n_classes=2)
    shifts = shifts_of(labels, ["en"] * 4, {"en": {0: 0.25, 1: 0.75}})
    logits = torch.zeros(2, requires_grad=True)
    optimizer = torch.optim.SGD([logits], lr=0.5)
    for _ in range(500):
        optimizer.zero_grad()
        batch_loss(logits + shifts, labels, torch.ones(4), ALIKE).backward()
        optimizer.step()
    assert logits.softmax(-1).tolist() == pytest.approx([0.25, 0.75], abs=1e-3)


def attributed(holders, voices, lengths):
    """Make a batch of one target of which only holders, voices and padding matter."""
    holders, voices = torch.tensor(holders)[:, None], torch.tensor(voices)[:, None]
    mask = (torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]).long()
    nothing = torch.zeros(*mask.shape, 1, dtype=torch.bool)
    return Batch(mask, mask, nothing, {}, {}, {}, holders, voices)


def loss_of(batch, holder, voice, shift=0.0):
    known = [(values != UNKNOWN).sum() for values in (batch.holders, batch.voices)]
    return float(attribution_loss(holder, voice, batch, *known, shift))


def test_the_loss_of_a_holder_is_over_the_spans_that_fit_into_the_sentence():
    # of three tokens: three spans of one, two of two and one of three; that of gold weighs double
    holder = torch.zeros(1, 1, 3, LONGEST)
    holder[0, 0, 1, 1] = log(2.0)
    batch = attributed([span_number(1, 2)], [UNKNOWN], [3])
    assert loss_of(batch, holder, torch.zeros(1, 1, 3)) == pytest.approx(-log(2 / 7))


def test_an_author_who_is_expected_less_often_must_score_more():
    # of one token: the author with a third of the weight of the other span
    batch = attributed([span_number(0, 0)], [UNKNOWN], [2])
    holder = torch.zeros(1, 1, 2, LONGEST)
    holder[0, 0, 0, 1] = holder[0, 0, 1, 1] = -100.0
    found = loss_of(batch, holder, torch.zeros(1, 1, 3), shift=log(1 / 3))
    assert found == pytest.approx(-log(1 / 4))


def test_the_shift_of_the_author_is_the_difference_of_log_odds():
    # one of four in training, half in use
    holders = torch.tensor([[0, UNKNOWN], [13, 14], [UNKNOWN, 25]])
    assert author_shift(holders, 0.5) == pytest.approx(log(1 / 3))
    assert author_shift(holders, 0.25) == pytest.approx(0)
    assert author_shift(holders, None) == 0
    assert author_shift(torch.tensor([[0], [UNKNOWN]]), 0.5) == 0
    assert author_shift(torch.tensor([[UNKNOWN]]), 0.5) == 0


def test_no_holder_reaches_into_the_padding():
    holder = torch.zeros(2, 1, 4, LONGEST)
    holder[0, 0, 2:] = 50.0
    holder[0, 0, 1, 1:] = 50.0
    batch = attributed([span_number(1, 1), UNKNOWN], [UNKNOWN, UNKNOWN], [2, 4])
    assert loss_of(batch, holder, torch.zeros(2, 1, 3)) == pytest.approx(log(3))


def test_the_loss_of_a_voice_comes_on_top():
    voice = torch.tensor([[[0.0, log(2.0), 0.0]]])
    batch = attributed([UNKNOWN], [1], [3])
    assert loss_of(batch, torch.zeros(1, 1, 3, LONGEST), voice) == pytest.approx(log(2))


def test_what_gold_does_not_say_costs_nothing():
    batch = attributed([UNKNOWN], [UNKNOWN], [3])
    logits = torch.randn(1, 1, 3, LONGEST), torch.randn(1, 1, 3)
    assert loss_of(batch, *logits) == 0


def test_the_losses_of_slices_add_up_to_that_of_the_batch():
    torch.manual_seed(0)
    holders, voices, lengths = [0, 14, 24], [0, 2, 1], [4, 4, 4]
    holder, voice = torch.randn(3, 1, 4, LONGEST), torch.randn(3, 1, 3)
    whole = attributed(holders, voices, lengths)
    known = torch.tensor(3), torch.tensor(3)  # holders, voices
    parts = [
        attribution_loss(
            holder[own], voice[own], attributed(holders[own], voices[own], lengths[own]), *known, 0
        )
        for own in (slice(0, 2), slice(2, 3))
    ]
    expected = attribution_loss(holder, voice, whole, *known, 0)
    assert float(sum(parts)) == pytest.approx(float(expected))
