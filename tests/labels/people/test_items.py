import json

import pytest

from labels.people.items import questions_of, read_items, version_of, write_lines
from labels.pipeline.errors import DataError
from tests.labels.people.conftest import TASKS, item


def test_a_stance_has_a_holder_and_a_voice_and_a_sentiment_has_none():
    keys = [question.key for question in questions_of(TASKS)]
    assert keys == [
        "russia",
        "russia.holder",
        "russia.voice",
        "oic",
        "oic.holder",
        "oic.voice",
        "sentiment",
    ]


def test_the_version_is_that_of_the_words():
    assert version_of("Moscow  hailed\nit.") == version_of("Moscow hailed it.")
    assert version_of("Moscow hailed it.") != version_of("Moscow hailed them.")
    assert len(version_of("\ud800")) == 12  # half of a pair of code units


def test_what_is_written_is_read(tmp_path, items):
    items[1]["given"] = [{"annotator": "anna", "values": {"oic": "favor"}}]
    write_lines(tmp_path / "tasks.jsonl", items)
    assert read_items(tmp_path / "tasks.jsonl", TASKS) == items


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"text": "Other words."}, "text: expected that of version"),
        ({"version": None}, "version: expected a text, as make_tasks writes it, found None"),
        ({"ask": ["nato"]}, "ask: expected some of oic, russia, sentiment, found"),
        ({"ask": []}, "ask: expected some of"),
        ({"proposed": {"oic": 1}}, "proposed: expected labels by task"),
        ({"given": ["anna"]}, "given: expected annotators and their values"),
        ({"given": [{"annotator": "anna"}]}, "given: expected annotators and their values"),
    ],
)
def test_what_is_no_sentence_to_label_is_refused_with_its_place(tmp_path, changes, message):
    path = tmp_path / "tasks.jsonl"
    path.write_text(json.dumps(item("a", "Some words.") | changes), encoding="utf-8")
    with pytest.raises(DataError, match=f"tasks.jsonl:1: {message}"):
        read_items(path, TASKS)


def test_doubled_ids_are_refused_and_counted(tmp_path):
    write_lines(tmp_path / "tasks.jsonl", [item("a", "Some words.")] * 6)
    with pytest.raises(DataError) as caught:
        read_items(tmp_path / "tasks.jsonl", TASKS)
    assert "tasks.jsonl:2: id: expected each once, found 'a' again" in str(caught.value)
    assert str(caught.value).endswith("and 2 more")


def test_an_empty_file_is_told(tmp_path):
    (tmp_path / "tasks.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(DataError, match="expected sentences to label, found none"):
        read_items(tmp_path / "tasks.jsonl", TASKS)
