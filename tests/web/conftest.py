"""A house to visit: a real SQLite file, a small curriculum, a clock that stands still."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from bridge.config import Config, Contact, MoodleSettings, Region, UnionSettings
from bridge.store.database import Database, open_database
from bridge.store.operations import runs
from bridge.web.app import create_app
from bridge.web.common.metrics import Metrics
from bridge.web.webhook.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from tests.support.databases import with_tables
from tests.web.sample_site import NOON as NOON
from tests.web.sample_site import PATH as PATH
from tests.web.sample_site import Clock as Clock
from tests.web.signed_in_users import SignedInUsers

SECRET = "a-secret-of-the-test"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stopped_time() -> Iterator[None]:
    """The system's clock stands still: rate limits use it, and a busy machine is slow."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_at(tmp_path)


def config_at(home: Path) -> Config:
    return Config(
        home=home,
        union=UnionSettings(name="Example <Union>"),
        regions={
            "north": Region(
                name="North",
                chair=Contact(name="The Chair", email="chair@union.example"),
                director=Contact(name="The Director", email="director@union.example"),
            ),
            "south": Region(
                name="South", chair=Contact(name="Other Chair", email="chair.south@union.example")
            ),
        },
        committee=("committee@union.example",),
        auditors=("auditor@union.example",),
        reviewers=("reviewer@union.example",),
        approvers=("approver@union.example",),
        payroll=("payroll@union.example",),
        grievance=("grievance@union.example",),
        moodle=MoodleSettings(url="https://moodle.example"),
        webhook_secret=SecretStr(SECRET),
    )


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with our tables; `api_world.url` tries PostgreSQL too."""
    with with_tables("sqlite", request, tmp_path) as address:
        yield address


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = open_database(url)
    yield database
    database.close()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def app(config: Config, database: Database, clock: Clock, metrics: Metrics) -> Flask:
    return create_app(config, database, [PATH], now=clock, metrics=metrics)


@pytest.fixture
def users(config: Config, database: Database, clock: Clock) -> SignedInUsers:
    """Everybody there is, in an application where forms need no token: guards are looked at."""
    return SignedInUsers(config, database, clock)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def pulled(database: Database, clock: Clock) -> Callable[..., None]:
    """Records that a pull ended now, well or not."""

    def pull(*, ok: bool = True) -> None:
        with database.transaction() as session:
            run = runs.start_run(session, "pull", "test", clock())
            runs.finish_run(session, run, ok, {}, clock())

    return pull


Send = Callable[..., TestResponse]


@pytest.fixture
def send(client: FlaskClient, clock: Clock) -> Send:
    """Posts to /hooks/members, signed unless told otherwise."""

    def post(
        body: object,
        *,
        secret: str = SECRET,
        timestamp: str = "",
        content_type: str = "application/json",
        headers: dict[str, str | None] | None = None,
    ) -> TestResponse:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = timestamp or str(int(clock().timestamp()))
        signature = sign(secret, int(sent), raw) if sent.isdecimal() else "v1=" + "0" * 64
        given = {TIMESTAMP_HEADER: sent, SIGNATURE_HEADER: signature, **(headers or {})}
        used = {name: value for name, value in given.items() if value is not None}
        return client.post("/hooks/members", data=raw, content_type=content_type, headers=used)

    return post
