"""Listening on a port until told to stop: the contract of ``serve_model``."""

import math

try:
    from training.serve.app import build_app
    from training.serve.server import address_of, listen, serve
except ModuleNotFoundError as error:
    needed = "the service needs: pip install --editable '.[serve,service]'"
    raise ModuleNotFoundError(f"{error}; {needed}") from error
from training.inference import open_model
from training.serve.limits import read_secret
from training.serve.logs import log, open_log
from training.serve.service import Service
from training.serve.settings import ServeSettings

_LEAVING_SECONDS = 5  # beside those of a request: to write the answers


def serve_model(settings: ServeSettings) -> None:
    """Answer requests until SIGINT or SIGTERM, then those that were taken.

    Raises:
        ConfigError: The model is no export, or the secret cannot be read.
        DataError: A file of the export was changed.
        OSError: The address is not this machine's, or is taken.
    """
    secret = read_secret(settings.token_file)
    with listen(settings.host, settings.port) as listener:
        service = Service(settings, open_model(settings.model, settings.threads, settings.variant))
        app = build_app(service, secret)
        open_log()
        log(
            "listening",
            url=address_of(listener),
            model=str(settings.model),
            export_hash=service.facts["export_hash"],
            variant=service.facts["variant"],
            asks_for_secret=secret is not None,
        )
        serve(app, listener, math.ceil(settings.timeout_seconds) + _LEAVING_SECONDS)
    log("stopped")
