import asyncio
import json
import subprocess
import sys

import pytest

from labels.annotator.endpoint import Endpoint, RequestFailed, read_key, sampling_of
from labels.annotator.prompt import document
from labels.pipeline.command import CONFIGS
from labels.pipeline.errors import ConfigError

KEY = "sk-secret-of-the-test"
MESSAGES = [{"role": "user", "content": document(["Rain fell."])}]
SCHEMA = {"type": "object"}


@pytest.fixture
def ask(endpoint_settings, server):
    """Send one request; return the reply."""

    def send(*more, key=None, attempt=0):
        async def run():
            async with Endpoint(endpoint_settings(server.url, *more), key) as endpoint:
                return await endpoint.ask(MESSAGES, SCHEMA, 1, attempt)

        return asyncio.run(run())

    return send


def test_a_reply_has_content_tokens_and_time(ask, server):
    server.pace = 0.2
    reply = ask()
    assert json.loads(reply.content)["answers"][0]["russia"] == "unrelated"
    assert (reply.prompt_tokens, reply.answer_tokens, reply.finish_reason) == (100, 10, "stop")
    assert 0.2 <= reply.seconds < 5


def test_a_request_holds_what_is_set(ask, server):
    ask("answer_tokens=50", "temperature=0.5", "seed=7", "extra={top_p: 0.9}", attempt=1)
    body = server.requests[0].body
    assert body["model"] == "tiny:1"
    assert (body["max_tokens"], body["temperature"], body["seed"]) == (50, 0.5, 8)
    assert body["top_p"] == 0.9
    form = body["response_format"]
    assert form["json_schema"] == {"name": "answers", "strict": True, "schema": SCHEMA}
    ask("structured=json_object", "limit_field=max_completion_tokens", "seed=null")
    body = server.requests[1].body
    assert body["response_format"] == {"type": "json_object"}
    assert "max_tokens" not in body
    assert "seed" not in body
    ask("structured=none", "temperature=null")
    assert not {"response_format", "temperature"} & server.requests[2].body.keys()


def test_a_rate_limit_is_waited_out_as_long_as_the_server_says(ask, server, act):
    server.script = [act(status=429, headers={"Retry-After": "1.2"})]
    ask("retries=2")
    first, second = server.requests
    assert 1.2 <= second.at - first.at < 4


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503])
def test_passing_errors_are_tried_again(ask, server, act, status):
    server.script = [act(status=status, headers={"Retry-After": "0.05"})]
    assert ask().content
    assert len(server.requests) == 2


def test_a_slow_answer_and_a_broken_connection_are_tried_again_with_backoff(ask, server, act):
    server.script = [act(wait=0.6), act(hang_up=True)]
    assert ask("timeout_seconds=0.3", "retries=2").content
    first, second, third = server.requests
    assert 0.3 + 0.3 < second.at - first.at  # the time-out, and half a second less the jitter
    assert 0.7 < third.at - second.at  # twice as long


def test_what_does_not_pass_fails_after_the_retries(ask, server, act):
    server.always = act(status=500, headers={"Retry-After": "0.05"})
    with pytest.raises(RequestFailed, match="HTTP 500") as caught:
        ask("retries=2")
    assert not caught.value.by_settings
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_what_settings_may_mend_is_not_tried_again(ask, server, act, status):
    server.always = act(status=status)
    with pytest.raises(RequestFailed, match=f"HTTP {status}") as caught:
        ask("retries=2", key=KEY)
    assert caught.value.by_settings
    assert len(server.requests) == 1
    assert KEY not in str(caught.value)
    assert "***" in str(caught.value)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("<html>Bad gateway</html>", {"Content-Type": "text/html"}),
        ('{"choices": [{"message"', {}),
        ('{"choices": []}', {}),
        ("null", {}),
        ('"hello"', {}),
        ('{"error": "overloaded"}', {}),
    ],
)
def test_a_body_that_is_no_completion_fails(ask, server, act, body, headers):
    server.always = act(body=body, headers=headers)
    with pytest.raises(RequestFailed):
        ask("retries=0")


def test_a_refusal_is_a_reply(ask, server, act):
    server.script = [act(refusal="I cannot help with that.")]
    assert ask().refusal == "I cannot help with that."


def test_a_server_that_does_not_count_tokens_is_understood(ask, server):
    server.tokens = None
    reply = ask()
    assert (reply.prompt_tokens, reply.answer_tokens) == (None, None)


def test_nobody_listening_fails_with_the_reason(endpoint_settings):
    async def run():
        settings = endpoint_settings("http://127.0.0.1:1/v1", "retries=0")
        async with Endpoint(settings, None) as endpoint:
            await endpoint.ask(MESSAGES, SCHEMA, 1, 0)

    with pytest.raises(RequestFailed, match="Connection error"):
        asyncio.run(run())


def test_the_key_comes_from_the_variable(endpoint_settings, monkeypatch):
    monkeypatch.setenv("SOME_KEY", f" {KEY}\n")
    url = "http://127.0.0.1:1/v1"
    assert read_key(endpoint_settings(url, "api_key_variable=SOME_KEY")) == KEY
    assert read_key(endpoint_settings(url, "api_key_variable=null")) is None
    monkeypatch.setenv("SOME_KEY", " ")
    with pytest.raises(ConfigError, match="variable SOME_KEY, which is not set"):
        read_key(endpoint_settings(url, "api_key_variable=SOME_KEY"))


def test_the_sampling_is_part_of_what_an_answer_hangs_on(endpoint_settings):
    url = "http://127.0.0.1:1/v1"
    base = sampling_of(endpoint_settings(url))
    for change in ("temperature=1.0", "seed=1", "structured=none", "extra={top_p: 0.1}"):
        assert sampling_of(endpoint_settings(url, change)) != base
    assert sampling_of(endpoint_settings(url, "concurrency=9", "price_input=3.0")) == base


@pytest.mark.parametrize("package", ["openai", "pydantic"])
def test_without_the_extra_it_is_said_what_to_install(package):
    code = f"import sys; sys.modules['{package}'] = None; import labels.annotator.stage"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CONFIGS.parent, capture_output=True, text=True
    )
    assert "the annotator needs: pip install --editable '.[train,annotate]'" in done.stderr
