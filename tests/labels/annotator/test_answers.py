import json

import pytest

from labels.annotator.answers import AnswerForm, Problem, Reply
from labels.annotator.settings import OptionOrder
from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import tasks_for

GOOD = {"russia": "favor", "sentiment": "neutral"}


@pytest.fixture(scope="module")
def form():
    return AnswerForm(tasks_for(["russia"]), OptionOrder.defined)


def reply(content, finish="stop", refusal=None):
    return Reply(
        content=content,
        refusal=refusal,
        finish_reason=finish,
        prompt_tokens=1,
        answer_tokens=1,
        seconds=0.0,
    )


def answers(*entries):
    return json.dumps({"answers": entries})


def reasons(results):
    return [result.reason if isinstance(result, Problem) else "valid" for result in results]


def test_answers_are_put_to_their_texts_by_number(form):
    content = answers({"n": 2} | GOOD, {"n": 1} | GOOD | {"russia": "against"})
    first, second = form.read(reply(content), 2)
    assert first == {"russia": "against", "sentiment": "neutral"}
    assert second == GOOD


@pytest.mark.parametrize(
    "content",
    [
        "```json\n" + answers({"n": 1} | GOOD) + "\n```",
        "Here you are: " + answers({"n": 1} | GOOD) + " Anything else?",
        "<think>one {of} them is favor</think>" + answers({"n": 1} | GOOD),
        answers({"n": "1", "russia": " Favor", "sentiment": "NEUTRAL", "why": "praise"}),
    ],
)
def test_an_answer_with_trimmings_is_read(form, content):
    assert form.read(reply(content), 1) == [GOOD]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"n": 1} | GOOD | {"russia": "hostile"}, "wrong_label"),
        ({"n": 1} | GOOD | {"russia": None}, "wrong_label"),
        ({"n": 1} | GOOD | {"russia": ["favor"]}, "wrong_label"),
        ({"n": 1, "russia": "favor"}, "wrong_label"),
        ({"n": 3} | GOOD, "missing_answer"),
        ({"n": True} | GOOD, "missing_answer"),
        (GOOD, "missing_answer"),
        ("favor", "missing_answer"),
        (None, "missing_answer"),
    ],
)
def test_a_wrong_entry_is_a_problem_of_its_text_alone(form, entry, reason):
    assert reasons(form.read(reply(answers(entry, {"n": 2} | GOOD)), 2)) == [reason, "valid"]


def test_two_answers_must_be_the_same(form):
    twice = answers({"n": 1} | GOOD, {"n": 1} | GOOD)
    assert reasons(form.read(reply(twice), 1)) == ["valid"]
    differing = answers({"n": 1} | GOOD, {"n": 1} | GOOD | {"russia": "against"})
    assert reasons(form.read(reply(differing), 1)) == ["inconsistent_answer"]


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (reply('{"answers": [{"n": 1, "russia": "fav', finish="length"), "cut_answer"),
        (reply("", finish="length"), "cut_answer"),
        (reply('{"answers": [{"n": 1, "russia": "fav'), "broken_answer"),
        (reply('{"labels": []}'), "broken_answer"),
        (reply('{"answers": {"n": 1}}'), "broken_answer"),
        (reply("[]"), "broken_answer"),
        (reply("favor"), "broken_answer"),
        (reply(None), "broken_answer"),
        (reply(None, refusal="I cannot label this."), "refused"),
        (reply("Sorry.", finish="content_filter"), "refused"),
    ],
)
def test_an_answer_that_is_none_is_a_problem_of_every_text(form, sent, reason):
    assert reasons(form.read(sent, 2)) == [reason, reason]


def test_a_message_shows_what_was_found_and_is_short(form):
    (problem,) = form.read(reply(answers({"n": 1} | GOOD | {"russia": "x" * 9_999})), 1)
    assert problem.message.startswith("russia: Input should be 'favor'")
    assert "xxx" in problem.message
    assert len(problem.message) < 400


def test_the_schema_names_the_classes_in_the_order_asked_for_and_no_other_field():
    form = AnswerForm(tasks_for(["russia"]), OptionOrder.reversed)
    entry = form.schema["$defs"]["Answer"]
    stances = ["unrelated", "neutral", "against", "favor"]
    assert entry["properties"]["russia"]["enum"] == stances
    assert list(form.classes["russia"]) == stances
    assert entry["required"] == ["n", "russia", "sentiment"]
    assert entry["additionalProperties"] is form.schema["additionalProperties"] is False


def test_a_target_may_have_a_name_that_is_no_name_of_a_field():
    keys = ["copy", "gaza-ceasefire", "model_dump", "class"]
    form = AnswerForm(tasks_for(keys), OptionOrder.defined)
    labels = dict.fromkeys(keys, "favor") | {"sentiment": "neutral"}
    assert form.read(reply(answers({"n": 1} | labels)), 1) == [labels]
    with pytest.raises(ConfigError, match="expected another name than 'n'"):
        AnswerForm(tasks_for(["n"]), OptionOrder.defined)
