"""Finds managed courses and objects, and refuses all others, like the plugin."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox.database import get, rows
from bridge.moodle.sandbox.events import OWNED
from bridge.moodle.sandbox.webservice.moodle_errors import MoodleException

PROBLEM = "local_stewardpath\\problem"
"""The exception class of the plugin's own errors."""

_MAX_IDNUMBER_LENGTH = 100


def require_managed(idnumber: str) -> None:
    """Refuse an idnumber that is not managed or too long for Moodle."""
    if not idnumber.startswith(OWNED):
        what = f'The idnumber "{idnumber}" does not begin with "{OWNED}".'
        raise MoodleException("notmanaged", what, PROBLEM)
    if len(idnumber) > _MAX_IDNUMBER_LENGTH:
        what = f'The idnumber "{idnumber}" is longer than {_MAX_IDNUMBER_LENGTH} characters.'
        raise MoodleException("idnumbertoolong", what, PROBLEM)


def require_name(name: str) -> None:
    """Refuse a name that is empty or too long for Moodle."""
    if not name.strip():
        raise MoodleException("noname", "A name may not be empty.", PROBLEM)
    if len(name) > 255:
        raise MoodleException(
            "nametoolong", f'The name "{name}" is longer than 255 characters.', PROBLEM
        )


def unknown(kind: str, idnumber: str, courseid: int) -> MoodleException:
    """The error for a missing section, activity, question or (question) category."""
    what = f'There is no {kind} with the idnumber "{idnumber}" in course {courseid}.'
    return MoodleException(f"unknown{kind}", what, PROBLEM)


def within(name: str, value: int, least: int, most: int) -> None:
    """Refuse a number outside the limits."""
    if not least <= value <= most:
        what = f"The {name} must be between {least} and {most}, not {value}."
        raise MoodleException("outofbounds", what, PROBLEM)


def unknown_kind(kind: str) -> MoodleException:
    """The error for an unknown kind."""
    return MoodleException("unknownkind", f'There is no kind "{kind}" here.', PROBLEM)


def unknown_user(userid: int) -> MoodleException:
    """The error for a missing account."""
    what = f"There is no user with the id {userid}, or the account was deleted."
    return MoodleException("unknownuser", what, PROBLEM)


def course(db: sqlite3.Connection, key: int) -> sqlite3.Row:
    """A managed course."""
    found = get(db, "course", key)
    if found is None:
        raise MoodleException("unknowncourse", f"There is no course with the id {key}.", PROBLEM)
    require_managed(found["idnumber"])
    return found


def section(db: sqlite3.Connection, courseid: int, idnumber: str) -> sqlite3.Row:
    """A managed section."""
    require_managed(idnumber)
    found = find_section(db, courseid, idnumber)
    if found is None:
        raise unknown("section", idnumber, courseid)
    return found


def activity(db: sqlite3.Connection, courseid: int, idnumber: str) -> sqlite3.Row:
    """A managed activity."""
    require_managed(idnumber)
    found = find_activity(db, courseid, idnumber)
    if found is None:
        raise unknown("activity", idnumber, courseid)
    return found


def find_section(db: sqlite3.Connection, courseid: int, idnumber: str) -> sqlite3.Row | None:
    """A section by its idnumber, or None."""
    sql = "SELECT * FROM section WHERE courseid = ? AND idnumber = ?"
    return next(iter(rows(db, sql, courseid, idnumber)), None)


def find_activity(db: sqlite3.Connection, courseid: int, idnumber: str) -> sqlite3.Row | None:
    """An activity by its idnumber, or None."""
    sql = "SELECT * FROM activity WHERE courseid = ? AND idnumber = ?"
    return next(iter(rows(db, sql, courseid, idnumber)), None)


def question_entry(db: sqlite3.Connection, courseid: int, idnumber: str) -> sqlite3.Row | None:
    """The bank entry of one question of a course."""
    sql = (
        "SELECT entry.* FROM entry JOIN questioncategory c ON c.id = categoryid"
        " WHERE courseid = ? AND entry.idnumber = ?"
    )
    return next(iter(rows(db, sql, courseid, idnumber)), None)
