"""Stores the sandbox's members and their old completions in our database, by bulk inserts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import insert

from bridge.store.database import open_database
from bridge.store.operations import cursors
from bridge.store.operations.cursors import Cursor
from bridge.store.tables.base import Base
from bridge.store.tables.learning import Completion, Enrolment
from bridge.store.tables.members import Member
from tests.bench.site import curriculum
from tests.bench.support.many_members import AT, FIRST_USER, old_activities

T = TypeVar("T")
NOW = datetime.fromtimestamp(AT, UTC)
INSERT_BATCH_SIZE = 10_000


def fill_store(file: Path, members: int, feed: str) -> str:
    """Store the members, their old completions and a cursor after them. Returns the URL."""
    url = f"sqlite:///{file}"
    database = open_database(url)
    database.migrate()
    rows: list[tuple[type[Base], Iterator[dict[str, object]]]] = [
        (Member, map(_member, range(1, members + 1))),
        (Enrolment, map(_enrolment, range(1, members + 1))),
        (Completion, _completions(members)),
    ]
    for table, found in rows:
        for batch in batches(found, INSERT_BATCH_SIZE):
            with database.transaction() as session:
                session.execute(insert(table), batch)
    with database.transaction() as session:
        read = members * len(old_activities())
        cursors.put(session, "moodle-changes", Cursor(read, feed), NOW)
    database.close()
    return url


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _member(n: int) -> dict[str, object]:
    return {
        "id": n,
        "number": f"{n:07}",
        "email": f"m{n}@example.org",
        "email_key": f"m{n}@example.org",
        "first_name": f"First{n}",
        "last_name": f"Last{n}",
        "region": "north",
        "language": "en",
        "moodle_user_id": FIRST_USER + n - 1,
        "source": "csv",
        "created_at": NOW,
        "updated_at": NOW,
    }


def _enrolment(n: int) -> dict[str, object]:
    path = curriculum()
    return {
        "member_id": n,
        "curriculum": path.key,
        "milestone": path.milestones[0].key,
        "wanted_at": NOW,
        "enrolled_at": NOW,
    }


def _completions(members: int) -> Iterator[dict[str, object]]:
    key, change, quiz = curriculum().key, 0, old_activities()[-1]
    for activity in old_activities():
        for n in range(1, members + 1):
            change += 1
            yield {
                "member_id": n,
                "curriculum": key,
                "activity": activity,
                "done": True,
                "grade": 100.0 if activity == quiz else None,
                "at": NOW,
                "change_id": change,
            }
