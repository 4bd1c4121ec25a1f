"""Join a Ray cluster, or start one on this machine."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from logging import ERROR
from typing import Any

from labels.pipeline.errors import ConfigError
from labels.pipeline.workers import n_cores

_KNOCKING = 30.0  # seconds until nobody is taken to listen
_TOKEN = "; a cluster that was started with a token needs it here too: see docs/scale.md"
_OBJECT_BYTES = 100_000_000  # shared memory of a cluster that is started here; little is sent


@contextmanager
def joined(address: str | None) -> Iterator[int]:
    """Join a Ray cluster, or start one on this machine; give the number of its cores.

    Args:
        address: ``host:port`` of its head, or ``auto``; None starts one, which ends with the block.

    Raises:
        ConfigError: No cluster answers there, it asks for a token that is not here, or Ray is not
            installed.
    """
    if address is not None and ":" in address:
        _knock(address)
    try:
        import ray  # heavy, and of an extra that few install
    except ModuleNotFoundError as error:
        raise ConfigError(
            "expected Ray, found none; pip install --constraint constraints.txt "
            "--editable '.[cluster]'"
        ) from error
    own: dict[str, Any] = {}
    if address is None:
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # or it reports to its makers
        own = {
            "num_cpus": n_cores(),
            "include_dashboard": False,
            "object_store_memory": _OBJECT_BYTES,
        }
    at_end = signal.getsignal(signal.SIGTERM)
    try:
        ray.init(address or "local", log_to_driver=False, logging_level=ERROR, **own)
    except (ConnectionError, ValueError, ray.exceptions.AuthenticationError) as error:
        raise _no_cluster(address, error, _TOKEN) from error
    try:
        signal.signal(signal.SIGTERM, at_end)  # Ray puts its own in the place, which prints a trace
        yield int(ray.cluster_resources().get("CPU", 0))
    finally:
        ray.shutdown()


def _knock(address: str) -> None:
    """Refuse an address at which nobody listens: Ray would go on asking for many minutes."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_KNOCKING).close()
    except (OSError, ValueError, OverflowError) as error:
        raise _no_cluster(address, error) from error


def _no_cluster(address: str | None, error: Exception, hint: str = "") -> ConfigError:
    return ConfigError(
        f"address: expected host:port of the head of a Ray cluster, auto, or null, got {address} "
        f"({error}){hint}"
    )
