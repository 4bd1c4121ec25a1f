"""A server that listens, answers and ends as asked, and the headers that all answers have."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

_BACKLOG = 2048  # connections that wait to be taken
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    b"content-security-policy": _POLICY.encode("ascii"),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-resource-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cache-control": b"no-store",
}


def listen(host: str, port: int) -> socket.socket:
    """Listen on a port; 0 is any that is free.

    Raises:
        OSError: The address is not this machine's, or is taken.
    """
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    # Connections take this over. Else the body of an answer waits until its head is acknowledged.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def address_of(listener: socket.socket) -> str:
    """Give the address that a browser opens."""
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"


def serve(app: ASGIApp, listener: socket.socket, leaving_seconds: int) -> None:
    """Answer requests until SIGINT or SIGTERM, then those that were taken, as long as that takes.

    Args:
        app: What answers.
        listener: Where requests come in.
        leaving_seconds: After which those that are left get no answer.
    """
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=leaving_seconds,
    )
    _Server(config).run(sockets=[listener])


class _Server(uvicorn.Server):
    """A server that ends as asked, and not by the signal that asked it to."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at a signal; at the second SIGINT without an answer to those who wait."""
        taken = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in taken}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
