from labels.people.answers import Checked
from labels.people.settle import disagreements, gold_rows
from tests.labels.people.conftest import TASKS, answer

ANSWERS = [
    answer(
        "a#0", "anna", russia="favor", russia__holder="Moscow", russia__voice="event", oic="neutral"
    ),
    answer(
        "a#0", "boris", russia="favor", russia__holder="author", russia__voice="event", oic="favor"
    ),
    answer("b#0", "anna", oic="favor", sentiment="positive"),
]


def gold(items, checked, settled=(), least=1):
    rows = gold_rows(items, checked, settled, TASKS, least)
    return {row["id"]: row for row in rows}


def test_what_annotators_disagree_on_is_asked_again_and_nothing_else(items):
    (found,) = disagreements(items, Checked(answers=ANSWERS), [], TASKS)
    assert (found["id"], found["ask"]) == ("a#0", ["oic"])
    assert [one["annotator"] for one in found["given"]] == ["anna", "boris"]
    assert found["given"][1]["values"]["oic"] == "favor"
    assert found["version"] == items[0]["version"]


def test_what_is_settled_is_not_asked_again(items):
    settled = [answer("a#0", "clara", oic="neutral")]
    assert list(disagreements(items, Checked(answers=ANSWERS), settled, TASKS)) == []


def test_one_who_contradicts_themselves_disagrees(items):
    given = [{"annotator": "anna", "values": {"russia": one}} for one in ("favor", "against")]
    checked = Checked(contradictions={"a#1": given})
    (found,) = disagreements(items, checked, [], TASKS)
    assert (found["id"], found["ask"], found["given"]) == ("a#1", ["russia"], given)
    assert gold(items, checked) == {}


def test_gold_is_what_all_agree_on_with_what_they_agree_on_besides(items):
    found = gold(items, Checked(answers=ANSWERS))
    assert found["a#0"] == {
        "id": "a#0",
        "article_id": "a",
        "lang": "en",
        "text": "Moscow hailed the treaty.",
        "russia": "favor",
        "holder": {},
        "voice": {"russia": "event"},
        "annotator": "anna + boris",
    }
    assert found["b#0"]["annotator"] == "anna"
    assert set(gold(items, Checked(answers=ANSWERS), least=2)) == {"a#0"}


def test_who_settles_holds_against_all(items):
    settled = [answer("a#0", "clara", oic="against", oic__holder="Moscow")]
    row = gold(items, Checked(answers=ANSWERS), settled)["a#0"]
    assert (row["oic"], row["holder"], row["annotator"]) == (
        "against",
        {"oic": "Moscow"},
        "anna + boris + clara",
    )


def test_two_who_settle_otherwise_settle_nothing(items):
    settled = [answer("a#0", "clara", oic="against"), answer("a#0", "david", oic="favor")]
    assert "oic" not in gold(items, Checked(answers=ANSWERS), settled)["a#0"]
