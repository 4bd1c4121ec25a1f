import numpy as np
import pytest

from labels.label_model.vote_tables import read_votes
from labels.label_model.votes import ABSTAIN, NOT_ASKED
from labels.pipeline.errors import DataError
from labels.pipeline.schema import tasks_for
from labels.pipeline.tables import write_table

TASKS = tasks_for(["russia", "oic"])
FAVOR, AGAINST = 0, 1


def test_an_abstention_is_told_from_not_having_been_asked(index, votes_table):
    path = votes_table(
        "votes",
        ("s0", "russia", "criticised", "against"),
        ("s0", "oic", "criticised", None),
        ("s1", "sentiment", "one_sided", "positive"),
    )
    votes = read_votes([path], index(2), TASKS)
    np.testing.assert_array_equal(
        votes.columns["stance"]["criticised"], [[AGAINST, ABSTAIN], [NOT_ASKED, NOT_ASKED]]
    )
    np.testing.assert_array_equal(votes.columns["sentiment"]["one_sided"], [[NOT_ASKED], [2]])
    assert (votes.rejects, votes.reject_counts) == ([], {})


def test_tables_of_several_labellers_stand_side_by_side(index, votes_table):
    functions = votes_table("functions", ("s0", "russia", "criticised", "against"))
    person = votes_table("person", ("s0", "russia", "ada", "favor"), ("s1", "oic", "ada", None))
    votes = read_votes([functions, person], index(2), TASKS)
    assert sorted(votes.columns["stance"]) == ["ada", "criticised"]
    np.testing.assert_array_equal(
        votes.columns["stance"]["ada"], [[FAVOR, NOT_ASKED], [NOT_ASKED, ABSTAIN]]
    )
    other_way = read_votes([person, functions], index(2), TASKS)
    for name, column in votes.columns["stance"].items():
        np.testing.assert_array_equal(column, other_way.columns["stance"][name])


def test_one_labeller_may_answer_different_tasks_in_different_tables(index, votes_table):
    russia = votes_table("russia", ("s0", "russia", "ada", "favor"))
    oic = votes_table("oic", ("s0", "oic", "ada", "against"))
    votes = read_votes([russia, oic], index(1), TASKS)
    np.testing.assert_array_equal(votes.columns["stance"]["ada"], [[FAVOR, AGAINST]])


def test_a_labeller_of_the_same_name_in_two_tables_is_an_error_that_names_both(index, votes_table):
    monday = votes_table("monday", ("s0", "russia", "ada", "favor"))
    tuesday = votes_table("tuesday", ("s1", "russia", "ada", None))
    with pytest.raises(DataError) as caught:
        read_votes([monday, tuesday], index(2), TASKS)
    assert str(caught.value) == (
        f"votes: {monday} and {tuesday} both have votes of 'ada' on russia; "
        "expected another name in one of them"
    )


def test_votes_that_cannot_be_used_are_counted_and_the_first_is_shown(index, tmp_path):
    path = tmp_path / "votes.parquet"
    good = {"sentence_id": "s0", "task": "russia", "labeller": "ada"}
    good |= {"label": "favor", "abstained": False}
    bad = [
        {"task": "nato"},
        {"sentence_id": "s7"},
        {"sentence_id": "s8"},
        {"label": "pro"},
        {"label": None},
        {"abstained": True},
        {"labeller": ""},
        {},
    ]
    write_table(path, "votes", [good, *(good | change for change in bad)])
    votes = read_votes([path], index(1), TASKS)
    np.testing.assert_array_equal(votes.columns["stance"]["ada"], [[FAVOR, NOT_ASKED]])
    assert votes.reject_counts == {
        "duplicate_vote": 1,
        "no_labeller": 1,
        "unclear_vote": 2,
        "unknown_label": 1,
        "unknown_sentence": 2,
        "unknown_task": 1,
    }
    told = {reject.reason: reject.message for reject in votes.rejects}
    assert told["unknown_sentence"] == (
        f"{path} row 2: sentence_id: expected one of the sentences, found 's7' "
        "(the first of 2 such votes)"
    )
    assert (
        "row 1: task: expected one of russia, oic, sentiment, found 'nato'"
        in (told["unknown_task"])
    )
    assert "label: expected favor|against|neutral|unrelated, found 'pro'" in told["unknown_label"]
    assert "found label None and abstained False" in told["unclear_vote"]
    assert "'ada' has answered on 's0' and russia before" in told["duplicate_vote"]


def test_the_same_reasons_of_two_tables_are_added_up(index, votes_table):
    paths = [votes_table(name, ("s9", "russia", name, "favor")) for name in ("ada", "bob")]
    votes = read_votes(paths, index(1), TASKS)
    assert votes.reject_counts == {"unknown_sentence": 2}
    assert [reject.source for reject in votes.rejects] == [f"{path} row 0" for path in paths]
    assert votes.columns == {"stance": {}, "sentiment": {}}
