import json
from xml.etree import ElementTree

import pytest

from labels.annotators.answers import check_answers
from labels.annotators.label_studio import config_xml, read_label_studio, write_label_studio
from labels.pipeline.errors import DataError
from tests.labels.annotators.conftest import QUESTIONS, item


def test_the_config_asks_every_question_and_escapes_what_stands_in_it():
    told = {"russia": 'Russia: <b>"the state"</b> & more'}
    view = ElementTree.fromstring(config_xml(QUESTIONS, told))
    assert [one.get("value") for one in view.findall("Header")][0] == told["russia"]
    choices = {one.get("name"): [c.get("value") for c in one] for one in view.iter("Choices")}
    assert choices["oic"] == ["favor", "against", "neutral", "unrelated"]
    assert choices["sentiment"] == ["negative", "neutral", "positive"]
    assert [one.get("name") for one in view.iter("TextArea")] == ["russia.holder", "oic.holder"]
    hidden = {one.get("whenTagName"): one.get("whenChoiceValue") for one in view.iter("View")}
    assert hidden["oic"] == "favor,against"
    assert {one.get("toName") for one in view.iter("Choices")} == {"text"}


def test_what_is_proposed_is_a_prediction_and_no_answer(tmp_path):
    path = tmp_path / "tasks.json"
    write_label_studio(path, [item("a#0", "Words.", proposed={"oic": "favor"})], QUESTIONS)
    (task,) = json.loads(path.read_text(encoding="utf-8"))
    (result,) = task["predictions"][0]["result"]
    assert result == {
        "id": "oic",
        "from_name": "oic",
        "to_name": "text",
        "type": "choices",
        "value": {"choices": ["favor"]},
    }
    assert list(read_label_studio(path, QUESTIONS, {})) == []


def exported(*annotations, **data):
    return [{"id": 31, "data": {"sentence_id": "a#0"} | data, "annotations": list(annotations)}]


def annotation(label, **fields):
    value = {"choices": [label]}
    result = {"from_name": "russia", "to_name": "text", "type": "choices", "value": value}
    return {"id": 5, "result": [result], "was_cancelled": False} | fields


def read(tmp_path, items, content, names=None):
    path = tmp_path / "export.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    rows = read_label_studio(path, QUESTIONS, names or {})
    return check_answers(rows, items, QUESTIONS)


def test_who_has_answered_is_a_number_an_address_or_a_name(tmp_path, items):
    people = [
        annotation("favor", completed_by=1),
        annotation("neutral", completed_by={"id": 2, "email": "boris@example.org"}),
        annotation("against", completed_by=3),
    ]
    found = read(tmp_path, items, exported(*people), {"1": "anna"})
    assert [one["annotator"] for one in found.answers] == ["3", "anna", "boris@example.org"]


def test_a_skipped_sentence_and_one_without_an_id_are_refused_and_an_empty_one_counted(
    tmp_path, items
):
    content = exported(annotation("favor", completed_by=1, was_cancelled=True))
    content += [{"id": 32, "data": {"text": "x"}, "annotations": []}]
    content += exported({"result": [], "completed_by": 2})
    found = read(tmp_path, items, content)
    assert [one.reject.reason for one in found.refused] == ["skipped_answer", "no_id"]
    assert (found.answers, found.asked) == ([], {"2": 1})


def test_the_short_kind_of_export_is_read_too(tmp_path, items):
    rows = [
        {"sentence_id": "a#0", "russia": "favor", "russia.holder": ["Moscow"], "annotator": 1},
        {"sentence_id": "a#1", "oic": {"choices": ["favor", "neutral"]}, "annotator": 1},
    ]
    found = read(tmp_path, items, rows, {"1": "anna"})
    assert [one["values"] for one in found.answers] == [
        {"russia": "favor", "russia.holder": "Moscow"}
    ]
    assert [one.reject.reason for one in found.refused] == ["several_answers"]


@pytest.mark.parametrize("content", ["[", '{"a": 1}', "[1]"])
def test_what_is_no_export_is_told(tmp_path, content):
    path = tmp_path / "export.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match="expected an export of Label Studio"):
        list(read_label_studio(path, QUESTIONS, {}))
