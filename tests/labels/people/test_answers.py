from labels.people.answers import check_answers
from labels.people.returned import Returned
from tests.labels.people.conftest import QUESTIONS


def row(key, annotator="anna", where="back.csv:2", version=None, text=None, **values):
    return Returned(
        where=where,
        id=key,
        version=version,
        text=text,
        annotator=annotator,
        values=values,
        row={"id": key},
    )


def reasons(found):
    return [one.reject.reason for one in found.refused]


def test_unknown_ids_other_versions_and_nobody_are_refused(items):
    rows = [
        row("z#9", russia="favor"),
        row("a#0", version="000000000000", russia="favor"),
        row("a#0", text="Moscow hailed the new treaty.", russia="favor"),
        row("a#0", annotator="", russia="favor"),
        row("a#0", text="Moscow  hailed the treaty.", russia="favor"),
    ]
    found = check_answers(rows, items, QUESTIONS)
    assert reasons(found) == ["unknown_id", "other_version", "other_version", "no_annotator"]
    assert "expected one of the 4 asked for, found 'z#9'" in found.refused[0].reject.message
    assert "read it with the tasks file that was handed out" in found.refused[1].reject.message
    assert [one["values"] for one in found.answers] == [{"russia": "favor"}]
    assert found.refused[0].row == {"id": "z#9"}


def test_an_unknown_question_is_refused_and_the_rest_of_the_row_taken(items):
    found = check_answers([row("a#0", nato="favor", oic="Neutral ")], items, QUESTIONS)
    assert reasons(found) == ["unknown_question"]
    assert [one["values"] for one in found.answers] == [{"oic": "neutral"}]


def test_who_labels_nothing_has_no_answer_and_is_counted(items):
    found = check_answers([row("a#0"), row("a#1")], items, QUESTIONS)
    assert (found.answers, found.refused, found.asked) == ([], [], {"anna": 2})


def test_doubles_that_agree_are_one_and_those_that_add_are_joined(items):
    rows = [
        row("a#0", russia="favor"),
        row("a#0", where="back.csv:9", russia="favor"),
        row("a#0", where="back.csv:10", oic="neutral"),
    ]
    found = check_answers(rows, items, QUESTIONS)
    assert reasons(found) == ["repeated_answer"]
    assert found.refused[0].reject.source == "back.csv:9"
    assert [one["values"] for one in found.answers] == [{"russia": "favor", "oic": "neutral"}]


def test_doubles_that_contradict_are_both_refused_and_kept_to_be_settled(items):
    rows = [
        row("a#0", russia="favor", oic="neutral"),
        row("a#0", where="back.csv:9", russia="against"),
        row("a#0", annotator="boris", russia="favor"),
    ]
    found = check_answers(rows, items, QUESTIONS)
    assert reasons(found) == ["contradicting_answer"] * 2
    assert "says another russia of 'a#0' at back.csv:9" in found.refused[0].reject.message
    assert [(one["annotator"], one["values"]) for one in found.answers] == [
        ("anna", {"oic": "neutral"}),
        ("boris", {"russia": "favor"}),
    ]
    assert found.contradictions == {
        "a#0": [
            {"annotator": "anna", "values": {"russia": "favor", "oic": "neutral"}},
            {"annotator": "anna", "values": {"russia": "against"}},
        ]
    }
