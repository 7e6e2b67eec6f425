"""Health checks and metrics: `/healthz`, `/readyz`, `/jobsz` and `/metrics`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hmac import compare_digest

from flask import Blueprint, Response, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from bridge.errors import StoreError
from bridge.store.statistics import job_health
from bridge.web.common.local_requests import is_local
from bridge.web.common.services import Services, curricula_have_errors
from bridge.web.common.status_snapshot import take_pulls

MISSED_RUNS = 5
"""The jobs don't work after this many missed pulls in a row."""


def blueprint(services: Services) -> Blueprint:
    """`/healthz`, `/readyz`, `/jobsz` and `/metrics`."""
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @pages.get("/readyz")
    def readyz() -> tuple[Response, int]:
        reasons = list(_reasons_not_ready(services))
        warnings = list(_warnings(services))
        return jsonify(
            ready=not reasons, reasons=reasons, warnings=warnings
        ), 503 if reasons else 200

    @pages.get("/jobsz")
    def jobsz() -> tuple[Response, int]:
        reasons = list(_reasons_jobs_fail(services))
        return jsonify(working=not reasons, reasons=reasons), 503 if reasons else 200

    @pages.get("/metrics")
    def metrics() -> Response:
        _require_metrics_reader(services)
        return Response(services.metrics.exposition(), content_type=CONTENT_TYPE_LATEST)

    return pages


def _require_metrics_reader(services: Services) -> None:
    """Raises Unauthorized without the token. Without one, only this machine may read metrics."""
    token = services.config.metrics_token
    if token is None and is_local(services.config):
        return
    sent = request.authorization
    given = sent.token if sent and sent.type == "bearer" else None
    if token is None or not compare_digest(
        (given or "").encode(), token.get_secret_value().encode()
    ):
        raise Unauthorized(
            "Set STEWARDPATH_METRICS_TOKEN and send it as a bearer token.",
            www_authenticate=WWWAuthenticate("bearer"),
        )


def missed_run_limit(services: Services) -> timedelta:
    """Maximum age of the last successful pull of a healthy service."""
    return timedelta(seconds=MISSED_RUNS * services.config.service.pull_every)


def _reasons_not_ready(services: Services) -> Iterator[str]:
    """Why the service can't answer visitors. The texts name no server and no person."""
    try:
        if not services.database.is_current():
            yield "The database schema is out of date. Restart the service to migrate it."
    except StoreError as error:
        yield _unavailable(error)


def _warnings(services: Services) -> Iterator[str]:
    """What somebody should correct although the service can answer."""
    if curricula_have_errors(services):
        yield "A curriculum file has errors: the last valid version is in use."


def _reasons_jobs_fail(services: Services) -> Iterator[str]:
    """Why the jobs achieve nothing: pulls are late, or deliveries or emails have failed long."""
    now = services.now()
    since = now - timedelta(seconds=services.config.service.alert_after)
    try:
        age = take_pulls(services.database).age(now)
        with services.database.reading() as session:
            failing = job_health.problems(session, since)
    except StoreError as error:
        yield _unavailable(error)
        return
    if age is None:
        yield "Nothing has been read from Moodle yet."
    elif age > missed_run_limit(services):
        yield f"Moodle was last read {age.total_seconds():.0f} seconds ago; see the log."
    if "deliver" in failing:
        yield "Changes in Moodle have failed for a while; see `stewardpath status`."
    if "email" in failing:
        yield "Emails have failed for a while; see `stewardpath status`."


def _unavailable(error: StoreError) -> str:
    return f"The database is unavailable: {error.what} {error.todo}".strip()
