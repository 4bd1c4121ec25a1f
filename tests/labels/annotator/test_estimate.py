import pytest

from labels.annotator.answers import AnswerForm
from labels.annotator.cache import Spent
from labels.annotator.estimate import (
    Budget,
    Rates,
    bytes_of,
    cost_of,
    estimate,
    rates_of,
    total_of,
)
from labels.annotator.prompt import Prompt
from labels.annotator.settings import OptionOrder
from labels.pipeline.schema import tasks_for

URL = "http://127.0.0.1:1/v1"


def test_bytes_are_those_of_utf_8_with_a_frame_for_each_message():
    assert bytes_of([{"role": "user", "content": "да"}, {"role": "user", "content": "a"}]) == 29


def test_work_is_estimated_by_language_request_and_rate(endpoint_settings):
    prompts = {"en": Prompt("x" * 276, (), {}), "ru": Prompt("x" * 576, (), {})}
    empty = 12 + len('{"texts": []}')  # of the last message
    settings = endpoint_settings(URL, "concurrency=2", "price_input=2.0", "price_output=10.0")
    found = estimate(
        {"en": (5, 1000), "ru": (1, 10)}, prompts, 2, settings, Rates(4.0, 20.0, 3.0, 9)
    )
    size = 3 * (276 + 12 + empty) + 1000 + (576 + 12 + empty) + 10
    assert (found.texts, found.requests) == (6, 4)
    assert found.prompt_tokens == -(-size // 4)
    assert found.answer_tokens == 120
    assert found.seconds == 6.0
    assert found.cost == pytest.approx((found.prompt_tokens * 2 + 120 * 10) / 1e6)
    twice = total_of([found, found])
    assert (twice.texts, twice.seconds, twice.cost) == (12, 12.0, pytest.approx(2 * found.cost))


def test_a_cost_without_prices_is_not_known(endpoint_settings):
    settings = endpoint_settings(URL, "price_input=null", "price_output=null")
    assert cost_of(settings, 1000, 1000) is None
    nothing = estimate({}, {}, 2, settings, Rates(3.0, 1.0, 1.0, 0))
    assert (nothing.texts, nothing.cost) == (0, None)
    assert total_of([nothing]).cost is None
    free = endpoint_settings(URL, "price_input=0", "price_output=0")
    assert cost_of(free, 1000, 1000) == 0


def test_rates_are_guessed_until_requests_were_made(endpoint_settings):
    settings = endpoint_settings(URL, "expected_seconds=4.0")
    form = AnswerForm(tasks_for(["russia"]), OptionOrder.defined)
    guessed = rates_of(settings, form, Spent(requests=0))
    assert (guessed.bytes_per_token, guessed.seconds, guessed.measured) == (3.0, 4.0, 0)
    assert 10 < guessed.answer_tokens < 30
    before = Spent(
        requests=2, texts=4, prompt_bytes=900, prompt_tokens=200, answer_tokens=60, seconds=3.0
    )
    assert rates_of(settings, form, before) == Rates(4.5, 15.0, 1.5, 2)


def test_a_budget_counts_what_is_set_aside():
    budget = Budget(100, 3.0)
    assert budget.reserve(60)
    assert not budget.reserve(50)
    budget.settle(60, Spent(prompt_tokens=15, answer_tokens=5))
    assert budget.spent == 20
    assert budget.reserve(80)
    assert not budget.reserve(1)
    budget.settle(80, None)
    assert budget.spent == 20
    assert budget.reserve(80)


def test_a_budget_learns_how_many_tokens_prompts_have():
    budget = Budget(None, 3.0)
    assert budget.tokens_of(301) == 101
    budget.settle(0, Spent(prompt_bytes=300, prompt_tokens=150))
    budget.settle(0, Spent(prompt_bytes=300, prompt_tokens=60))
    assert budget.tokens_of(301) == 151


def test_no_budget_is_no_limit():
    assert Budget(None, 3.0).reserve(10**12)
