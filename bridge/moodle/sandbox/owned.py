"""What the plugin finds, or refuses: only courses and things whose idnumber is ours."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox.database import get, rows
from bridge.moodle.sandbox.events import OWNED
from bridge.moodle.sandbox.refusal import Refusal


def require_ours(idnumber: str) -> None:
    """Refuse an idnumber that does not begin with `stewardpath:`."""
    if not idnumber.startswith(OWNED) or len(idnumber) > 100:
        raise not_managed(idnumber)


def not_managed(idnumber: str) -> Refusal:
    return Refusal(
        "notmanaged", f"'{idnumber}' is not managed by Stewardpath: it does not begin with {OWNED}"
    )


def course(db: sqlite3.Connection, key: int) -> sqlite3.Row:
    """A course that is ours."""
    found = get(db, "course", key)
    if found is None:
        raise Refusal("unknowncourse", f"There is no course with the id {key}.")
    if not found["idnumber"].startswith(OWNED):
        raise not_managed(found["idnumber"])
    return found


def section(db: sqlite3.Connection, courseid: int, idnumber: str) -> sqlite3.Row:
    found = find_section(db, courseid, idnumber)
    if found is None:
        what = f"There is no section '{idnumber}' in the course {courseid}."
        raise Refusal("unknownsection", what)
    return found


def activity(db: sqlite3.Connection, courseid: int, idnumber: str) -> sqlite3.Row:
    found = find_activity(db, courseid, idnumber)
    if found is None:
        what = f"There is no activity '{idnumber}' in the course {courseid}."
        raise Refusal("unknownactivity", what)
    return found


def find_section(db: sqlite3.Connection, courseid: int, idnumber: str) -> sqlite3.Row | None:
    sql = "SELECT * FROM section WHERE courseid = ? AND idnumber = ?"
    return next(iter(rows(db, sql, courseid, idnumber)), None)


def find_activity(db: sqlite3.Connection, courseid: int, idnumber: str) -> sqlite3.Row | None:
    sql = "SELECT * FROM activity WHERE courseid = ? AND idnumber = ?"
    return next(iter(rows(db, sql, courseid, idnumber)), None)


def question_entry(db: sqlite3.Connection, courseid: int, idnumber: str) -> sqlite3.Row | None:
    """The bank entry of one question of a course."""
    sql = (
        "SELECT entry.* FROM entry JOIN questioncategory c ON c.id = categoryid"
        " WHERE courseid = ? AND entry.idnumber = ?"
    )
    return next(iter(rows(db, sql, courseid, idnumber)), None)
