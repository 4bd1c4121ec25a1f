"""Who may ask, and how much: hosts, the secret, the size of a body, clients that hang up."""

import asyncio
import hmac
from collections.abc import Coroutine, Iterable
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from labels.pipeline.errors import ConfigError
from training.serve.errors import Problem, shown

T = TypeVar("T")

MEGABYTE = 1_000_000
_LEAST_SECRET = 16  # characters; a shorter one can be tried out
_DISCARDED = 64 * MEGABYTE  # of a body that is too large; who still sends could not read the answer


def read_secret(path: Path | None) -> bytes | None:
    """Read the secret that clients have to know.

    Raises:
        ConfigError: The file cannot be read, or its secret is short or cannot stand in a header.
    """
    if path is None:
        return None
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise ConfigError(f"token_file: {path}: cannot be read: {error.strerror}") from error
    if len(secret) < _LEAST_SECRET or not all(33 <= byte < 127 for byte in secret):
        raise ConfigError(
            f"token_file: {path}: expected at least {_LEAST_SECRET} letters, digits or signs of "
            "ASCII without a space, found something else"
        )
    return secret


class Guard:
    """Lets requests through that call the service by its name and know the secret, if it has one.

    A page of another site may have its own name lead to this machine (DNS rebinding); the browser
    then says that name.
    """

    def __init__(
        self,
        app: ASGIApp,
        allowed_hosts: Iterable[str],
        secret: bytes | None,
        open_paths: frozenset[str],
    ) -> None:
        """Stand before an app; ``open_paths`` hold nothing that has to be kept secret."""
        self._app = app
        self._allowed = {name.lower() for name in allowed_hosts}
        self._secret = secret
        self._open = open_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request or hand it on."""
        if scope["type"] == "http":
            headers = dict(scope["headers"])
            self._check_host(headers.get(b"host", b"").decode("latin-1"))
            if self._secret is not None and scope["path"] not in self._open:
                _check_secret(headers.get(b"authorization", b""), self._secret)
        await self._app(scope, receive, send)

    def _check_host(self, given: str) -> None:
        name = _without_port(given).lower()
        if name not in self._allowed and not _is_loopback(name):
            expected = "the name of this machine, or one of allowed_hosts"
            raise Problem(400, "wrong_host", f"Host: expected {expected}, found {shown(given)}")


def _without_port(host: str) -> str:
    if host.startswith("["):
        return "".join(host.partition("]")[:2])
    return host.partition(":")[0]


def _is_loopback(name: str) -> bool:
    if name in ("localhost", "[::1]"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:  # a name
        return False


def _check_secret(given: bytes, secret: bytes) -> None:
    scheme, _, token = given.partition(b" ")
    is_right = hmac.compare_digest(token.strip(), secret)
    if scheme.lower() != b"bearer" or not is_right:
        found = "another one" if given else "none"
        message = f"Authorization: expected Bearer and the secret of the service, found {found}"
        raise Problem(401, "wrong_token", message, {"WWW-Authenticate": "Bearer"})


async def read_body(request: Request, limit: int) -> bytes:
    """Read the JSON that a request sends, as far as it may be.

    Raises:
        Problem: It is too large, or is declared as something else.
        ClientDisconnect: The client hung up.
    """
    headers = request.headers
    kind = headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() != "application/json":
        # Not for order's sake alone: a browser lets pages of other sites send other types.
        found = shown(kind) if kind else "none"
        raise Problem(415, "wrong_type", f"Content-Type: expected application/json, found {found}")
    if (encoding := headers.get("content-encoding", "identity")).lower() != "identity":
        message = f"Content-Encoding: expected none, found {shown(encoding)}"
        raise Problem(415, "wrong_type", message)
    declared = headers.get("content-length", "")
    size = int(declared) if declared.isdecimal() and len(declared) < len(str(2**63)) else 0
    if size > limit and "expect" in headers:  # the client waits to be told to go on
        raise _too_large(limit, size)
    size, parts = 0, []
    async for chunk in request.stream():
        size += len(chunk)
        if size <= limit:
            parts.append(chunk)
        elif size > limit + _DISCARDED:
            break
    if size > limit:
        raise _too_large(limit, size)
    return b"".join(parts)


def _too_large(limit: int, size: int) -> Problem:
    message = f"body: expected at most {limit:,} bytes, found {size:,} or more"
    return Problem(413, "too_large", message)


async def unless_gone(request: Request, work: Coroutine[None, None, T]) -> T:
    """Wait for some work as long as the client does.

    Raises:
        ClientDisconnect: The client hung up; the work is cancelled.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
