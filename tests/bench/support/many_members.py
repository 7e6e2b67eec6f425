"""Many members in the sandbox (by bulk inserts) or in a CSV file. The same every time.

Each member is enrolled in the first course and has completed three of its activities: two that
aren't required, and all quizzes but the last. `last_quiz` is the key of the last one.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from itertools import islice
from pathlib import Path

from bridge.curriculum.model import idnumber
from tests.bench.site import curriculum

AT = 1_780_000_000
FIRST_USER = 1_000
PASSED = 2


def old_activities() -> tuple[str, ...]:
    """Keys of the activities that every member has completed. The last is a quiz."""
    course = curriculum().milestones[0].course
    quizzes = [quiz.key for quiz in course.quizzes]
    others = [a.key for a in course.activities if a.key not in quizzes]
    return (*others[:2], quizzes[0])


def last_quiz() -> str:
    """Key of the quiz that earns the first milestone."""
    return [quiz.key for quiz in curriculum().milestones[0].course.quizzes][-1]


def fill_site(state: Path, members: int, changes: int) -> str:
    """Store members, their old completions and `changes` new ones. Returns the feed's name."""
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
        done += [(user, _key(last_quiz())) for user in islice(users, changes)]
        _complete(db, done, cms, (course_id, course_idnumber))
        return str(db.execute("SELECT value FROM meta WHERE name = 'feed'").fetchone()[0])


def _complete(
    db: sqlite3.Connection,
    done: Iterable[tuple[int, str]],
    cms: dict[str, int],
    course: tuple[int, str],
) -> None:
    """Store completions with their rows in the feed, and an attempt for each quiz."""
    quizzes = {_key(old_activities()[-1]), _key(last_quiz())}
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


def write_csv(file: Path, members: int) -> None:
    """Write a file like the export of a membership system."""
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("Member number", "E-mail", "First name", "Last name", "Region"))
        for n in range(1, members + 1):
            address = f"new{n}@example.org"
            writer.writerow((f"N{n:07}", address, f"First{n}", f"Last{n}", "north"))


def _key(activity: str) -> str:
    return idnumber(curriculum().key, activity)


def first_course() -> str:
    """Idnumber of the course that all members are in."""
    return _key(curriculum().milestones[0].key)


def _user(user: int) -> tuple[int, str, str, str, str, str]:
    n = user - FIRST_USER + 1
    address = f"m{n}@example.org"
    return user, address, address, f"First{n}", f"Last{n}", f"{n:07}"
