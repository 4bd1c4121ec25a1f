import json

import pytest

from labels.targets import Mention
from training.inference.memory import Memory, Question


class Oracle:
    """A model whose answer says how many questions came before it."""

    def __init__(self):
        self.asked = []

    def __call__(self, sentences, batch_tokens, mentions, langs, abstain_risk):
        assert len(sentences) == len(mentions) == len(langs)
        before = len(self.asked)
        self.asked += sentences
        numbers = range(before, len(self.asked))
        return [{"stance": {}, "sentiment": {"label": str(n)}} for n in numbers]


def question(text, mentions=(), lang="en"):
    return Question(text, list(mentions), lang)


def told(answers):
    return [(answer.labels["sentiment"]["label"], answer.is_repeated) for answer in answers]


@pytest.fixture
def oracle():
    return Oracle()


def test_what_comes_again_is_answered_as_before_and_not_asked(oracle):
    memory = Memory(oracle, 64, None, most=10)
    assert told(memory.answer([question("a"), question("b"), question("a")])) == [
        ("0", False),
        ("1", False),
        ("0", True),
    ]
    assert told(memory.answer([question("b"), question("c")])) == [("1", True), ("2", False)]
    assert oracle.asked == ["a", "b", "c"]


def test_without_memory_everything_is_asked(oracle):
    memory = Memory(oracle, 64, None)
    assert told(memory.answer([question("a"), question("a")])) == [("0", False), ("1", False)]
    assert told(memory.answer([question("a")])) == [("2", False)]


@pytest.mark.parametrize(
    "other",
    [
        question("A"),
        question("a", lang="id"),
        question("a", [Mention("oic", 0, 1)]),
        question("a", [Mention("russia", 0, 2)]),
    ],
)
def test_another_text_language_or_mention_is_another_question(oracle, other):
    memory = Memory(oracle, 64, None, most=10)
    memory.answer([question("a", [Mention("russia", 0, 1)])])
    assert told(memory.answer([other])) == [("1", False)]


def test_the_answers_used_last_are_kept(oracle):
    memory = Memory(oracle, 64, None, most=2)
    for text in "abac":  # b is the one that was used longest ago
        memory.answer([question(text)])
    assert told(memory.answer([question("a")])) == [("0", True)]
    assert told(memory.answer([question("b")])) == [("3", False)]


def test_more_new_questions_at_once_than_are_remembered(oracle):
    memory = Memory(oracle, 64, None, most=1)
    assert told(memory.answer([question(text) for text in "abab"])) == [
        ("0", False),
        ("1", False),
        ("0", True),
        ("1", True),
    ]


def test_changing_a_record_changes_no_other(oracle):
    memory = Memory(oracle, 64, None, most=10)
    first, second = memory.answer([question("a"), question("a")])
    first.labels["sentiment"]["label"] = "changed"
    assert second.labels["sentiment"]["label"] == "0"
    assert told(memory.answer([question("a")])) == [("0", True)]


def test_half_of_a_surrogate_pair_is_a_question(oracle):
    memory = Memory(oracle, 64, None, most=10)
    assert told(memory.answer([question("\ud83d"), question("\ud83d")]))[1] == ("0", True)


@pytest.mark.parametrize("cut", range(1, 12))
def test_who_learns_what_another_answered_goes_on_as_that_one(oracle, cut):
    texts = "abcabdaecba"
    whole = Memory(oracle, 64, None, most=3)
    expected = [whole.answer([question(text)])[0] for text in texts]
    other = Oracle()
    other.asked = [answer for answer in expected[:cut] if not answer.is_repeated]
    memory = Memory(other, 64, None, most=3)
    memory.learn((found.key, json.dumps({"id": 1} | found.labels)) for found in expected[:cut])
    assert [memory.answer([question(text)])[0] for text in texts[cut:]] == expected[cut:]
