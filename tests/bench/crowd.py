"""Many members at once, in the sandbox and in the store, by bulk inserts. The same every time.

Each member is enrolled in the first course and has completed three of its activities: two that
are no requirement, and all quizzes but the last. `news` brings the last one.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import insert

from bridge.curriculum.model import idnumber
from bridge.store import cursors
from bridge.store.cursors import Cursor
from bridge.store.database import open_database
from bridge.store.tables import Base, Completion, Enrolment, Member
from tests.bench.site import curriculum

T = TypeVar("T")
AT = 1_780_000_000
NOW = datetime.fromtimestamp(AT, UTC)
FIRST_USER = 1_000
PASSED = 2
BULK = 10_000


def old_activities() -> tuple[str, ...]:
    """Keys of what everybody has completed; the last is a quiz."""
    course = curriculum().milestones[0].course
    quizzes = [quiz.key for quiz in course.quizzes]
    others = [a.key for a in course.activities if a.key not in quizzes]
    return (*others[:2], quizzes[0])


def news() -> str:
    """Key of the quiz that is passed next: it earns the first milestone."""
    return [quiz.key for quiz in curriculum().milestones[0].course.quizzes][-1]


def fill_site(state: Path, members: int, changes: int) -> str:
    """Members, their old completions and `changes` new ones; returns the feed's name."""
    with closing(sqlite3.connect(state)) as db, db:
        cms = dict(db.execute("SELECT idnumber, cmid FROM activity"))
        course = db.execute("SELECT id, idnumber FROM course WHERE idnumber = ?", [first_course()])
        course_id, course_idnumber = course.fetchone()
        users = range(FIRST_USER, FIRST_USER + members)
        user = "INSERT INTO user (id, username, email, firstname, lastname, idnumber)"
        db.executemany(user + " VALUES (?, ?, ?, ?, ?, ?)", map(_user, users))
        db.executemany(
            "INSERT INTO enrolment VALUES (?, ?, 5, 0, ?)", ((course_id, u, AT) for u in users)
        )
        done = [(user, key) for key in map(_key, old_activities()) for user in users]
        done += [(user, _key(news())) for user in islice(users, changes)]
        _complete(db, done, cms, (course_id, course_idnumber))
        return str(db.execute("SELECT value FROM meta WHERE name = 'feed'").fetchone()[0])


def _complete(
    db: sqlite3.Connection,
    done: Iterable[tuple[int, str]],
    cms: dict[str, int],
    course: tuple[int, str],
) -> None:
    """Completions with their rows in the feed, and an attempt where it is a quiz."""
    quizzes = {_key(old_activities()[-1]), _key(news())}
    for user, key in done:
        db.execute(
            "INSERT INTO completion (userid, cmid, state, time) VALUES (?, ?, ?, ?)",
            (user, cms[key], PASSED, AT),
        )
        grade = 100.0 if key in quizzes else None
        db.execute(
            "INSERT INTO change (kind, userid, courseid, courseidnumber, cmid, idnumber, state,"
            " grade, time) VALUES ('completion', ?, ?, ?, ?, ?, ?, ?, ?)",
            (user, *course, cms[key], key, PASSED, grade, AT),
        )
        if grade:
            db.execute(
                "INSERT INTO attempt (cmid, userid, number, state, timestart, timefinish,"
                " grade, questions) VALUES (?, ?, 1, 'finished', ?, ?, ?, '[]')",
                (cms[key], user, AT, AT, grade),
            )


def fill_store(file: Path, members: int, feed: str) -> str:
    """The same members and old completions, the cursor after them; returns the address."""
    url = f"sqlite:///{file}"
    database = open_database(url)
    database.migrate()
    rows: list[tuple[type[Base], Iterator[dict[str, object]]]] = [
        (Member, map(_member, range(1, members + 1))),
        (Enrolment, map(_enrolment, range(1, members + 1))),
        (Completion, _completions(members)),
    ]
    for table, found in rows:
        for bulk in batches(found, BULK):
            with database.transaction() as session:
                session.execute(insert(table), bulk)
    with database.transaction() as session:
        read = members * len(old_activities())
        cursors.put(session, "moodle-changes", Cursor(read, feed), NOW)
    database.close()
    return url


def write_csv(file: Path, members: int) -> None:
    """A file as a membership system exports it."""
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("Member number", "E-mail", "First name", "Last name", "Region"))
        for n in range(1, members + 1):
            address = f"new{n}@example.org"
            writer.writerow((f"N{n:07}", address, f"First{n}", f"Last{n}", "north"))


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _key(activity: str) -> str:
    return idnumber(curriculum().key, activity)


def first_course() -> str:
    """Idnumber of the course that everybody is in."""
    return _key(curriculum().milestones[0].key)


def _user(user: int) -> tuple[int, str, str, str, str, str]:
    n = user - FIRST_USER + 1
    address = f"m{n}@example.org"
    return user, address, address, f"First{n}", f"Last{n}", f"{n:07}"


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
        "role": "",
        "role_since": None,
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
