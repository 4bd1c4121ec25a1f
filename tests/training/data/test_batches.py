import numpy as np
import pytest
import torch

from training.data.attribution import UNKNOWN
from training.data.batches import batches, sorted_order, training_order
from training.data.examples import Examples
from training.data.marks import Mark

PAD = 1


@pytest.fixture
def examples():
    """Three sentences of 2, 4 and 3 tokens, each with one label; its number is in all of them."""
    return Examples(
        input_ids=[[10, 11], [20, 21, 22, 23], [30, 31, 32]],
        mentions=[[], [Mark(3, 0)], [Mark(1, 1)]],
        offsets=[np.zeros((n, 2), np.int32) for n in (2, 4, 3)],
        langs=["en"] * 3,
        n_targets=2,
        shifts={"stance": torch.tensor([[[1.0]], [[2.0]], [[3.0]]])},
        labels={"stance": torch.tensor([[[10.0]], [[20.0]], [[30.0]]])},
        weights={"stance": torch.tensor([[0.25], [0.5], [0.75]])},
        holders=torch.tensor([[0], [13], [12]]),
        voices=torch.tensor([[0], [1], [2]]),
    )


def test_every_example_comes_once_an_epoch():
    lengths = [3, 50, 7, 7, 12, 90, 4] * 13
    order = training_order(lengths, 4, np.random.default_rng(1))
    assert sorted(i for batch in order for i in batch) == list(range(91))
    assert max(map(len, order)) == 4
    assert len(order) == 23  # 22 full batches and one of three


def test_epochs_differ_and_a_seed_repeats_an_epoch():
    lengths = list(range(40))
    first, again, second = (
        training_order(lengths, 4, np.random.default_rng([7, epoch])) for epoch in (1, 1, 2)
    )
    assert first == again
    assert first != second


def test_batches_hold_sentences_of_similar_length():
    # half of the sentences are short, half are long; all fit into one stretch
    lengths = [5, 60] * 16
    order = training_order(lengths, 4, np.random.default_rng(0))
    assert all(len({lengths[i] for i in batch}) == 1 for batch in order)


def test_batches_for_scoring_go_from_the_longest_to_the_shortest():
    assert sorted_order([4, 9, 4, 7, 1], 2) == [[1, 3], [0, 2], [4]]


def test_sentences_are_padded_to_the_longest_and_padding_is_masked(examples):
    (batch,) = batches(examples, [[0, 2]], PAD)
    assert batch.input_ids.tolist() == [[10, 11, PAD], [30, 31, 32]]
    assert batch.attention_mask.tolist() == [[1, 1, 0], [1, 1, 1]]


def test_mentions_are_laid_out_along_the_padded_tokens(examples):
    (batch,) = batches(examples, [[2, 1]], PAD)
    assert batch.mentions.shape == (2, 4, 2)
    assert batch.mentions.nonzero().tolist() == [[0, 1, 1], [1, 3, 0]]


def test_batches_follow_the_order_asked_for_with_their_labels(examples):
    first, second = batches(examples, [[2], [1, 0]], PAD)
    assert first.input_ids.tolist() == [[30, 31, 32]]
    assert first.labels["stance"].tolist() == [[[30]]]
    assert second.labels["stance"].tolist() == [[[20]], [[10]]]
    assert second.weights["stance"].tolist() == [[0.5], [0.25]]
    assert second.shifts["stance"].tolist() == [[[2]], [[1]]]
    assert second.holders.tolist() == [[13], [0]]
    assert second.voices.tolist() == [[1], [0]]


def test_the_slices_of_the_processes_make_up_each_batch(examples):
    order = [[0, 1, 2]]
    slices = [next(batches(examples, order, PAD, process, 2)) for process in range(2)]
    assert [batch.labels["stance"].flatten().tolist() for batch in slices] == [[10, 30], [20]]
    assert slices[0].input_ids.shape == (2, 3)  # padded to the longest of the slice


def test_a_process_without_an_example_gets_a_masked_one(examples):
    idle = next(batches(examples, [[1]], PAD, 1, 2))
    assert idle.input_ids.tolist() == [[20, 21, 22, 23]]
    assert idle.weights["stance"].tolist() == [[0]]
    assert idle.holders.tolist() == [[UNKNOWN]]
    assert idle.voices.tolist() == [[UNKNOWN]]
    busy = next(batches(examples, [[1]], PAD, 0, 2))
    assert busy.weights["stance"].tolist() == [[0.5]]


def test_a_batch_goes_to_a_device_with_all_its_tensors(examples):
    (batch,) = batches(examples, [[0, 1]], PAD)
    moved = batch.to(torch.device("meta"))
    tensors = (moved.input_ids, moved.attention_mask, moved.mentions, *moved.labels.values())
    tensors += (*moved.weights.values(), *moved.shifts.values(), moved.holders, moved.voices)
    assert {tensor.device.type for tensor in tensors} == {"meta"}
