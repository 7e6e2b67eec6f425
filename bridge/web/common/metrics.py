"""Metrics for Prometheus: counters kept here, and gauges read from the store on request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bridge.errors import StoreError
from bridge.store.database import Database
from bridge.web.common.status_snapshot import StatusSnapshot, take_snapshot

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
"""HTTP methods with their own label. Others count as `other`, so they can't create time series."""


class Metrics:
    """Metrics in their own registry. Pass `moodle_call` to the Moodle client as its observer."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "stewardpath_http_requests",
            "HTTP requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._request_seconds = Histogram(
            "stewardpath_http_request_seconds",
            "Time to answer an HTTP request.",
            ("route",),
            registry=self.registry,
        )
        self._calls = Counter(
            "stewardpath_moodle_calls",
            "Calls to Moodle.",
            ("function", "outcome"),
            registry=self.registry,
        )
        self._call_seconds = Histogram(
            "stewardpath_moodle_call_seconds",
            "Time until Moodle answered.",
            ("function",),
            registry=self.registry,
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one response. `route` is the matched rule, never the requested path."""
        named = method if method in METHODS else "other"
        self._requests.labels(named, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def moodle_call(self, function: str, seconds: float, outcome: str) -> None:
        """Count one call; `outcome` is `ok` or the name of the error."""
        self._calls.labels(function, outcome).inc()
        self._call_seconds.labels(function).observe(seconds)

    def watch(self, database: Database, now: Callable[[], datetime]) -> None:
        """Add gauges that read the store each time the metrics are requested."""
        self.registry.register(StoreCollector(database, now))

    def exposition(self) -> bytes:
        """All metrics in the Prometheus text format."""
        return generate_latest(self.registry)


class StoreCollector(Collector):
    """Gauges from one snapshot. If the store can't be read, `database_up` is 0."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def describe(self) -> Iterable[Metric]:
        """Nothing: the metrics are known only after reading the store."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Read the store."""
        try:
            snapshot = take_snapshot(self._database)
        except StoreError:
            yield _gauge("database_up", "Whether the database can be read.", 0)
            return
        yield _gauge("database_up", "Whether the database can be read.", 1)
        yield from self._statistics(snapshot)
        yield from self._pull(snapshot)

    def _statistics(self, snapshot: StatusSnapshot) -> Iterator[Metric]:
        """Empty before the first count."""
        if snapshot.counted_at is None:
            return
        age = max(self._now() - snapshot.counted_at, timedelta())
        what = "Seconds since members, awards and deliveries were counted."
        yield _gauge("figures_age_seconds", what, age.total_seconds())
        yield _gauge("members", "Members known.", snapshot.members)
        yield _labelled(
            "awards", "Milestones awarded.", ("curriculum", "milestone"), snapshot.awards.items()
        )
        yield _labelled("deliveries", "Deliveries.", ("kind", "state"), snapshot.deliveries.items())
        often = (((kind,), n) for kind, n in snapshot.retried_often.items())
        what = "Deliveries that are still retried after many tries."
        yield _labelled("deliveries_retried_often", what, ("kind",), often)
        what = "Where Moodle differs from what was delivered, for a person to decide."
        yield _gauge("moodle_differences", what, snapshot.differences)

    def _pull(self, snapshot: StatusSnapshot) -> Iterator[Metric]:
        yield _gauge(
            "last_pull_ok", "Whether the newest pull went well.", int(not snapshot.pull_failed)
        )
        age = snapshot.age(self._now())
        if age is not None:
            what = "Seconds since the last pull that went well."
            yield _gauge("last_pull_age_seconds", what, age.total_seconds())


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"stewardpath_{name}", what, value=value)


def _labelled(
    name: str,
    what: str,
    labels: tuple[str, ...],
    values: Iterable[tuple[tuple[str, ...], int]],
) -> Metric:
    family = GaugeMetricFamily(f"stewardpath_{name}", what, labels=labels)
    for key, value in values:
        family.add_metric(key, value)
    return family
