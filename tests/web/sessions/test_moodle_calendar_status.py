"""The committee sees on the session's page whether Moodle's calendar has it, and why not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.config import Config
from bridge.curriculum.requirements.credited import Credited
from bridge.errors import MoodleMisconfigured
from bridge.messages import Message
from bridge.sessions.moodle_calendar.event_text import event_of, fingerprint
from bridge.sessions.moodle_calendar.tables import MoodleEvent
from bridge.store.database import Database
from tests.web.sample_site import PATH, Clock
from tests.web.signed_in_users import SignedInUsers

from .conftest import TOPICS
from .schedule import live_session, schedule

FIRST = PATH.milestones[0]
REQUIRED = replace(FIRST, requirements=(Credited("hearings", "session"),))
SHELF = [replace(PATH, topics=TOPICS, milestones=(REQUIRED, *PATH.milestones[1:]))]
COURSE = f"stewardpath:{PATH.key}:{FIRST.key}"
NO_COURSE = MoodleMisconfigured(
    Message("the course %(name)s is not in Moodle yet.", name=COURSE),
    todo=Message("Publish the curriculum to Moodle."),
)


@pytest.fixture
def users(config: Config, database: Database, clock: Clock) -> SignedInUsers:
    with_zone = config.model_copy(update={"timezone": "America/Toronto"})
    return SignedInUsers(with_zone, database, clock, shelf=SHELF)


def page(users: SignedInUsers, number: int) -> str:
    return users.client("committee").get(f"/committee/sessions/{number}").text


def store(users: SignedInUsers, number: int, **values: object) -> None:
    row = {"event_id": None, "fingerprint": "", "attempts": 0, "problem": {}} | values
    with users.database.transaction() as session:
        session.merge(MoodleEvent(session_id=number, course=COURSE, tried_at=users.clock(), **row))


def test_from_waiting_to_there_and_gone(users: SignedInUsers) -> None:
    number = schedule(users)
    title = FIRST.title.pick("en")
    assert f"<dd>{title}: will be added or updated in the next minutes" in page(users, number)
    store(users, number, attempts=3, problem=NO_COURSE.as_data())
    shown = page(users, number)
    assert f"<dd>{title}: not up to date; tried again automatically." in shown
    assert "is not in Moodle yet. Publish the curriculum to Moodle." in shown
    address = users.config.service.url
    right = fingerprint(event_of(live_session(users, number), SHELF, address))
    store(users, number, fingerprint=right, event_id=7)
    assert f"<dd>{title}: in the calendar" in page(users, number)
    users.client("committee").post(f"/committee/sessions/{number}/cancel")
    assert f"<dd>{title}: will be removed in the next minutes" in page(users, number)


def test_why_moodle_does_not_have_it(users: SignedInUsers) -> None:
    draft = schedule(users, opened=False)
    assert "Not in it: it has only sessions that are open." in page(users, draft)
    other = schedule(users, topic="a-path/evening/")
    assert "Not in it: no milestone requires this session." in page(users, other)
