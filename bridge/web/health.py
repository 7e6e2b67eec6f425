"""For machines that watch: is the process alive, can it do its work, and in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST

from bridge.errors import StoreError
from bridge.web.common.services import Services
from bridge.web.common.status_snapshot import take_pulls

MISSED_RUNS = 5
"""How many pulls in a row may fail to come before the service counts as not ready."""


def blueprint(services: Services) -> Blueprint:
    """`/healthz`, `/readyz` and `/metrics`."""
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @pages.get("/readyz")
    def readyz() -> tuple[Response, int]:
        reasons = list(_obstacles(services))
        return jsonify(ready=not reasons, reasons=reasons), 503 if reasons else 200

    @pages.get("/metrics")
    def metrics() -> Response:
        return Response(services.metrics.exposition(), content_type=CONTENT_TYPE_LATEST)

    return pages


def missed_run_limit(services: Services) -> timedelta:
    """How old the last good pull may be before something is wrong."""
    return timedelta(seconds=MISSED_RUNS * services.config.service.pull_every)


def _obstacles(services: Services) -> Iterator[str]:
    """Why the service is not ready, in sentences that name no place and no person."""
    try:
        if not services.database.is_current():
            yield "The database's tables are out of date. Start the service again: it mends that."
            return
        age = take_pulls(services.database).age(services.now())
    except StoreError as error:
        yield f"The database cannot be used: {error.what} {error.todo}".strip()
        return
    if age is None:
        yield "Nothing has been read from Moodle yet."
    elif age > missed_run_limit(services):
        yield f"Moodle was last read {age.total_seconds():.0f} seconds ago; see the log."
