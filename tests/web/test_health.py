"""Health checks and metrics."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from bridge.config import Config
from bridge.store.database import Database, open_database
from bridge.web.app import create_app
from bridge.web.common.metrics import Metrics
from tests.web.public.test_home import populate

from .conftest import PATH, Clock

Pull = Callable[..., None]


def values(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """Every sample by its name and label values."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {
        (sample.name, *map(str, sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def test_healthz_is_always_ok(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_the_service_is_ready_while_moodle_is_down(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"ready": True, "reasons": [], "warnings": []}
    assert client.get("/jobsz").status_code == 503


def test_jobs_work_after_a_pull_and_for_a_few_intervals(
    client: FlaskClient, clock: Clock, pulled: Pull
) -> None:
    before = client.get("/jobsz")
    assert before.status_code == 503
    assert before.json == {"working": False, "reasons": ["Nothing has been read from Moodle yet."]}
    pulled()
    clock.forward(seconds=300)
    assert client.get("/jobsz").json == {"working": True, "reasons": []}
    clock.forward(seconds=1)
    late = client.get("/jobsz")
    assert late.status_code == 503
    assert late.json
    assert "301 seconds ago" in late.json["reasons"][0]


def test_a_failed_pull_is_not_counted_as_one(
    client: FlaskClient, clock: Clock, pulled: Pull
) -> None:
    pulled()
    clock.forward(seconds=301)
    pulled(ok=False)
    assert client.get("/jobsz").status_code == 503


@pytest.fixture
def unmigrated(config: Config, tmp_path: Path, clock: Clock) -> FlaskClient:
    empty = open_database(f"sqlite:///{tmp_path}/empty.db")
    app = create_app(config, empty, [PATH], now=clock, metrics=Metrics())
    empty.close()
    return app.test_client()


def test_missing_tables_are_reported_and_healthz_stays_ok(
    unmigrated: FlaskClient,
) -> None:
    answer = unmigrated.get("/readyz")
    assert answer.status_code == 503
    assert "Restart the service" in answer.text
    assert unmigrated.get("/healthz").status_code == 200
    assert values(unmigrated)["stewardpath_database_up",] == 0


def test_a_damaged_database_is_reported_without_its_path(
    config: Config, database: Database, clock: Clock, tmp_path: Path
) -> None:
    client = create_app(config, database, [PATH], now=clock, metrics=Metrics()).test_client()
    database.close()
    for file in tmp_path.glob("stewardpath.db*"):
        file.write_bytes(b"no database at all" * 100)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "not a database" in answer.text
    assert str(tmp_path) not in answer.text


def test_gauges_are_read_from_the_store(
    client: FlaskClient, database: Database, clock: Clock, pulled: Pull
) -> None:
    populate(database, 3)
    assert ("stewardpath_last_pull_age_seconds",) not in values(client)
    pulled()
    clock.forward(seconds=40)
    measured = values(client)
    assert measured["stewardpath_members",] == 3
    assert measured["stewardpath_awards", "a-path", "first"] == 3
    assert measured["stewardpath_deliveries", "mail", "owed"] == 2
    assert measured["stewardpath_deliveries", "mail", "failed"] == 1
    assert measured["stewardpath_last_pull_age_seconds",] == 40
    assert measured["stewardpath_last_pull_ok",] == 1
    pulled(ok=False)
    assert values(client)["stewardpath_last_pull_ok",] == 0


def test_calls_to_moodle_are_counted(client: FlaskClient, metrics: Metrics) -> None:
    metrics.moodle_call("core_course_get_courses", 0.2, "ok")
    metrics.moodle_call("core_course_get_courses", 0.4, "MoodleUnavailable")
    measured = values(client)
    name = "stewardpath_moodle_calls_total"
    assert measured[name, "core_course_get_courses", "ok"] == 1
    assert measured[name, "core_course_get_courses", "MoodleUnavailable"] == 1
    seconds = measured["stewardpath_moodle_call_seconds_sum", "core_course_get_courses"]
    assert seconds == pytest.approx(0.6)


def test_requests_are_counted_by_route(
    client: FlaskClient,
) -> None:
    client.get("/")
    for path in ("/one", "/two", "/three"):
        client.get(path)
    client.open("/", method="INVENTED")
    measured = values(client)
    name = "stewardpath_http_requests_total"
    assert measured[name, "GET", "/", "200"] == 1
    assert measured[name, "GET", "none", "404"] == 3
    assert [key for key in measured if "one" in key or "INVENTED" in key] == []


def test_two_apps_do_not_share_metrics(app: Flask, client: FlaskClient) -> None:
    client.get("/")
    assert b"stewardpath_http_requests_total{" not in Metrics().exposition()


def test_metrics_name_no_person(client: FlaskClient, database: Database) -> None:
    populate(database, 1)
    assert "member.example" not in client.get("/metrics").text
