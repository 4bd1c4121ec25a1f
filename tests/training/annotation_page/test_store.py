import json

import pytest

from labels.people.answers import check_answers
from labels.people.formats import read_returned
from labels.people.items import version_of, write_lines
from labels.pipeline.errors import ConfigError, DataError
from tests.training.annotation_page.conftest import ARABIC, ITEMS, QUESTIONS
from training.annotation_page.store import LONGEST, Store
from training.serve.errors import Problem


@pytest.fixture
def store(tmp_path):
    found = Store(tmp_path / "answers", ITEMS, QUESTIONS)
    with found.opened():
        yield found


def test_an_answer_is_on_disk_at_once_and_in_the_order_of_the_round(store, tmp_path):
    assert store.keep("anna", "a#2", {"sentiment": "negative", "russia": "neutral"}) == 1
    assert store.keep("anna", "a#1", {"oic": "favor"}) == 2
    lines = (tmp_path / "answers" / "anna.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {
            "id": "a#1",
            "version": version_of(ARABIC),
            "annotator": "anna",
            "values": {"oic": "favor"},
        },
        {
            "id": "a#2",
            "version": ITEMS[2]["version"],
            "annotator": "anna",
            "values": {"russia": "neutral", "sentiment": "negative"},
        },
    ]


def test_a_later_answer_takes_the_place_of_the_earlier_and_none_takes_it_away(store):
    store.keep("anna", "a#1", {"oic": "favor"})
    store.keep("anna", "a#1", {"oic": "against"})
    assert store.of("anna") == {"a#1": {"oic": "against"}}
    assert store.keep("anna", "a#1", {}) == 0
    assert store.of("anna") == {}


def test_several_annotators_are_kept_apart_and_read_by_read_annotations(store, tmp_path):
    for name, label in (
        ("anna", "favor"),
        ("Борис Б.", "neutral"),
        ("a.b", "favor"),
    ):
        store.keep(name, "a#1", {"oic": label, "oic.holder": "المنظمة"})
    assert store.annotators() == ["a.b", "anna", "Борис Б."]
    rows = read_returned(tmp_path / "answers", QUESTIONS, {})
    found = check_answers(rows, ITEMS, QUESTIONS)
    assert found.refused == []
    assert {one["annotator"]: one["values"]["oic"] for one in found.answers} == {
        "a.b": "favor",
        "anna": "favor",
        "Борис Б.": "neutral",
    }


def test_a_round_is_taken_up_where_it_was_left(store, tmp_path):
    store.keep("anna", "a#1", {"oic": "favor"})
    again = Store(tmp_path / "answers", ITEMS, QUESTIONS)
    again._read(tmp_path / "answers" / "anna.jsonl")
    assert again.of("anna") == {"a#1": {"oic": "favor"}}


def test_answers_to_sentences_that_are_not_in_the_round_are_not_lost(tmp_path):
    other = {"id": "z#0", "version": "x", "annotator": "anna", "values": {"oic": "favor"}}
    write_lines(tmp_path / "anna.jsonl", [other])
    store = Store(tmp_path, ITEMS, QUESTIONS)
    with store.opened():
        assert store.of("anna") == {}
        assert store.keep("anna", "a#1", {"oic": "favor"}) == 1
    lines = (tmp_path / "anna.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[1]) == other


def test_two_pages_do_not_write_beside_each_other(store, tmp_path):
    other = Store(tmp_path / "answers", ITEMS, QUESTIONS)
    with pytest.raises(ConfigError, match="another page keeps its answers in"), other.opened():
        pass


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"id": "a#1", "version": "0", "annotator": "anna", "values": {}}, "an answer to version"),
        ({"id": "a#1", "annotator": "anna"}, "an answer of this page, found another row"),
    ],
)
def test_a_folder_of_something_else_is_refused(tmp_path, row, message):
    write_lines(tmp_path / "anna.jsonl", [row])
    store = Store(tmp_path, ITEMS, QUESTIONS)
    with pytest.raises(DataError, match=f"anna.jsonl:1: expected {message}"), store.opened():
        pass


@pytest.mark.parametrize("name", ["", " anna", "anna ", "../anna", "a/b", "-a", "a" * 41, "a\nb"])
def test_what_is_no_name_is_refused_and_reaches_no_file(store, tmp_path, name):
    with pytest.raises(Problem, match="annotator: expected 1 to 40 letters"):
        store.keep(name, "a#1", {"oic": "favor"})
    assert [path.name for path in (tmp_path / "answers").iterdir()] == [".lock"]


@pytest.mark.parametrize(
    ("sentence", "values", "message"),
    [
        ("z#0", {"oic": "favor"}, "id: expected a sentence of the round, found 'z#0'"),
        ("a#1", {"nato": "favor"}, "values: expected one of russia, .*, found 'nato'"),
        ("a#1", {"oic": "pro"}, "oic: expected favor|against"),
        ("a#1", {"oic.holder": " "}, f"oic.holder: expected 1 to {LONGEST} characters"),
        ("a#1", {"oic.holder": "x" * (LONGEST + 1)}, "found 501"),
    ],
)
def test_what_is_no_answer_is_refused_and_the_earlier_one_stays(store, sentence, values, message):
    store.keep("anna", "a#1", {"oic": "favor"})
    with pytest.raises(Problem, match=message):
        store.keep("anna", sentence, values)
    assert store.of("anna") == {"a#1": {"oic": "favor"}}


def test_an_answer_that_cannot_be_written_leaves_the_earlier_one(store, tmp_path, monkeypatch):
    store.keep("anna", "a#1", {"oic": "favor"})
    before = (tmp_path / "answers" / "anna.jsonl").read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OSError, match="No space left"):
        store.keep("anna", "a#1", {"oic": "against"})
    assert store.of("anna") == {"a#1": {"oic": "favor"}}
    assert (tmp_path / "answers" / "anna.jsonl").read_bytes() == before
