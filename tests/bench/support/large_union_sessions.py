"""Live sessions of a large union, in all their tables. Always the same.

For each 10,000 members there is one session a month: three years of held ones with attendance, and
the next four months, with waiting lists, some postponed and some cancelled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, insert, select

from bridge.curriculum.model import Curriculum
from bridge.sessions.moodle_calendar.tables import MoodleEvent
from bridge.sessions.notices.tables import SessionAnnouncement, SessionNotice
from bridge.sessions.providers.tables import JoinLink, SessionMeeting
from bridge.sessions.tables import (
    Attendance,
    LiveSession,
    Registration,
    RegistrationChange,
    SessionLeader,
)
from bridge.store.database import Database
from bridge.store.tables.base import Base
from bridge.store.tables.persons import Person
from tests.bench.support.stored_members import INSERT_BATCH_SIZE, batches

PAST_MONTHS, COMING_MONTHS = 36, 4
PEOPLE, SEATS = 30, 25
MONTH = timedelta(days=28)
Row = dict[str, object]


def fill_sessions(database: Database, path: Curriculum, members: int, now: datetime) -> None:
    """Store the sessions of so many members, whose persons are stored."""
    a_month = max(1, members // 10_000)
    months = range(-PAST_MONTHS, COMING_MONTHS)
    day = now.replace(hour=18, minute=0, second=0, microsecond=0)
    starts = [day + MONTH * month + timedelta(days=n % 28) for month in months
              for n in range(1, a_month + 1)]  # fmt: skip
    store_sessions(database, path, starts, PEOPLE, now)


def store_sessions(
    database: Database, path: Curriculum, starts: Sequence[datetime], people: int, now: datetime
) -> None:
    """Store a session at each of these times, with so many registered people, if there are."""
    with database.reading() as session:
        persons = list(session.scalars(select(Person.id).order_by(Person.id)))
    topics = [each.key for each in path.topics] or ["hearings"]
    for n, at in enumerate(starts, 1):
        mine = [persons[(n * 17 + k) % len(persons)] for k in range(min(people, len(persons)))]
        live = _session(n, path.key, topics[n % len(topics)], at, now)
        rows = [(LiveSession, live), *_of_session(live, mine, now)]
        _insert(database, rows)


def _insert(database: Database, rows: Sequence[tuple[type[Base], Row]]) -> None:
    by_table: dict[type[Base], list[Row]] = {}
    for table, row in rows:
        by_table.setdefault(table, []).append(row)
    with database.transaction() as session:
        for table, found in by_table.items():
            for batch in batches(iter(found), INSERT_BATCH_SIZE):
                session.connection().execute(insert(cast(Table, table.__table__)), batch)


def _session(n: int, curriculum: str, topic: str, at: datetime, now: datetime) -> Row:
    starts = at.replace(tzinfo=None)
    state = "cancelled" if n % 20 == 7 else "postponed" if n % 20 == 13 and at > now else "open"
    return {
        "id": n, "key": f"session-{n}", "curriculum": curriculum, "topic": topic, "part": "",
        "state": state, "starts": starts, "ends": starts + timedelta(hours=2), "zone": "UTC",
        "starts_at": at, "ends_at": at + timedelta(hours=2), "online": True,
        "in_person": n % 3 == 0, "seats_online": SEATS if n % 2 else None, "seats_room": None,
        "link": "https://meet.example/union", "room": "Union hall" if n % 3 == 0 else "",
        "region": "island" if n % 10 == 0 else "", "materials": "Bring your agreement.",
        "reason": "" if state == "open" else "The speaker is ill.",
        "sequence": 1 if state == "open" else 2, "version": 3, "imported": {},
        "created_at": at - MONTH, "changed_at": at - MONTH,
    }  # fmt: skip


def _of_session(
    live: Row, persons: Sequence[int], now: datetime
) -> Iterator[tuple[type[Base], Row]]:
    """The rows about one session: leader, announcement, Moodle's event, and those of its people."""
    number = cast(int, live["id"])
    at, is_over = cast(datetime, live["starts_at"]), cast(datetime, live["ends_at"]) <= now
    announced = at - timedelta(days=7)
    yield SessionLeader, {"session_id": number, "person_id": persons[0]}
    yield SessionAnnouncement, {
        "session_id": number, "dated_at": at - MONTH, "after_member": 0,
        "complete_at": announced if announced <= now else None,
    }  # fmt: skip
    yield SessionMeeting, {
        "session_id": number, "ready_at": at - MONTH, "attempts": 0, "next_try_at": at,
        "error": None,
    }  # fmt: skip
    yield MoodleEvent, {
        "session_id": number, "course": "stewardpath:path:step", "event_id": number,
        "fingerprint": "0" * 64, "attempts": 0, "tried_at": at - MONTH, "problem": {},
    }  # fmt: skip
    for place, person in enumerate(persons, 1):
        yield from _of_person(live, person, place, is_over)


def _of_person(
    live: Row, person: int, place: int, is_over: bool
) -> Iterator[tuple[type[Base], Row]]:
    """The rows about one person: four in five of those with a seat attend."""
    number, at = cast(int, live["id"]), cast(datetime, live["starts_at"])
    key, is_open = number * 1_000 + place, live["state"] == "open"
    full = live["seats_online"] is not None and place > SEATS
    state = "cancelled" if live["state"] == "cancelled" else "waiting" if full else "seated"
    now = at - MONTH + timedelta(minutes=place)
    yield Registration, {
        "id": key, "session_id": number, "person_id": person, "format": "online", "state": state,
        "position": place, "sequence": 0, "joined_at": at if is_over else None, "created_at": now,
    }  # fmt: skip
    yield RegistrationChange, {
        "registration_id": key, "at": now, "actor": "bench", "format": "online", "state": state,
        "reason": "registered",
    }  # fmt: skip
    yield JoinLink, {
        "session_id": number, "person_id": person, "target": "zoom:1", "wanted": True,
        "link": "https://meet.example/j", "registrant_id": str(key), "attempts": 1,
        "next_try_at": at, "error": None, "created_at": now,
    }  # fmt: skip
    if is_over and is_open and not full:
        yield SessionNotice, {
            "session_id": number, "person_id": person, "notice": "reminder-24",
            "queued_at": at - timedelta(days=1),
        }  # fmt: skip
        yield Attendance, {
            "session_id": number, "person_id": person, "source": "leader", "minutes": None,
            "attended": bool(place % 5), "recorded_by": "bench", "recorded_at": at,
        }  # fmt: skip
