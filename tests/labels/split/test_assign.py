import json
from collections import Counter

import numpy as np
import pytest

from labels.pipeline.errors import DataError
from labels.split.assign import (
    assign_by_date,
    assign_groups,
    assign_splits,
    latest_groups,
    read_fixed,
    unit_of,
)
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


def test_articles_and_outlets_are_dealt_whole_where_that_is_asked(example, split_settings):
    examples = [
        example(f"{i}.{j}", f"g{i}")
        | {"article_id": f"a{i}", "source": f"outlet {i // 4}" if i else None}
        for i in range(40)
        for j in range(2)
    ]
    for kind, column in ((SplitKind.article, "article_id"), (SplitKind.outlet, "source")):
        assign_splits(examples, split_settings(kind=kind))
        sides = {}
        for row in examples[2:]:  # the first article has no outlet
            sides.setdefault(row[column], set()).add(row["split"])
        assert all(len(found) == 1 for found in sides.values())
        assert set.union(*sides.values()) == set(SIZES)


def test_what_is_not_parted(example):
    row = example("s", "g") | {"article_id": "a", "source": "Gazette"}
    assert unit_of(row, SplitKind.grouped) == "g"
    assert unit_of(row, SplitKind.article) == "a"
    assert unit_of(row, SplitKind.outlet) == "outlet:Gazette"
    assert unit_of(row | {"source": None}, SplitKind.outlet) == "g"
    # where a record is a sentence
    assert unit_of(row | {"group_id": "article:x"}, SplitKind.article) == "article:x"


def test_the_oldest_train_and_a_day_is_not_divided(example):
    days = ["2024-01-05", "2024-01-01", "2024-01-02", "2024-01-02", "2024-01-03", None]
    rows = [example(str(i), f"g{i}") | {"published": day} for i, day in enumerate(days)]
    rows.append(example("copy", "g1") | {"published": "2024-01-04"})  # makes g1 as new as itself
    rows.append(example("silver", "g9", origin="silver") | {"published": "2024-02-01"})
    # six dated gold sentences: on the 2nd two, the 3rd one, the 4th two (g1), the 5th one
    found = assign_by_date(rows, {"train": 0.5, "dev": 0.3, "test": 0.2})
    assert found == {
        "g2": "train",
        "g3": "train",
        "g4": "train",
        "g1": "dev",  # 3 of 6 are earlier, half
        "g0": "test",  # 5 of 6
        "g9": "test",
    }
    assert assign_by_date([rows[5], rows[7]], SIZES) == {}  # no gold has a date


def test_the_newest_are_held_out_beside_what_is_dealt(example, split_settings):
    rows = [
        example(str(i), f"g{i}") | {"published": f"2024-01-{i + 1:02d}" if i < 20 else None}
        for i in range(30)
    ]
    assert latest_groups(rows, SIZES, 0.2) == {
        "g16": "dev",
        "g17": "dev",
        "g18": "test",
        "g19": "test",
    }
    assert latest_groups(rows, {"train": 1.0}, 0.2) == {}
    assign_splits(rows, split_settings(latest=0.2))
    splits = Counter(row["split"] for row in rows)
    # of the other 26 a fifth each, and two
    assert splits == {"train": 16, "dev": 7, "test": 7}
    newest = max(row["published"] or "" for row in rows if row["split"] == "train")
    assert newest < "2024-01-17"


def test_groups_without_a_date_have_no_split_by_date(example, split_settings):
    rows = [example("a", "g1"), example("b", "g2") | {"published": "2024-01-01"}]
    assign_splits(rows, split_settings(kind=SplitKind.time, sizes={"train": 0.0, "dev": 1.0}))
    assert [row["split"] for row in rows] == ["train", "dev"]  # the stage leaves the first out
