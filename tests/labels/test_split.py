import json
from collections import Counter

import numpy as np
import pytest

from labels.config import SplitConfig, SplitKind
from labels.errors import ConfigError, DataError
from labels.split import assign_groups, drop_leaks, join_examples, read_fixed, split_examples
from labels.tables import read_table, write_table

LONG = "The ministers of nine states met in the old harbour town on Tuesday"  # 13 words
SHARES = {"train": 0.6, "dev": 0.2, "test": 0.2}


def settings(**changes):
    values = {
        "articles": "",
        "sentences": "",
        "labels": "",
        "output": "",
        "kind": SplitKind.grouped,
        "shares": SHARES,
        "fixed": {},
        "gold_weight": 1.0,
        "silver_weight": 0.3,
        "min_silver_confidence": 0.6,
        "ngram_words": 5,
        "max_shared": 0.5,
        "seed": 1,
    }
    return SplitConfig(**values | changes)


def label(sentence, target="oic", stance="favor", origin="gold", share=1.0):
    rest = (1 - share) / 3
    names = ("favor", "against", "neutral", "unrelated")
    return {f"p_{name}": share if name == stance else rest for name in names} | {
        "sentence_id": sentence,
        "target": target,
        "label": stance,
        "origin": origin,
        "annotator": "person",
        "holder": None,
        "voice": None,
    }


def tone(sentence, name="neutral", origin="gold", share=1.0):
    rest = (1 - share) / 2
    names = ("negative", "neutral", "positive")
    return {f"p_{one}": share if one == name else rest for one in names} | {
        "sentence_id": sentence,
        "label": name,
        "origin": origin,
        "annotator": "person",
    }


def article(key, group):
    empty = dict.fromkeys(("title", "published", "url", "source"))
    return {"article_id": key, "text": "", "lang": "en", "group_id": group, "blocks": []} | empty


def sentence(key, article_id, text):
    place = {"index": 0, "kind": "body", "field": "text", "start": 0, "end": len(text)}
    return {"sentence_id": key, "article_id": article_id, "text": text, "lang": "en"} | place


def join(labels, tones=(), **changes):
    sentences = [sentence(key, "a", f"Text {key}") for key in ("s1", "s2", "s3")]
    return join_examples([article("a", "g")], sentences, labels, list(tones), settings(**changes))


def test_silver_below_the_confidence_is_left_out_and_the_rest_weighs_less():
    found = join(
        [
            label("s1", "oic", origin="silver", share=0.59),
            label("s1", "russia", origin="silver", share=0.61),
            label("s2", "oic", origin="silver", share=0.5),
            label("s3", "oic", share=0.4),  # gold stays, whatever its share
        ]
    )
    assert [row["sentence_id"] for row in found] == ["s1", "s3"]
    assert [(s["target"], s["weight"]) for s in found[0]["stances"]] == [("russia", 0.3)]
    assert found[1]["stances"][0]["weight"] == 1.0


def test_no_silver_weight_leaves_all_silver_out():
    assert join([label("s1", origin="silver")], silver_weight=0.0) == []


def test_a_sentence_with_a_sentiment_alone_is_an_example_with_masked_targets():
    (found,) = join([], [tone("s2", "positive")])
    assert (found["sentence_id"], found["stances"]) == ("s2", [])
    assert (found["sentiment"]["label"], found["sentiment"]["p_positive"]) == ("positive", 1.0)


def example(split_row, key, group, split="train", text=None, origin="gold", **stances):
    row = split_row(key, text or f"word{key} " * 3, split, stances or {"oic": "neutral"})
    for stance in row["stances"]:
        stance["origin"] = origin
    return row | {"group_id": group}


def test_a_group_is_never_divided_and_rare_labels_reach_every_split(split_row):
    examples = []
    for number in range(10):
        for i in range(4):
            stance = ("favor", "against", "neutral", "neutral")[i]
            examples.append(example(split_row, f"{number}.{i}", f"g{number}", oic=stance))
    parts = assign_groups(examples, SHARES, np.random.default_rng(1))
    assert set(parts) == {f"g{number}" for number in range(10)}
    # ten equal groups go 6, 2, 2
    assert Counter(parts.values()) == {"train": 6, "dev": 2, "test": 2}


def test_the_one_group_with_a_rare_label_goes_where_most_of_it_is_wanted(split_row):
    examples = [example(split_row, f"n{i}", f"g{i}", oic="neutral") for i in range(9)]
    examples.append(example(split_row, "rare", "g9", russia="against"))
    for seed in range(5):
        parts = assign_groups(examples, SHARES, np.random.default_rng(seed))
        assert parts["g9"] == "train"


def test_the_seed_decides_and_the_order_of_the_rows_does_not(split_row):
    examples = [example(split_row, str(i), f"g{i}", oic="favor") for i in range(20)]
    one, turned = (
        assign_groups(rows, SHARES, np.random.default_rng(1)) for rows in (examples, examples[::-1])
    )
    assert one == turned
    assert one != assign_groups(examples, SHARES, np.random.default_rng(2))


def test_groups_without_gold_are_not_assigned_and_so_train(split_row):
    examples = [example(split_row, "s", "silver", origin="silver"), example(split_row, "g", "gold")]
    assert set(assign_groups(examples, SHARES, np.random.default_rng(1))) == {"gold"}


def test_only_gold_is_held_out(split_row):
    rows = [
        example(split_row, "a", "g1", "dev"),
        example(split_row, "b", "g1", "dev", origin="silver"),
        example(split_row, "c", "g2", "test", origin="silver"),
        example(split_row, "d", "g3", "train", origin="silver"),
    ]
    result = drop_leaks(rows, 5, 0.5)
    assert [row["sentence_id"] for row in result.rows] == ["a", "d"]
    assert result.dropped == {"held_out_without_gold": 2}


def test_train_gives_way_to_dev_and_dev_to_test(split_row):
    # 7 of its 9 5-grams stay when the last two words change
    changed = LONG.replace("on Tuesday", "last Friday")
    rows = [
        example(split_row, "train", "g1", "train", LONG.upper()),
        example(split_row, "dev", "g2", "dev", changed),
        example(split_row, "test", "g3", "test", LONG),
        example(split_row, "other", "g4", "train", "Nothing of the kind was ever said by anyone"),
    ]
    result = drop_leaks(rows, 5, 0.5)
    assert [row["sentence_id"] for row in result.rows] == ["test", "other"]
    assert result.dropped == {"dev_overlaps_held_out": 1, "train_overlaps_held_out": 1}


def test_a_short_sentence_leaks_when_it_is_the_same(split_row):
    rows = [
        example(split_row, "a", "g1", "train", "Rain fell."),
        example(split_row, "b", "g1", "train", "Rain fell again."),
        example(split_row, "c", "g2", "dev", "RAIN FELL"),
    ]
    assert [row["sentence_id"] for row in drop_leaks(rows, 5, 0.5).rows] == ["b", "c"]


def test_equal_sentences_inside_one_split_stay(split_row):
    rows = [example(split_row, key, "g", "train", LONG) for key in "ab"]
    rows += [example(split_row, key, "h", "dev", "Rain fell.") for key in "cd"]
    assert len(drop_leaks(rows, 5, 0.5).rows) == 4


@pytest.fixture
def files(tmp_path):
    """Write JSON-lines files with one record per id given."""

    def write(**ids):
        for name, records in ids.items():
            lines = [one if isinstance(one, str) else json.dumps(one) for one in records]
            (tmp_path / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return {name: [str(tmp_path / f"{name}.jsonl")] for name in ids}

    return write


def test_fixed_files_say_which_id_is_where(files):
    fixed = files(train=[{"id": 1}, {"id": "x"}], dev=[{"id": "y", "text": "Teks"}])
    assert read_fixed(fixed) == {"1": "train", "x": "train", "y": "dev"}


def test_an_id_in_two_splits_names_file_and_line(files):
    fixed = files(train=[{"id": "x"}], dev=[{"id": "y"}, {"id": "x"}])
    with pytest.raises(DataError, match=r"dev\.jsonl:2: id 'x' is in two splits"):
        read_fixed(fixed)


@pytest.mark.parametrize("line", ['{"text": "no id"}', '{"id": ', "[1]", '"x"'])
def test_a_line_without_an_id_names_file_and_line(files, line):
    with pytest.raises(DataError, match=r"train\.jsonl:2: expected a JSON object with an id"):
        read_fixed(files(train=[{"id": 1}, line]))


def test_blank_lines_are_passed_over(files):
    assert read_fixed(files(train=[{"id": 1}, "", {"id": 2}])) == {"1": "train", "2": "train"}


@pytest.fixture
def stage(tmp_path):
    """Run the stage on articles given as (article, group, sentences); all gold."""

    def run(articles, labels=None, **changes):
        sentences = [
            sentence(f"{key}#{i}", key, text)
            for key, _, texts in articles
            for i, text in enumerate(texts)
        ]
        if labels is None:
            labels = [label(row["sentence_id"]) for row in sentences]
        write_table(tmp_path / "a", "articles", [article(key, group) for key, group, _ in articles])
        write_table(tmp_path / "s", "sentences", sentences)
        write_table(tmp_path / "labels.parquet", "labels", labels)
        write_table(tmp_path / "sentiments.parquet", "sentiments", [])
        paths = {"articles": "a", "sentences": "s", "labels": "", "output": "out"}
        places = {name: str(tmp_path / value) for name, value in paths.items()}
        split_examples(settings(**places | changes))
        rows = read_table(tmp_path / "out" / "splits.parquet", "splits")
        report = json.loads((tmp_path / "out" / "split.json").read_text(encoding="utf-8"))
        return rows, report

    return run


def test_near_duplicates_stay_on_one_side(stage):
    articles = [
        (f"a{i}", f"g{i // 2}", [f"alpha{i} beta{i}", f"gamma{i} delta{i}"]) for i in range(20)
    ]
    rows, report = stage(articles)
    sides = {}
    for row in rows:
        sides.setdefault(row["group_id"], set()).add(row["split"])
    assert all(len(found) == 1 for found in sides.values())
    assert len(sides) == 10
    assert report["groups_in_two_splits"] == 0
    assert {name: part["groups"] for name, part in report["splits"].items()} == {
        "train": 6,
        "dev": 2,
        "test": 2,
    }
    assert report["splits"]["dev"]["labels"] == {"oic favor": 8}


def test_a_fixed_split_follows_the_files_and_the_rest_trains(stage, files):
    articles = [("x", "g", ["Xenon"]), ("y", "g", ["Yttrium"]), ("z", "h", ["Zinc"])]
    fixed = files(train=[{"id": "x"}], dev=[{"id": "y"}])
    rows, report = stage(articles, kind=SplitKind.fixed, fixed=fixed)
    assert {row["article_id"]: row["split"] for row in rows} == {
        "x": "train",
        "y": "dev",
        "z": "train",
    }
    assert report["groups_in_two_splits"] == 1  # the files divide group g; the report says so


def test_no_gold_for_dev_is_an_error_with_the_count(stage):
    silver = [label("x#0", origin="silver"), label("y#0", origin="silver")]
    with pytest.raises(DataError, match=r"no example for dev \(of 2 labelled sentences"):
        stage([("x", "g", ["One"]), ("y", "h", ["Two"])], labels=silver)


def test_wrong_settings_are_all_named():
    with pytest.raises(ConfigError) as caught:
        settings(shares={"train": 0.5, "held": 0.2}, max_shared=0.0, silver_weight=-1.0)
    message = str(caught.value)
    for part in ("shares: expected ['dev'", "sum of 1, got 0.7", "max_shared", "silver_weight"):
        assert part in message
    with pytest.raises(ConfigError, match=r"fixed: no file none\.jsonl"):
        settings(kind=SplitKind.fixed, fixed={"dev": ["none.jsonl"]})
