from labels.people.answers import check_answers
from labels.people.doccano import read_doccano
from labels.people.items import write_lines
from tests.labels.people.conftest import QUESTIONS


def test_its_own_id_is_not_ours_and_labels_of_nobody_are_refused(tmp_path, items):
    row = {"id": 12, "text": items[0]["text"], "sentence_id": "a#0", "Comments": []}
    labels = ["russia:favor", "russia.holder:Moscow: the city", "urgent", "nato:favor"]
    write_lines(tmp_path / "anna.jsonl", [row | {"label": labels}])
    found = check_answers(read_doccano(tmp_path / "anna.jsonl", QUESTIONS, {}), items, QUESTIONS)
    assert [one["values"] for one in found.answers] == [
        {"russia": "favor", "russia.holder": "Moscow: the city"}
    ]
    assert [one.reject.reason for one in found.refused] == ["unknown_question"] * 2
    assert "found 'urgent'" in found.refused[0].reject.message


def test_two_labels_for_one_question_are_no_answer(tmp_path, items):
    row = {"text": items[0]["text"], "sentence_id": "a#0"}
    labels = ["russia:favor", "russia:against", "oic:neutral"]
    write_lines(tmp_path / "anna.jsonl", [row | {"label": labels}])
    found = check_answers(read_doccano(tmp_path / "anna.jsonl", QUESTIONS, {}), items, QUESTIONS)
    assert [one["values"] for one in found.answers] == [{"oic": "neutral"}]
    assert [one.reject.reason for one in found.refused] == ["several_answers"]
    assert "expected one answer, found 'favor' and 'against'" in found.refused[0].reject.message
