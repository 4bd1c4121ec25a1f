"""What the service counts, as Prometheus reads it."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest

CONTENT_TYPE = "text/plain; version=1.0.0; charset=utf-8"  # of what `Counts.text` gives
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)


class Counts:
    """The metrics of one service; a registry of its own lets a process have several."""

    def __init__(self, model: Mapping[str, str]) -> None:
        """Begin at 0; ``model`` says what is served."""
        self._registry = registry = CollectorRegistry()
        Info("sikap_model", "What is served.", registry=registry).info(dict(model))
        self._requests = Counter(
            "sikap_requests",
            "Requests, by route and status; 499 is a client that hung up.",
            ["route", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "sikap_request_seconds",
            "Seconds from the first byte of a request to its answer.",
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._sentences = Counter(
            "sikap_sentences", "Sentences that were labelled.", registry=registry
        )
        self._rejects = Counter(
            "sikap_rejects", "Items without a record, by reason.", ["reason"], registry=registry
        )
        self._batch = Histogram(
            "sikap_batch_sentences",
            "Sentences that were labelled together.",
            buckets=_SIZES,
            registry=registry,
        )
        self._sharing = Histogram(
            "sikap_batch_requests",
            "Requests that shared a batch.",
            buckets=_SIZES,
            registry=registry,
        )
        self._labelling = Histogram(
            "sikap_batch_seconds",
            "Seconds that a batch took.",
            buckets=_SECONDS,
            registry=registry,
        )
        self.waiting = Gauge(
            "sikap_waiting_requests", "Requests that are read or labelled now.", registry=registry
        )

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def reject(self, reason: str) -> None:
        """Count an item without a record."""
        self._rejects.labels(reason).inc()

    def batch(self, requests: int, sentences: int, seconds: float) -> None:
        """Count what was labelled together."""
        self._sentences.inc(sentences)
        self._sharing.observe(requests)
        self._batch.observe(sentences)
        self._labelling.observe(seconds)

    def text(self) -> bytes:
        """Give all counts, in the text format."""
        return generate_latest(self._registry)
