"""A union whose sessions are in the calendar of a Moodle, with the plugin and without it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bridge.curriculum.model import Curriculum
from bridge.curriculum.requirements.credited import Credited
from bridge.curriculum.topics import Topic
from bridge.foundations.feature import MoodleWork
from bridge.moodle.client.client import Moodle
from bridge.moodle.site.connection import connect
from bridge.sessions.moodle_calendar import sync
from bridge.sessions.moodle_calendar.status import moodle_status
from bridge.store.database import Database
from bridge.workflows.site_sync import apply
from tests.sessions.conftest import db as db
from tests.sessions.conftest import url as url
from tests.sessions.environment import Union
from tests.support.sample_curricula import curriculum, milestone, text
from tests.support.sandbox_server import SandboxServer, running_sandbox

HEARINGS, OTHER = Topic("hearings", text("Hearings")), Topic("other", text("Other"))
FIRST = replace(milestone("first"), requirements=(Credited("hearings", "session"),))
SECOND = replace(milestone("second"), requirements=(Credited("hearings", "led"),))
PATH = replace(curriculum(FIRST, SECOND), topics=(HEARINGS, OTHER))
COURSE = f"stewardpath:{PATH.key}:first"


@dataclass
class Calendar:
    """The calendar of a site, and the union whose sessions are in it."""

    union: Union
    site: SandboxServer
    companion: bool

    @property
    def save(self) -> str:
        """The function that makes an event."""
        if self.companion:
            return "local_stewardpath_save_event"
        return "core_calendar_create_calendar_events"

    def clock(self) -> datetime:
        return self.union.now

    @property
    def work(self) -> MoodleWork:
        return MoodleWork(self.union.db, self.union.config, tuple(self.union.curricula), self.clock)

    def sync(self, *, check: bool = False) -> dict[str, int]:
        with self.site.client() as moodle:
            counts = sync.sync(self.work, moodle, check=check)
        return {name: count for name, count in counts.items() if count}

    def break_off(self, function: str, kind: str = "close") -> None:
        """From now on, calls fail. With `close`, Moodle does what they say, but doesn't answer."""
        self.site.fail(kind, function, times=99)

    def events(self, course: str = COURSE) -> list[dict[str, Any]]:
        """The events in the calendar of a course."""
        columns = ("id", "name", "description", "timestart", "timeduration", "uuid")
        sql = f"SELECT e.{', e.'.join(columns)} FROM event e JOIN course c ON c.id = e.courseid"
        found = self.site.rows(f"{sql} WHERE c.idnumber = ? ORDER BY e.id", course)
        return [dict(zip(columns, row, strict=True)) for row in found]

    def status(self, number: int, *, over: bool = False) -> dict[str, str]:
        """Course -> state, as the committee sees it."""
        with self.union.db.reading() as session:
            found = moodle_status(
                session, self.union.session(number), self.union.curricula,
                self.union.config.service.url, "en", over=over,
            )  # fmt: skip
        return {each.course: each.state for each in found}

    def publish(self, path: Curriculum) -> None:
        self.union.curricula = (path,)
        with self.site.client() as moodle:
            apply(connect(moodle), path, max_share=1.0)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a site that has the courses."""
    file = tmp_path_factory.mktemp("published") / "moodle.db"
    with running_sandbox(file) as site, site.client() as client:
        apply(connect(client), PATH, max_share=1.0)
    return file


@pytest.fixture(params=["companion", "core"])
def calendar(
    request: pytest.FixtureRequest, db: Database, published: Path, tmp_path: Path
) -> Iterator[Calendar]:
    companion = request.param == "companion"
    file = Path(shutil.copy(published, tmp_path / "moodle.db"))
    with running_sandbox(file, companion=companion) as site:
        yield Calendar(Union(db, curricula=(PATH,)), site, companion)


@pytest.fixture
def client(calendar: Calendar) -> Iterator[Moodle]:
    with calendar.site.client() as moodle:
        yield moodle
