import numpy as np
import pytest
import torch

from training.data import batches, sorted_order, take_share, tokenize_examples, training_order

PAD = 1


@pytest.fixture
def tokenizer(tiny_backbone):
    return tiny_backbone.tokenizer


def test_every_example_comes_once_an_epoch():
    lengths = [3, 50, 7, 7, 12, 90, 4] * 13
    order = training_order(lengths, 4, np.random.default_rng(1))
    assert sorted(i for batch in order for i in batch) == list(range(91))
    assert max(map(len, order)) == 4
    assert len(order) == 23  # 22 full batches and one of three


def test_epochs_differ_and_a_seed_repeats_one():
    lengths = list(range(40))
    first, again, other = (
        training_order(lengths, 4, np.random.default_rng([7, epoch])) for epoch in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_batches_hold_sentences_of_similar_length():
    # half of the sentences are short, half are long; all fit into one stretch
    lengths = [5, 60] * 16
    order = training_order(lengths, 4, np.random.default_rng(0))
    assert all(len({lengths[i] for i in batch}) == 1 for batch in order)


def test_batches_for_scoring_go_from_the_longest_to_the_shortest():
    assert sorted_order([4, 9, 4, 7, 1], 2) == [[1, 3], [0, 2], [4]]


def test_sentences_are_padded_to_the_longest_and_padding_is_masked(split_row, tokenizer):
    data = tokenize_examples([split_row("a", "ab"), split_row("b", "a")], [], tokenizer, "")
    (batch,) = batches(data, [[0, 1]], PAD)
    a, b = (tokenizer.token_to_id(one) for one in "ab")
    space = tokenizer.token_to_id("▁")
    assert batch.input_ids.tolist() == [[0, space, a, b, 2], [0, space, a, 2, PAD]]
    assert batch.attention_mask.tolist() == [[1, 1, 1, 1, 1], [1, 1, 1, 1, 0]]


def test_the_prefix_stands_before_the_text_inside_the_frame(split_row, tokenizer):
    data = tokenize_examples([split_row("a", "b")], [], tokenizer, "a: ")
    assert data["input_ids"][0] == tokenizer.encode("a: b").ids


def test_a_target_without_a_label_is_masked_and_not_unrelated(split_row, tokenizer):
    rows = [
        split_row("a", "a", stances={"oic": "against"}, sentiment="positive"),
        split_row("b", "b", stances={"russia": "unrelated"}),
    ]
    data = tokenize_examples(rows, ["russia", "oic"], tokenizer, "")
    (batch,) = batches(data, [[0, 1]], PAD)
    assert batch.stance_weight.tolist() == [[0, 1], [1, 0]]
    assert batch.stance[0].tolist() == [[0.25] * 4, [0, 1, 0, 0]]
    assert batch.stance[1].tolist() == [[0, 0, 0, 1], [0.25] * 4]
    assert batch.sentiment_weight.tolist() == [1, 0]
    assert batch.sentiment[0].tolist() == [0, 0, 1]
    assert torch.allclose(batch.sentiment[1].sum(), torch.tensor(1.0))


def test_soft_labels_and_weights_reach_the_batch(split_row, tokenizer):
    row = split_row("a", "a", stances={"oic": "favor"})
    row["stances"][0] |= {"p_favor": 0.75, "p_neutral": 0.25, "weight": 0.5, "origin": "silver"}
    (batch,) = batches(tokenize_examples([row], ["oic"], tokenizer, ""), [[0]], PAD)
    assert batch.stance.tolist() == [[[0.75, 0, 0.25, 0]]]
    assert batch.stance_weight.tolist() == [[0.5]]


def test_batches_follow_the_order_asked_for(split_row, tokenizer):
    rows = [split_row(str(i), "a" * (i + 1)) for i in range(3)]
    data = tokenize_examples(rows, [], tokenizer, "")
    found = [batch.input_ids.shape for batch in batches(data, [[2], [0, 1]], PAD)]
    assert found == [(1, 6), (2, 5)]


def test_a_smaller_share_of_the_groups_is_a_part_of_a_larger_one(split_row):
    rows = [split_row(str(i), "x", group_id=f"g{i // 2}") for i in range(20)]  # 10 groups of two
    quarter, half, whole = (
        [row["sentence_id"] for row in take_share(rows, share, np.random.default_rng(3))]
        for share in (0.25, 0.5, 1.0)
    )
    assert len(quarter) == 6  # a quarter of ten groups, rounded up
    assert len(half) == 10
    assert set(quarter) < set(half)
    assert whole == [row["sentence_id"] for row in rows]
    assert half == sorted(half, key=int)
