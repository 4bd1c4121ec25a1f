import asyncio

import pytest

pytest.importorskip("starlette", reason="needs the extra service")

from starlette.requests import ClientDisconnect, Request

from labels.pipeline.errors import ConfigError
from training.serve.errors import Problem
from training.serve.limits import read_body, read_secret, unless_gone

JSON = (b"content-type", b"application/json")


def request_of(*chunks, headers=(JSON,), then="http.disconnect"):
    """Make a request whose body comes in chunks; it counts those that were asked for."""
    waiting = [
        {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}
        for number, chunk in enumerate(chunks, 1)
    ]

    async def receive():
        if waiting:
            found.taken += 1
            return waiting.pop(0)
        if then is None:
            await asyncio.Event().wait()
        return {"type": then}

    scope = {"type": "http", "method": "POST", "path": "/", "headers": list(headers)}
    found = Request(scope, receive)
    found.taken = 0
    return found


def problem_of(request, limit):
    with pytest.raises(Problem) as caught:
        asyncio.run(read_body(request, limit))
    return caught.value.status, caught.value.message


def test_a_body_is_read_up_to_the_limit():
    assert asyncio.run(read_body(request_of(b"ab", b"cd"), 4)) == b"abcd"
    status, message = problem_of(request_of(b"ab", b"cde"), 4)
    assert status == 413
    assert message == "body: expected at most 4 bytes, found 5 or more"


def test_who_waits_to_be_told_to_send_is_told_not_to():
    headers = (JSON, (b"content-length", b"5"), (b"expect", b"100-continue"))
    request = request_of(b"abcde", headers=headers)
    assert problem_of(request, 4)[0] == 413
    assert request.taken == 0


def test_a_body_that_never_ends_is_not_read_to_its_end():
    request = request_of(*[b" " * 10_000_000] * 50)
    assert problem_of(request, 4)[0] == 413
    assert request.taken == 7  # 64 MB are dropped for those who read no answer before they are done


def test_a_wrong_length_is_no_failure():
    headers = (JSON, (b"content-length", "²".encode("latin-1")), (b"expect", b"100-continue"))
    assert asyncio.run(read_body(request_of(b"abcd", headers=headers), 4)) == b"abcd"


def test_a_client_that_hangs_up_while_it_sends_is_noticed():
    request = request_of(b"ab")

    async def half():
        await request.receive()
        await read_body(request, 4)

    with pytest.raises(ClientDisconnect):
        asyncio.run(half())


def test_work_that_nobody_waits_for_is_cancelled():
    ended = []

    async def work():
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    async def run():
        with pytest.raises(ClientDisconnect):
            await unless_gone(request_of(), work())
        await asyncio.sleep(0)

    asyncio.run(run())
    assert ended == ["cancelled"]


def test_work_is_awaited_as_long_as_the_client_waits():
    async def work():
        await asyncio.sleep(0)
        return 7

    assert asyncio.run(unless_gone(request_of(then=None), work())) == 7


def test_the_secret_is_what_the_file_holds(tmp_path):
    path = tmp_path / "secret"
    path.write_text("0123456789abcdef\n")
    assert read_secret(path) == b"0123456789abcdef"
    assert read_secret(None) is None


@pytest.mark.parametrize("content", ["", "short", "0123456789 abcdef", "ключключключключ"])
def test_a_secret_that_no_header_holds_or_that_is_short_is_refused(tmp_path, content):
    path = tmp_path / "secret"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match="token_file: .*expected at least 16"):
        read_secret(path)


def test_a_secret_without_a_file_is_a_wrong_setting(tmp_path):
    with pytest.raises(ConfigError, match="token_file: .*cannot be read"):
        read_secret(tmp_path / "none")
