"""For machines that watch: is the process alive, can it do its work, and in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST

from bridge.errors import StoreError
from bridge.web.collaborators import Collaborators
from bridge.web.snapshot import take_pulls

MISSED = 5
"""How many pulls in a row may fail to come before the service counts as not ready."""


def blueprint(house: Collaborators) -> Blueprint:
    """`/healthz`, `/readyz` and `/metrics`."""
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @pages.get("/readyz")
    def readyz() -> tuple[Response, int]:
        reasons = list(_obstacles(house))
        return jsonify(ready=not reasons, reasons=reasons), 503 if reasons else 200

    @pages.get("/metrics")
    def metrics() -> Response:
        return Response(house.metrics.exposition(), content_type=CONTENT_TYPE_LATEST)

    return pages


def patience(house: Collaborators) -> timedelta:
    """How old the last good pull may be before something is wrong."""
    return timedelta(seconds=MISSED * house.config.service.pull_every)


def _obstacles(house: Collaborators) -> Iterator[str]:
    """Why the service is not ready, in sentences that name no place and no person."""
    try:
        if not house.database.is_current():
            yield "The database's tables are out of date. Start the service again: it mends that."
            return
        age = take_pulls(house.database).age(house.now())
    except StoreError as error:
        yield f"The database cannot be used: {error.what} {error.todo}".strip()
        return
    if age is None:
        yield "Nothing has been read from Moodle yet."
    elif age > patience(house):
        yield f"Moodle was last read {age.total_seconds():.0f} seconds ago; see the log."
