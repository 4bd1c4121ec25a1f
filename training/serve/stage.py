"""Listening on a port until told to stop: the contract of ``serve_model``."""

import math
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

try:
    import uvicorn

    from training.serve.app import build_app
except ModuleNotFoundError as error:
    needed = "the service needs: pip install --editable '.[serve,service]'"
    raise ModuleNotFoundError(f"{error}; {needed}") from error
from training.inference import StanceModel
from training.serve.limits import read_secret
from training.serve.logs import log, open_log
from training.serve.service import Service
from training.serve.settings import ServeSettings

_BACKLOG = 2048  # connections that wait to be taken
_LEAVING_SECONDS = 5  # beside those of a request: to write the answers


def serve_model(settings: ServeSettings) -> None:
    """Answer requests until SIGINT or SIGTERM, then those that were taken.

    Raises:
        ConfigError: The model is no export, or the secret cannot be read.
        DataError: A file of the export was changed.
        OSError: The address is not this machine's, or is taken.
    """
    secret = read_secret(settings.token_file)
    with _listen(settings.host, settings.port) as listener:
        service = Service(settings, StanceModel(settings.model, settings.threads, settings.variant))
        config = uvicorn.Config(
            build_app(service, secret),
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=math.ceil(settings.timeout_seconds) + _LEAVING_SECONDS,
        )
        open_log()
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        log(
            "listening",
            url=f"http://{shown}:{port}/",
            model=str(settings.model),
            export_hash=service.facts["export_hash"],
            variant=service.facts["variant"],
            asks_for_secret=secret is not None,
        )
        _Server(config).run(sockets=[listener])
    log("stopped")


def _listen(host: str, port: int) -> socket.socket:
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    return socket.create_server(address[:2], family=family, backlog=_BACKLOG)


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
