"""Change feed rows, as the plugin's observers write them, and activity completion."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox.database import get, insert, rows

OWNED = "stewardpath:"

INCOMPLETE, COMPLETE, PASSED, FAILED = range(4)


def user_changed(db: sqlite3.Connection, kind: str, userid: int, now: int) -> None:
    """A `user-created`, `user-updated` or `user-deleted` row; a new user whose email is not
    confirmed is `user-unconfirmed`."""
    user = get(db, "user", userid)
    if kind == "user-created" and user is not None and not user["confirmed"]:
        kind = "user-unconfirmed"
    if kind == "user-updated":
        user_seen(db, userid, now)
    insert(db, "change", kind=kind, userid=userid, time=now)


def user_seen(db: sqlite3.Connection, userid: int, now: int) -> None:
    """Add a `user-created` row for a user who logs in for the first time after confirming their
    email. Moodle has no event for the confirmation itself."""
    sql = (
        "SELECT kind FROM change JOIN user ON user.id = userid WHERE userid = ? AND confirmed = 1"
        " AND kind IN ('user-created', 'user-unconfirmed') ORDER BY change.id DESC LIMIT 1"
    )
    if [row["kind"] for row in rows(db, sql, userid)] == ["user-unconfirmed"]:
        insert(db, "change", kind="user-created", userid=userid, time=now)


def unenrolled(db: sqlite3.Connection, course: sqlite3.Row, userid: int, now: int) -> None:
    """Add an `enrolment-deleted` row, if the course is managed."""
    if course["idnumber"].startswith(OWNED):
        insert(
            db,
            "change",
            kind="enrolment-deleted",
            userid=userid,
            courseid=course["id"],
            courseidnumber=course["idnumber"],
            time=now,
        )


def attempt_finished(
    db: sqlite3.Connection, activity: sqlite3.Row, attempt: sqlite3.Row, now: int
) -> None:
    """Add an `attempt` row, and update the completion with the new grade."""
    _add_change(
        db, "attempt", activity, attempt["userid"], attempt["number"], attempt["grade"], now
    )
    best = best_grade(db, activity["cmid"], attempt["userid"]) or 0.0
    complete(db, activity, attempt["userid"], PASSED if passes(activity, best) else FAILED, now)


def complete(
    db: sqlite3.Connection, activity: sqlite3.Row, userid: int, state: int, now: int
) -> None:
    """Set the completion of one activity; add a feed row only if the state changes."""
    known = db.execute(
        "SELECT * FROM completion WHERE cmid = ? AND userid = ?", (activity["cmid"], userid)
    ).fetchone()
    if known is not None and known["state"] == state:
        return
    db.execute(
        "INSERT INTO completion (userid, cmid, state, time) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (userid, cmid) DO UPDATE SET state = excluded.state, time = excluded.time",
        (userid, activity["cmid"], state, now),
    )
    grade = best_grade(db, activity["cmid"], userid)
    _add_change(db, "completion", activity, userid, state, grade, now)


def view(db: sqlite3.Connection, activity: sqlite3.Row, userid: int, now: int) -> None:
    """Complete a page or link that an enrolled user has viewed.

    Moodle records the first view as "not complete" and then immediately as "complete".
    """
    if activity["completionview"] and enrolled(db, activity["courseid"], userid):
        for state in (INCOMPLETE, COMPLETE):
            _advance(db, activity, userid, state, now)


def _advance(
    db: sqlite3.Connection, activity: sqlite3.Row, userid: int, state: int, now: int
) -> None:
    sql = "SELECT state FROM completion WHERE cmid = ? AND userid = ?"
    known = db.execute(sql, (activity["cmid"], userid)).fetchone()
    if known is None or known["state"] < state:
        complete(db, activity, userid, state, now)


def enrolled(db: sqlite3.Connection, courseid: int, userid: int) -> bool:
    """Whether a user has an active enrolment."""
    sql = "SELECT 1 FROM enrolment WHERE courseid = ? AND userid = ? AND suspended = 0"
    return bool(rows(db, sql, courseid, userid))


def best_grade(db: sqlite3.Connection, cmid: int, userid: int) -> float | None:
    """The highest grade of the finished attempts in per cent; None if there is none."""
    sql = "SELECT max(grade) AS best FROM attempt WHERE cmid = ? AND userid = ?"
    best = db.execute(sql, (cmid, userid)).fetchone()["best"]
    return None if best is None else float(best)


def passes(activity: sqlite3.Row, grade: float) -> bool:
    """Whether `grade` reaches the pass mark; five decimals, as Moodle stores grades."""
    return round(grade, 5) >= round(float(activity["gradepass"]), 5)


def _add_change(
    db: sqlite3.Connection,
    kind: str,
    activity: sqlite3.Row,
    userid: int,
    state: int,
    grade: float | None,
    now: int,
) -> None:
    course = get(db, "course", activity["courseid"])
    if course is None or not activity["idnumber"].startswith(OWNED):
        return
    insert(
        db,
        "change",
        kind=kind,
        userid=userid,
        courseid=course["id"],
        courseidnumber=course["idnumber"],
        cmid=activity["cmid"],
        idnumber=activity["idnumber"],
        state=state,
        grade=grade,
        time=now,
    )
