"""The demo's sessions: every state, whenever it starts, with credits and no late deadlines."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bridge.cli.demo.command import MEMBERS, demo_regions
from bridge.cli.demo.schedule import SCHEDULE, THURSDAY, TONI, thursday
from bridge.cli.demo.sessions import schedule_sessions
from bridge.config import Config
from bridge.curriculum.library.folders import files_of
from bridge.curriculum.model import Curriculum
from bridge.curriculum.reader import read_text
from bridge.foundations.deadlines.schedule import PENDING
from bridge.foundations.deadlines.tables import Deadline
from bridge.resources import resource
from bridge.sessions.live_sessions import status, taken_seats
from bridge.sessions.notices import thanks
from bridge.sessions.tables import LiveSession, Registration
from bridge.store.database import Database
from bridge.store.tables.learning import Credit
from bridge.store.tables.members import Member
from bridge.workflows.signup import sign_up

NOW = datetime(2026, 11, 28, 14, tzinfo=UTC)
DAYS = [date(2026, 3, 1) + timedelta(days=number) for number in range(7)]


@pytest.fixture(scope="module")
def path() -> Curriculum:
    found = read_text(files_of(resource("curricula") / "member-steward-path")).curriculum
    assert found is not None
    return found


def make(db: Database, path: Curriculum, now: datetime = NOW, zone: str = "UTC") -> int:
    config = Config(timezone=zone, regions=demo_regions())
    with db.transaction() as session:
        sign_up(session, [path], MEMBERS, regions=config.regions, actor="demo", now=now)
    return schedule_sessions(config, db, [path], now)


@pytest.mark.parametrize("day", DAYS)
def test_the_next_thursday_is_to_come_and_the_past_is_over(day: date) -> None:
    for week in (-2, 0, 5):
        assert thursday(day, week).weekday() == THURSDAY
    assert 1 <= (thursday(day, 0) - day).days <= 7
    assert thursday(day, -2) < day
    assert all(each.week >= 0 or (each.week <= -2 and each.what == "held") for each in SCHEDULE)


def test_there_is_a_session_in_every_state(db: Database, path: Curriculum) -> None:
    assert make(db, path) == len(SCHEDULE)
    with db.reading() as session:
        rows = {each.key: each for each in session.scalars(select(LiveSession))}
        found = Counter(status(each, NOW) for each in rows.values())
        full = rows["digital-organizing-full"]
        assert taken_seats(session, [full.id])[full.id]["online"] == full.seats_online
        states = Counter(session.scalars(select(Registration.state)))
    assert found == {"held": 4, "open": 8, "draft": 1, "postponed": 1, "cancelled": 1}
    assert set(states) == {"seated", "waiting", "confirming", "pending", "cancelled"}
    assert {each.zone for each in rows.values()} == {"America/Toronto"}
    assert {(each.online, each.in_person) for each in rows.values()} == {
        (True, True), (True, False), (False, True),
    }  # fmt: skip
    assert {each.part for each in rows.values() if each.topic == "adverse-actions"} == {
        "preparing-the-case", "the-hearing",
    }  # fmt: skip


def test_attending_and_leading_earned_credits(db: Database, path: Curriculum) -> None:
    make(db, path)
    with db.reading() as session:
        toni = session.scalars(select(Member.id).where(Member.number == TONI)).one()
        mine = session.execute(select(Credit.kind, Credit.key).where(Credit.member_id == toni))
        found = {(kind, key) for kind, key in mine}
        assert found == {("session", "steward-basics"), ("led", "mobilizing-members")}


def test_no_deadline_is_late(db: Database, path: Curriculum) -> None:
    make(db, path)
    with db.reading() as session:
        due = (Deadline.state == PENDING, Deadline.kind != thanks.KIND)  # none for old sessions
        times = session.scalars(select(Deadline.local_time).where(*due))
        assert min(times) > NOW.replace(tzinfo=None)


@pytest.mark.parametrize("zone", ["Europe/Paris", "Pacific/Auckland"])
@pytest.mark.parametrize("day", ["2026-03-08", "2026-10-29", "2026-12-31"])
def test_it_starts_at_any_time(db: Database, path: Curriculum, day: str, zone: str) -> None:
    now = datetime.fromisoformat(f"{day}T23:30+00:00")
    assert make(db, path, now, zone) == len(SCHEDULE)


def test_other_curricula_have_none(db: Database, path: Curriculum) -> None:
    assert schedule_sessions(Config(), db, [], NOW) == 0
