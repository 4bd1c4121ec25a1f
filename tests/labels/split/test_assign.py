import json
from collections import Counter

import numpy as np
import pytest

from labels.pipeline.errors import DataError
from labels.split.assign import assign_groups, assign_splits, read_fixed
from labels.split.settings import FixedSplits, SplitKind
from tests.labels.split.conftest import SIZES


def test_a_group_is_never_divided_and_rare_labels_reach_every_split(example):
    examples = []
    for number in range(10):
        for i in range(4):
            stance = ("favor", "against", "neutral", "neutral")[i]
            examples.append(example(f"{number}.{i}", f"g{number}", oic=stance))
    split_of = assign_groups(examples, SIZES, np.random.default_rng(1))
    assert set(split_of) == {f"g{number}" for number in range(10)}
    # ten equal groups go 6, 2, 2
    assert Counter(split_of.values()) == {"train": 6, "dev": 2, "test": 2}


def test_the_one_group_with_a_rare_label_goes_where_most_of_it_is_wanted(example):
    examples = [example(f"n{i}", f"g{i}", oic="neutral") for i in range(9)]
    examples.append(example("rare", "g9", russia="against"))
    for seed in range(5):
        assert assign_groups(examples, SIZES, np.random.default_rng(seed))["g9"] == "train"


def test_the_seed_decides_and_the_order_of_the_rows_does_not(example):
    examples = [example(str(i), f"g{i}", oic="favor") for i in range(20)]
    straight, turned, other_seed = (
        assign_groups(rows, SIZES, np.random.default_rng(seed))
        for rows, seed in ((examples, 1), (examples[::-1], 1), (examples, 2))
    )
    assert straight == turned
    assert straight != other_seed


def test_groups_without_gold_are_not_assigned_and_so_train(example, split_settings):
    examples = [example("s", "silver", origin="silver"), example("g", "gold")]
    assert set(assign_groups(examples, SIZES, np.random.default_rng(1))) == {"gold"}
    dev_alone = split_settings(sizes={"train": 0.0, "dev": 1.0, "test": 0.0})
    assign_splits(examples, dev_alone)
    assert [row["split"] for row in examples] == ["train", "dev"]


def test_a_fixed_split_goes_by_the_id_of_the_article(example, split_settings, files):
    examples = [example(key, "g") | {"article_id": key} for key in ("x", "y", "z")]
    fixed = FixedSplits(**files(train=[], test=[{"id": "y"}], dev=[{"id": "z"}]))
    assign_splits(examples, split_settings(kind=SplitKind.fixed, fixed=fixed))
    assert [row["split"] for row in examples] == ["train", "test", "dev"]


@pytest.fixture
def files(tmp_path):
    """Write a JSON-lines file for each split; a record is an object or the text of a line."""

    def write(**records):
        paths = {split: [tmp_path / f"{split}.jsonl"] for split in records}
        for split, of_split in records.items():
            lines = [line if isinstance(line, str) else json.dumps(line) for line in of_split]
            paths[split][0].write_text("\n".join(lines) + "\n", encoding="utf-8")
        return paths

    return write


def test_fixed_files_say_which_id_is_where(files):
    fixed = files(train=[{"id": 1}, {"id": "x"}], dev=[{"id": "y", "text": "Teks"}])
    assert read_fixed(fixed) == {"1": "train", "x": "train", "y": "dev"}


def test_a_split_may_have_several_files(files):
    fixed = files(train=[{"id": "x"}], dev=[{"id": "y"}])
    assert read_fixed({"train": [*fixed["train"], *fixed["dev"]]}) == {"x": "train", "y": "train"}


def test_an_id_in_two_splits_names_file_and_line(files):
    fixed = files(train=[{"id": "x"}], dev=[{"id": "y"}, {"id": "x"}])
    with pytest.raises(DataError, match=r"dev\.jsonl:2: id 'x' is in two splits"):
        read_fixed(fixed)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('{"text": "no id"}', "expected an object with an id, found text"),
        ('{"id": null}', "expected an object with an id, found id"),
        ("{}", "expected an object with an id, found no field"),
        ('{"id": ', "expected one JSON object"),
        ("[1]", "expected an object, found list"),
        ('"x"', "expected an object, found str"),
    ],
)
def test_a_line_without_an_id_names_file_and_line(files, line, found):
    with pytest.raises(DataError, match=rf"train\.jsonl:2: {found}"):
        read_fixed(files(train=[{"id": 1}, line]))


def test_blank_lines_are_passed_over(files):
    assert read_fixed(files(train=[{"id": 1}, "", {"id": 2}])) == {"1": "train", "2": "train"}
