"""local_stewardpath_get_member_states."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox import ownership
from bridge.moodle.sandbox.database import get, rows
from bridge.moodle.sandbox.events import OWNED
from bridge.moodle.sandbox.webservice.params import Args, ListOf, Nullable
from bridge.moodle.sandbox.webservice.registry import Call, function

_ENROLMENTS = (
    "SELECT c.id AS courseid, e.suspended FROM enrolment e JOIN course c ON c.id = e.courseid"
    " WHERE e.userid = ? AND substr(c.idnumber, 1, length(?2)) = ?2 ORDER BY c.id"
)
_COHORTS = (
    "SELECT c.id FROM cohortmember m JOIN cohort c ON c.id = m.cohortid"
    " WHERE m.userid = ? AND substr(c.idnumber, 1, length(?2)) = ?2 ORDER BY c.id"
)
_TEMPLATES = (
    "SELECT DISTINCT p.templateid FROM plan p"
    " JOIN templatecompetency t ON t.templateid = p.templateid"
    " JOIN competency c ON c.id = t.competencyid"
    " WHERE p.userid = ? AND substr(c.idnumber, 1, length(?2)) = ?2 ORDER BY p.templateid"
)
_BADGES = (
    "SELECT badgeid FROM badgeissued i JOIN badge b ON b.id = i.badgeid"
    " WHERE i.userid = ? AND substr(b.idnumber, 1, length(?2)) = ?2 ORDER BY badgeid"
)
_COMPETENCIES = (
    "SELECT c.id AS competencyid, u.proficiency FROM usercompetency u"
    " JOIN competency c ON c.id = u.competencyid"
    " WHERE u.userid = ? AND substr(c.idnumber, 1, length(?2)) = ?2 AND u.grade IS NOT NULL"
    " ORDER BY c.id"
)


@function("local_stewardpath_get_member_states", {"userids": Nullable(ListOf("int"), [])})
def get_member_states(call: Call, args: Args) -> object:
    """Accounts, also deleted ones, and what they have. Users that never existed are left out."""
    userids = args.ints("userids")
    ownership.within("number of users", len(userids), 0, 500)
    known = [get(call.db, "user", userid) for userid in sorted(set(userids))]
    return {"members": [_state(call.db, user) for user in known if user is not None]}


def _state(db: sqlite3.Connection, user: sqlite3.Row) -> dict[str, object]:
    deleted = bool(user["deleted"])
    shown = {name: "" if deleted else user[name] for name in ("email", "firstname", "lastname")}
    flags = {name: bool(user[name]) for name in ("deleted", "suspended", "confirmed")}
    queries = {"cohorts": _COHORTS, "templates": _TEMPLATES, "badges": _BADGES}
    lists = {name: [row[0] for row in _of(db, user, sql)] for name, sql in queries.items()}
    return {"userid": user["id"], **flags, **shown, **lists} | {
        "enrolments": [
            {"courseid": row["courseid"], "suspended": bool(row["suspended"])}
            for row in _of(db, user, _ENROLMENTS)
        ],
        "competencies": [
            {"competencyid": row["competencyid"], "proficient": row["proficiency"] == 1}
            for row in _of(db, user, _COMPETENCIES)
        ],
    }


def _of(db: sqlite3.Connection, user: sqlite3.Row, sql: str) -> list[sqlite3.Row]:
    return [] if user["deleted"] else rows(db, sql, user["id"], OWNED)
