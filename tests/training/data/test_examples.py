import numpy as np
import pytest

from labels.pipeline.schema import tasks_for
from training.data.examples import labels_of, take_share, tokenize_examples


@pytest.fixture
def tokenizer(tiny_backbone):
    return tiny_backbone.tokenizer


def test_the_prefix_stands_before_the_text_inside_the_frame(split_row, tokenizer):
    examples = tokenize_examples([split_row("a", "b")], tasks_for([]), tokenizer, "a: ")
    assert examples.input_ids == [tokenizer.encode("a: b").ids]
    space, a, colon, b = (tokenizer.token_to_id(piece) for piece in "▁a:b")
    assert examples.input_ids[0] == [0, space, a, colon, space, b, 2]


def test_lengths_count_tokens_in_the_order_of_the_rows(split_row, tokenizer):
    rows = [split_row("long", "abcd"), split_row("short", "a")]
    examples = tokenize_examples(rows, tasks_for([]), tokenizer, "")
    assert len(examples) == 2
    assert examples.lengths == [7, 4]  # the frame, a space, and the letters


def test_sentences_that_are_cut_are_counted(split_row, tokenizer):
    longest = tokenizer.truncation["max_length"]
    rows = [split_row("a", "a" * 2 * longest), split_row("b", "b")]
    examples = tokenize_examples(rows, tasks_for([]), tokenizer, "")
    assert (examples.lengths[0], examples.n_cut) == (longest, 1)


def test_the_tokens_of_a_mention_are_marked_with_the_number_of_the_target(split_row, tokenizer):
    row = split_row("a", "ab cd")
    row["mentions"] = [
        {"target": "oic", "start": 1, "end": 2},
        {"target": "russia", "start": 3, "end": 5},
        {"target": "nato", "start": 0, "end": 5},  # which the model is not asked about
    ]
    examples = tokenize_examples([row], tasks_for(["russia", "oic"]), tokenizer, "q: ")
    assert examples.n_targets == 2
    pieces = [tokenizer.id_to_token(i) for i in examples.input_ids[0]]
    marked = [(pieces[token], target) for token, target in examples.mentions[0]]
    assert marked == [("b", 1), ("c", 0), ("d", 0)]


def test_a_task_without_a_label_is_masked_and_not_unrelated(split_row, tokenizer):
    rows = [
        split_row("a", "a", stances={"oic": "against"}, sentiment="positive"),
        split_row("b", "b", stances={"russia": "unrelated"}),
    ]
    examples = tokenize_examples(rows, tasks_for(["russia", "oic"]), tokenizer, "")
    assert examples.weights["stance"].tolist() == [[0, 1], [1, 0]]
    assert examples.labels["stance"].tolist() == [
        [[0.25] * 4, [0, 1, 0, 0]],
        [[0, 0, 0, 1], [0.25] * 4],
    ]
    assert examples.weights["sentiment"].tolist() == [[1], [0]]
    assert examples.labels["sentiment"][0].tolist() == [[0, 0, 1]]
    assert examples.labels["sentiment"][1, 0].tolist() == pytest.approx([1 / 3] * 3)


def test_soft_labels_and_weights_reach_the_tensors(split_row, tokenizer):
    row = split_row("a", "a", stances={"oic": "favor"})
    row["stances"][0] |= {"p_favor": 0.75, "p_neutral": 0.25, "weight": 0.5, "origin": "silver"}
    examples = tokenize_examples([row], tasks_for(["oic"]), tokenizer, "")
    assert examples.labels["stance"].tolist() == [[[0.75, 0, 0.25, 0]]]
    assert examples.weights["stance"].tolist() == [[0.5]]


def test_no_rows_keep_the_shapes(tokenizer):
    examples = tokenize_examples([], tasks_for(["russia", "oic"]), tokenizer, "")
    assert len(examples) == 0
    assert examples.labels["stance"].shape == (0, 2, 4)
    assert examples.labels["sentiment"].shape == (0, 1, 3)


def test_labels_of_a_row_go_by_their_task(split_row):
    found = labels_of(split_row("a", "a", stances={"oic": "favor"}, sentiment="negative"))
    assert {task: label["label"] for task, label in found.items()} == {
        "oic": "favor",
        "sentiment": "negative",
    }
    assert labels_of(split_row("a", "a")) == {}


def test_a_smaller_share_of_the_groups_is_contained_in_a_larger_one(split_row):
    rows = [split_row(str(i), "x", group_id=f"g{i // 2}") for i in range(20)]  # 10 groups of two
    quarter, half, whole = (
        [row["sentence_id"] for row in take_share(rows, fraction, np.random.default_rng(3))]
        for fraction in (0.25, 0.5, 1.0)
    )
    assert len(quarter) == 6  # a quarter of ten groups, rounded up
    assert len(half) == 10
    assert set(quarter) < set(half)
    assert whole == [row["sentence_id"] for row in rows]
    assert half == sorted(half, key=int)
