"""enrol_manual_* and core_enrol_get_enrolled_users."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox.database import email, get, rows
from bridge.moodle.sandbox.events import OWNED, unenrolled
from bridge.moodle.sandbox.functions.core.users import describe
from bridge.moodle.sandbox.webservice.moodle_errors import (
    MoodleException,
    invalid_parameter,
    missing_record,
)
from bridge.moodle.sandbox.webservice.params import Args, ListOf, Nullable
from bridge.moodle.sandbox.webservice.registry import Call, function

_ROLES = {5: "student"}
_UNSEEN = ("auth", "confirmed", "lang", "suspended")


@function(
    "enrol_manual_enrol_users",
    {
        "enrolments": ListOf(
            {
                "roleid": "int",
                "userid": "int",
                "courseid": "int",
                "timestart": Nullable("int"),
                "timeend": Nullable("int"),
                "suspend": Nullable("int"),
            }
        )
    },
)
def enrol_users(call: Call, args: Args) -> object:
    """All or none; answers null. Enrolling a user again changes only the status.

    Moodle welcomes everyone by email, except in managed courses, where the plugin turns it off.
    """
    for enrolment in args.each("enrolments"):
        course = get(call.db, "course", enrolment.int("courseid"))
        if course is None:
            raise invalid_parameter()
        user = _user(call.db, enrolment.int("userid"))
        _check_role(enrolment)
        if not course["idnumber"].startswith(OWNED) and not _is_enrolled(call.db, course, user):
            email(call.db, user["id"], "enrolment", call.now)
        call.db.execute(
            "INSERT INTO enrolment (courseid, userid, roleid, suspended, timecreated)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (courseid, userid)"
            " DO UPDATE SET suspended = excluded.suspended",
            (
                course["id"],
                user["id"],
                enrolment.int("roleid"),
                int(enrolment.flag("suspend")),
                call.now,
            ),
        )
    return None


def _is_enrolled(db: sqlite3.Connection, course: sqlite3.Row, user: sqlite3.Row) -> bool:
    sql = "SELECT 1 FROM enrolment WHERE courseid = ? AND userid = ?"
    return bool(rows(db, sql, course["id"], user["id"]))


def _check_role(enrolment: Args) -> None:
    if enrolment.int("roleid") not in _ROLES:
        numbers = [enrolment.int(name) for name in ("roleid", "userid", "courseid")]
        raise MoodleException(
            "wsusercannotassign",
            "You don't have the permission to assign this role ({}) to this user ({})"
            " in this course ({}).".format(*numbers),
        )


def _course(db: sqlite3.Connection, key: int) -> sqlite3.Row:
    course = get(db, "course", key)
    if course is None:
        raise missing_record("course")
    return course


def _user(db: sqlite3.Connection, key: int) -> sqlite3.Row:
    user = get(db, "user", key)
    if user is None:
        raise MoodleException("invaliduser", "Invalid user", "dml_missing_record_exception")
    if user["deleted"]:
        raise MoodleException("userdeleted", "This user account has been deleted")
    return user


@function(
    "enrol_manual_unenrol_users",
    {"enrolments": ListOf({"userid": "int", "courseid": "int", "roleid": Nullable("int")})},
)
def unenrol_users(call: Call, args: Args) -> object:
    """All or none; answers null."""
    for enrolment in args.each("enrolments"):
        course = _course(call.db, enrolment.int("courseid"))
        user = _user(call.db, enrolment.int("userid"))
        gone = call.db.execute(
            "DELETE FROM enrolment WHERE courseid = ? AND userid = ?", (course["id"], user["id"])
        )
        if gone.rowcount:
            unenrolled(call.db, course, user["id"], call.now)
    return None


@function(
    "core_enrol_get_enrolled_users",
    {"courseid": "int", "options": Nullable(ListOf({"name": "raw", "value": "raw"}), [])},
    learner=True,
)
def get_enrolled_users(call: Call, args: Args) -> object:
    """Who is enrolled in a course, with roles; the options are `limitfrom` and `limitnumber`.

    Asking for `onlyactive` needs a right that the service's role does not hold.
    """
    _course(call.db, args.int("courseid"))
    options = {o.text("name"): o.text("value") for o in args.each("options")}
    first, count = int(options.get("limitfrom", 0)), int(options.get("limitnumber", 0)) or -1
    if options.get("onlyactive", "0") != "0":
        what = "Sorry, but you do not currently have permissions to do that"
        raise MoodleException(
            "nopermissions",
            f"{what} (Review course enrolments).",
            "core\\exception\\required_capability_exception",
        )
    sql = (
        "SELECT user.*, roleid FROM enrolment JOIN user ON user.id = userid WHERE courseid = ?"
        " AND deleted = 0 ORDER BY user.id LIMIT ? OFFSET ?"
    )
    found = rows(call.db, sql, args.int("courseid"), count, first)
    return [_member(row) for row in found]


def _member(row: sqlite3.Row) -> dict[str, object]:
    shown = {name: v for name, v in describe(row).items() if name not in _UNSEEN}
    return shown | {"roles": [_role(row["roleid"])]}


def _role(key: int) -> dict[str, object]:
    return {"roleid": key, "name": "", "shortname": _ROLES[key], "sortorder": 0}
