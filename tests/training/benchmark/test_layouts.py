import json

import pytest

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.schema import Reject
from tests.training.benchmark.conftest import PUBLISHED
from training.benchmark.layouts import Layout, find_part, layout_of

JSON_LINES = Layout(
    files={"train": "train.jsonl", "dev": "dev.jsonl"},
    fields={"text": "text", "target": "who", "start": "start", "end": "end", "stance": "label"},
    labels={"stance": {"1": "favor", "-1": "against"}},
)
ROW = {"text": "Ann won", "who": "Ann", "start": 0, "end": 3, "label": 1}


def write(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("key", "stances", "sentiments"),
    [
        ("rusentne", ["favor", "neutral", "against"], [None] * 3),
        ("newsmtsc", ["favor", "against"], [None] * 2),
        ("mawqif", ["favor", "neutral"], ["positive", "neutral"]),
        ("ans", ["against", "favor"], [None] * 2),
        ("smsa", [None] * 2, ["positive", "negative"]),
        ("xlmt_ar", [None] * 2, ["positive", "negative"]),
    ],
)
def test_every_set_is_read_as_it_is_published(published, key, stances, sentiments):
    path, layout = published(key)
    assert layout.reads(path)
    records = list(layout.read(path))
    assert [record.stance for record in records] == stances
    assert [record.sentiment for record in records] == sentiments


def test_what_is_published_in_columns_is_the_text_without_its_quotation_marks(published):
    path, layout = published("rusentne")
    quoted = list(layout.read(path))[1]
    assert (quoted.text, quoted.target) == ('Газета "Луч" ругает мэра.', "Луч")
    assert quoted.text[slice(*quoted.span)] == "Луч"
    assert quoted.where == f"{path}:3"


def test_quotation_marks_stay_where_the_columns_have_none(published):
    path, layout = published("smsa")
    assert next(layout.read(path)).text == 'sop nya "enak"'


@pytest.mark.parametrize(
    ("change", "reason", "message"),
    [
        ({"text": "  "}, "no_text", "expected a text, found '  '"),
        ({"text": 7}, "no_text", "expected a text, found 7"),
        ({"label": 3}, "label", r"stance: expected 1\|-1, found 3"),
        ({"label": None}, "no_label", "expected a label, found none"),
        ({"start": "two"}, "span", "expected start and end as numbers, found 'two' to 3"),
    ],
)
def test_a_row_that_is_wrong_is_a_reject_that_says_why(tmp_path, change, reason, message):
    path = write(tmp_path / "train.jsonl", ROW, ROW | change, ROW)
    found = list(JSON_LINES.read(path))
    assert [isinstance(record, Reject) for record in found] == [False, True, False]
    assert found[1].reason == reason
    with pytest.raises(AssertionError, match=rf"train\.jsonl:2: {message}"):
        raise AssertionError(found[1].message)


def test_a_row_of_too_few_columns_is_a_reject(published):
    path, layout = published("ans")
    path.write_text("s1,s2,stance\na,b,agree\na,b\n", encoding="utf-8")
    assert [isinstance(record, Reject) for record in layout.read(path)] == [False, True]


def test_as_many_labels_as_lines(published):
    path, layout = published("xlmt_ar")
    path.with_name("train_labels.txt").write_text("2\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"train_labels\.txt: expected 2 labels.* found 1"):
        list(layout.read(path))


def test_a_part_is_looked_for_in_the_folder_and_in_the_sets_own(tmp_path):
    (tmp_path / "ours").mkdir()
    path = write(tmp_path / "ours" / "train.jsonl", ROW)
    assert find_part("ours", tmp_path, [JSON_LINES], "train")[0] == path
    assert find_part("ours", tmp_path / "ours", [JSON_LINES], "train")[0] == path
    with pytest.raises(ConfigError, match=r"data_dir: expected the dev part of ours in"):
        find_part("ours", tmp_path, [JSON_LINES], "dev")


def test_files_of_one_name_are_told_apart_by_their_columns(published, suite):
    path, _ = published("newsmtsc")
    layouts = [Layout.of(values) for values in suite("newsmtsc").layouts]
    assert find_part("newsmtsc", path.parent, layouts, "train") == (path, layouts[1])


def test_the_layout_of_a_test_file_is_that_of_its_columns(tmp_path, suite):
    layouts = [Layout.of(values) for values in suite("newsmtsc").layouts]
    common = {
        "text": "a",
        "target": "a",
        "target_start": 0,
        "target_end": 1,
        "sentiment": "neutral",
    }
    assert layout_of(write(tmp_path / "any name.jsonl", common), layouts) == layouts[0]
    with pytest.raises(ConfigError, match="test_file: expected the columns"):
        layout_of(write(tmp_path / "other.jsonl", {"a": 1}), layouts)
    with pytest.raises(ConfigError, match="test_file: expected a file"):
        layout_of(tmp_path / "none.jsonl", layouts)


def test_every_layout_but_the_common_one_has_a_sample_here(suite):
    for key, samples in PUBLISHED.items():
        assert set(samples) == set(range(1, len(suite(key).layouts)))
