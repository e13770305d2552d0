"""What whoever runs Baton can watch, in Prometheus' words; one registry for each process, none at import."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram, Info, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot import __version__
from bot.errors import BotError

KEPT_FOR = 5.0
"""Seconds for which the figures of the ledger are kept: whoever asks more often gets the same ones."""

ACK_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Slack waits three seconds for an ack."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What the ledger has still to send: rows by state and kind, and the seconds for which the oldest has waited."""

    rows: Sequence[tuple[str, str, int]]
    oldest_unsent: float


class Metrics:
    """Counts what this process does; `backlog` reads how much waits, and may raise `BotError`."""

    def __init__(self, backlog: Callable[[], Backlog]) -> None:
        self.registry = registry = CollectorRegistry()

        def count(name: str, what: str, *labels: str) -> Counter:
            return Counter(f"baton_{name}", what, labels, registry=registry)

        self._settled = count("deliveries", "Tries to send, by what became of the row", "kind", "state", "reason")
        self._retries = count("delivery_retries", "Rows that will be tried again", "kind")
        self._waits = count("rate_limit_waits", "Times that Slack asked to wait", "way")
        self._waited = count("rate_limit_wait_seconds", "Seconds that Slack asked to wait", "way")
        self._uncertain = count("deliveries_uncertain", "Messages of which nobody can tell whether they came", "kind")
        self._ticks = count("ticks", "Looks into the schedule")
        self._late = count("late_ticks", "Looks that came late")
        self._jobs = count("jobs", "Jobs of the schedule that were seen to")
        self._webhooks = count("webhooks", "Leads that were sent in, by what came of them", "result")
        self._refused = count("requests_refused", "Requests and connections that were not let in", "reason")
        self._errors = count("errors", "Lines of the log that tell of an error, by event", "event")
        self._acks = Histogram(
            "baton_ack_seconds", "From a request to its ack", ["command"], buckets=ACK_SECONDS, registry=registry
        )
        Info("baton_build", "The version that runs", registry=registry).info({"version": __version__})
        ProcessCollector(registry=registry)
        registry.register(_Gauges(backlog))

    def settled(self, kind: str, state: str, reason: str | None) -> None:
        """A try to send has ended, and left its row in `state`."""
        self._settled.labels(kind, state, reason or "").inc()
        if state in {"waiting", "unsure"}:
            self._retries.labels(kind).inc()

    def waits(self, way: str, seconds: float) -> None:
        """Slack wants a way of sending left alone for so many seconds."""
        self._waits.labels(way).inc()
        self._waited.labels(way).inc(seconds)

    def cannot_look(self, kind: str) -> None:
        """A message may have arrived, and nobody can tell."""
        self._uncertain.labels(kind).inc()

    def ticked(self, *, late: bool) -> None:
        """A tick is over."""
        self._ticks.inc()
        self._late.inc(late)

    def saw_to(self, jobs: int) -> None:
        """So many jobs were due."""
        self._jobs.inc(jobs)

    def delivered(self, result: str) -> None:
        """Somebody sent a lead in."""
        self._webhooks.labels(result).inc()

    def refused(self, reason: str) -> None:
        """A request or a connection was not let in."""
        self._refused.labels(reason).inc()

    def erred(self, event: str) -> None:
        """The log tells of an error."""
        self._errors.labels(event).inc()

    def acked(self, command: str, seconds: float) -> None:
        """A request was answered."""
        self._acks.labels(command).observe(seconds)

    def page(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self.registry)


class _Gauges(Collector):
    """The figures of the ledger, kept for a moment."""

    def __init__(self, backlog: Callable[[], Backlog]) -> None:
        self._backlog = backlog
        self._lock = threading.Lock()
        self._made_at = -KEPT_FOR
        self._kept: list[Metric] = []

    def collect(self) -> Iterator[Metric]:
        """The gauges; none while the database does not answer."""
        with self._lock:
            if time.monotonic() - self._made_at >= KEPT_FOR:
                try:
                    self._kept = _gauges(self._backlog())
                except BotError:
                    self._kept = []
                self._made_at = time.monotonic()
            yield from self._kept

    def describe(self) -> Iterator[Metric]:
        """Nothing is read while the registry is built."""
        return iter(())


def _gauges(backlog: Backlog) -> list[Metric]:
    rows = GaugeMetricFamily("baton_delivery_rows", "Rows that are still to be sent", labels=["state", "kind"])
    for state, kind, count in backlog.rows:
        rows.add_metric([state, kind], count)
    age = GaugeMetricFamily("baton_delivery_oldest_unsent_seconds", "How long the oldest unsent row has waited")
    age.add_metric([], backlog.oldest_unsent)
    return [rows, age]
