import json

import pytest

from labels.annotator.cache import open_cache
from labels.annotator.estimate import Budget
from labels.annotator.prompt import Prompts
from labels.annotator.run import Asker, Question, ask_all, batches, plan_work


class Meter:
    done = 0

    def advance(self, n=1):
        self.done += n


@pytest.fixture
def meter():
    return Meter()


@pytest.fixture
def asked(world, prompt_settings, endpoint_settings, server, meter):
    """Ask about sentences; return the outcome and the asker, whose cache is open."""
    caches = open_cache(world / "answers.sqlite")
    cache = caches.__enter__()

    def run(sentences, *more, attempts=2, budget=None, batch=2):
        settings = endpoint_settings(server.url, *more)
        asker = Asker(settings, Prompts(prompt_settings(f"batch={batch}")), cache)
        _, rates = plan_work(asker, sentences, settings)
        left = Budget(budget, rates.bytes_per_token)
        outcome = ask_all(asker, lambda: sentences, settings, None, left, attempts, meter)
        return outcome, asker

    yield run
    caches.__exit__(None, None, None)


def english(n):
    return [("en", f"Norland condemned Russia, time {number}.") for number in range(n)]


def test_batches_are_of_one_language_and_none_is_lost():
    questions = [Question("en" if number % 3 else "ru", "x", str(number)) for number in range(10)]
    made = list(batches(questions, 3))
    assert [len(batch) for batch in made] == [3, 3, 3, 1]
    assert all(len({question.lang for question in batch}) == 1 for batch in made)
    keys = sorted(question.key for batch in made for question in batch)
    assert keys == sorted(str(number) for number in range(10))


def test_no_more_requests_are_under_way_than_allowed(asked, server, meter):
    server.pace = 0.05
    outcome, _ = asked(english(24), "concurrency=3")
    assert server.most_under_way == 3
    assert outcome.requests == 12
    assert meter.done == 24
    assert (outcome.prompt_tokens, outcome.answer_tokens) == (1200, 120)


def test_a_text_that_stands_there_twice_is_asked_about_once(asked, server):
    outcome, asker = asked(english(2) + english(2))
    assert outcome.requests == 1
    assert asker.answer(*english(1)[0])["russia"] == "against"
    assert len(server.requests[0].texts) == 2


def test_who_has_no_valid_answer_is_asked_about_again_alone_with_another_seed(asked, server, act):
    def first_alone(texts):
        labels = {"russia": "favor", "oic": "neutral", "gaza_ceasefire": "neutral"}
        return json.dumps({"answers": [{"n": 1, "sentiment": "neutral"} | labels]})

    server.script = [act(content=first_alone)]
    outcome, asker = asked(english(3), "concurrency=1", batch=3)
    assert outcome.problems == {}
    assert [len(request.texts) for request in server.requests] == [3, 1, 1]
    seeds = [request.body["seed"] for request in server.requests]
    assert seeds[1] == seeds[2] == seeds[0] + 1
    assert asker.answer(*english(1)[0])["russia"] == "favor"


def test_who_never_has_a_valid_answer_is_a_problem_and_not_kept(asked, server, act):
    server.always = act(content="I would rather not.")
    outcome, asker = asked(english(3), attempts=3)
    assert {problem.reason for problem in outcome.problems.values()} == {"broken_answer"}
    assert len(outcome.problems) == 3
    assert outcome.requests == 2 + 3 + 3
    assert asker.answer(*english(1)[0]) is None


def test_a_spent_budget_leaves_questions_that_are_no_problems(asked, server, act):
    server.tokens = (2000, 10)
    server.always = act(content="{}")
    outcome, _ = asked(english(9), "concurrency=1", "answer_tokens=16", budget=5000)
    assert outcome.stopped
    assert outcome.problems == {}  # of the first two a second attempt was still to come
    assert outcome.prompt_tokens + outcome.answer_tokens <= 5000


def test_tokens_that_the_server_does_not_count_are_estimated(asked, server):
    server.tokens = None
    outcome, asker = asked(english(1))
    prompt = asker.prompts.for_language("en")
    size = sum(len(m["content"].encode()) + 12 for m in prompt.messages([english(1)[0][1]]))
    assert outcome.prompt_tokens == -(-size // 3)
    assert outcome.answer_tokens > 20
    assert not asker.cache.spent("tiny:1", [prompt.fingerprint]).is_counted


def test_a_plan_rests_on_what_was_measured(asked, server, endpoint_settings):
    settings = endpoint_settings(server.url, "expected_seconds=7.0", "concurrency=2")
    _, asker = asked(english(4))
    guess, _ = plan_work(asker, [("ru", "Дождь.")] * 3, settings)
    assert (guess.texts, guess.requests, guess.seconds, guess.measured) == (1, 1, 7.0, 0)
    known, rates = plan_work(asker, english(10), settings)
    assert (known.texts, known.requests, known.measured) == (6, 3, 2)
    assert known.prompt_tokens == pytest.approx(300, abs=10)
    assert known.answer_tokens == 30
    assert known.seconds == pytest.approx(2 * rates.seconds)
