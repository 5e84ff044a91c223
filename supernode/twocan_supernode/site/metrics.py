"""What Prometheus may count: each app has its own registry. No person and no secret is a label."""

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The counters, by what increments them."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = self._counter(
            "requests", "Requests answered.", "endpoint", "method", "status"
        )
        self._seconds = Histogram(
            "twocan_request_seconds",
            "From a request's first byte to its answer's last.",
            ("endpoint",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._codes = self._counter(
            "codes", "One-time codes, by what became of them.", "site", "outcome"
        )
        self._tokens = self._counter("tokens", "Tokens made, by what for.", "site", "kind")
        self._webhooks = self._counter(
            "webhooks", "Webhooks, by what became of them. Posted less done are pending.", "outcome"
        )
        self._away = self._counter("away", "Requests refused since something was away.", "what")

    def answered(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        self._requests.labels(endpoint, method, str(status)).inc()
        self._seconds.labels(endpoint).observe(seconds)

    def code(self, site: str, outcome: str) -> None:
        """``outcome``: issued, redeemed, or why it was refused: unknown, expired, used, deleted."""
        self._codes.labels(site, outcome).inc()

    def token(self, site: str, kind: str) -> None:
        """``kind``: page, phone or refreshed."""
        self._tokens.labels(site, kind).inc()

    def webhook(self, outcome: str) -> None:
        """``outcome``: posted, done (it was taken, or given up), put-off (it is tried again), or
        dropped (somebody's phone made up too many: they were never posted)."""
        self._webhooks.labels(outcome).inc()

    def away(self, what: str) -> None:
        """``what``: store or sessions."""
        self._away.labels(what).inc()

    def text(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self._registry)

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(f"twocan_{name}", words, labels, registry=self._registry)


@dataclass(frozen=True, slots=True)
class MetricsAccess:
    """Who may read them besides whoever is on this machine: everybody, or who has the token."""

    everybody: bool = False
    token: str | None = field(default=None, repr=False)


ONLY_HERE = MetricsAccess()
