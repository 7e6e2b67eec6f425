"""A house to visit: a real SQLite file, a small curriculum, a clock that stands still."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from bridge.config import Config, Contact, MoodleSettings, Region, UnionSettings
from bridge.curriculum.model import (
    Course,
    Curriculum,
    Entry,
    HasRole,
    Link,
    Milestone,
    Page,
    Quiz,
    Section,
    Text,
)
from bridge.store import runs
from bridge.store.database import Database, open_database
from bridge.web import Metrics, create_app
from bridge.web.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign

SECRET = "a-secret-of-the-test"
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Clock:
    """Tells the time it was set to."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        self.time += timedelta(**by)


def english(text: str) -> Text:
    return Text((("en", text),))


COURSE = Course(
    (
        Section(
            key="begin",
            title=english("Where to begin"),
            activities=(
                Page("read-me", english("Read me"), english("A **page** to read.")),
                Link("a-link", english("A link"), "https://union.example/agreement"),
                Quiz("a-quiz", english("A quiz"), ()),
            ),
        ),
    )
)


def milestone(key: str, title: str, after: tuple[str, ...] = ()) -> Milestone:
    return Milestone(
        key=key,
        title=Text((("en", title), ("fr", f"{title} (fr)"))),
        audience="members",
        access="open",
        summary=Text((("en", "Read **this**."), ("fr", "Lisez **ceci**."))),
        expectations=(Text((("en", "Knows <b>whom</b> to ask"),)),),
        entry=Entry(after=after),
        course=COURSE,
        requirements=(HasRole("steward"),),
    )


PATH = Curriculum(
    key="a-path",
    title=Text((("en", "A Path & More"), ("fr", "Un parcours"))),
    languages=("en", "fr"),
    milestones=(milestone("first", "First"), milestone("second", "Second", ("first",))),
    revision="0" * 64,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        home=tmp_path,
        union=UnionSettings(name="Example <Union>"),
        regions={
            "north": Region(
                name="North",
                chair=Contact(name="The Chair", email="chair@union.example"),
                director=Contact(name="The Director", email="director@union.example"),
            ),
            "south": Region(name="South"),
        },
        moodle=MoodleSettings(url="https://moodle.example"),
        webhook_secret=SecretStr(SECRET),
    )


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/stewardpath.db")
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def app(config: Config, database: Database, clock: Clock, metrics: Metrics) -> Flask:
    return create_app(config, database, [PATH], now=clock, metrics=metrics)


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
