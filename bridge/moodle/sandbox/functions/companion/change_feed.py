"""local_stewardpath_get_changes, get_completions and find_users."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox import ownership
from bridge.moodle.sandbox.database import SERVICE, meta, rows, switched_on
from bridge.moodle.sandbox.events import OWNED
from bridge.moodle.sandbox.webservice.params import Args, ListOf, Nullable
from bridge.moodle.sandbox.webservice.registry import Call, function

_USER = (
    "id",
    "idnumber",
    "username",
    "email",
    "firstname",
    "lastname",
    "lang",
    "auth",
    "suspended",
    "confirmed",
)
_FLAGS = ("suspended", "confirmed")


@function(
    "local_stewardpath_get_changes",
    {"after": "int", "limit": Nullable("int", 500), "missing": Nullable(ListOf("int"), [])},
)
def get_changes(call: Call, args: Args) -> object:
    """The rows after a cursor, in order, and the rows of `missing` that exist now."""
    limit, missing = args.int("limit"), args.ints("missing")
    ownership.within("limit", limit, 1, 1000)
    ownership.within("number of missing ids", len(missing), 0, 500)
    sql = "SELECT * FROM change WHERE id > ? ORDER BY id LIMIT ?"
    found = rows(call.db, sql, args.int("after"), limit + 1)
    changes, more = found[:limit], len(found) > limit
    late = _among(call.db, "SELECT * FROM change WHERE id IN ({}) ORDER BY id", missing)
    bounds = call.db.execute("SELECT min(id), max(id) FROM change").fetchone()
    return {
        "feed": meta(call.db, "feed"),
        "oldest": bounds[0] or 0,
        "newest": bounds[1] or 0,
        "changes": [_change(row) for row in changes],
        "found": [_change(row) for row in late],
        "users": _users(call.db, [*changes, *late]),
        "more": more,
        "numberlocked": switched_on(call.db, "numberlocked"),
        "emailchangeconfirmation": switched_on(call.db, "emailchangeconfirmation"),
    }


def _change(row: sqlite3.Row) -> dict[str, object]:
    """A feed row; idnumbers are null if there is no course or activity."""
    names = ("courseidnumber", "idnumber")
    return dict(row) | {name: row[name] or None for name in names}


def _users(db: sqlite3.Connection, changes: list[sqlite3.Row]) -> list[dict[str, object]]:
    kinds = ("user-created", "user-updated")
    wanted = sorted({row["userid"] for row in changes if row["kind"] in kinds})
    sql = "SELECT * FROM user WHERE deleted = 0 AND id IN ({}) ORDER BY id"
    return [
        {name: bool(row[name]) if name in _FLAGS else row[name] for name in _USER}
        for row in _among(db, sql, wanted)
    ]


def _among(db: sqlite3.Connection, sql: str, values: list[int]) -> list[sqlite3.Row]:
    return rows(db, sql.format(", ".join("?" * len(values))), *values)


@function(
    "local_stewardpath_get_completions",
    {"courseid": "int", "after": Nullable("int", 0), "limit": Nullable("int", 1000)},
)
def get_completions(call: Call, args: Args) -> object:
    """Completions of a course's managed activities by enrolled users, ordered by id."""
    limit = args.int("limit")
    ownership.within("limit", limit, 1, 2000)
    course = ownership.course(call.db, args.int("courseid"))["id"]
    found = rows(call.db, _COMPLETIONS, course, len(OWNED), OWNED, args.int("after"), limit + 1)
    return {"completions": [dict(row) for row in found[:limit]], "more": len(found) > limit}


_COMPLETIONS = (
    "SELECT c.id, c.userid, c.cmid, a.idnumber, c.state, c.time,"
    " (SELECT max(grade) FROM attempt t WHERE t.cmid = c.cmid AND t.userid = c.userid) AS grade"
    " FROM completion c JOIN activity a ON a.cmid = c.cmid JOIN user u ON u.id = c.userid"
    " JOIN enrolment e ON e.courseid = a.courseid AND e.userid = c.userid"
    " WHERE a.courseid = ? AND substr(a.idnumber, 1, ?) = ? AND c.id > ? AND c.state > 0"
    " AND u.deleted = 0 ORDER BY c.id LIMIT ?"
)


@function(
    "local_stewardpath_find_users",
    {
        "members": Nullable(
            ListOf({"number": Nullable("raw", ""), "email": Nullable("raw", "")}), []
        )
    },
)
def find_users(call: Call, args: Args) -> object:
    """All users with the member number or the email; matches by number come first."""
    members = list(args.each("members"))
    ownership.within("number of members", len(members), 0, 500)
    return {
        "matches": [
            match
            for index, member in enumerate(members)
            for match in _matches(call.db, index, member.text("number"), member.text("email"))
        ]
    }


def _matches(
    db: sqlite3.Connection, index: int, number: str, email: str
) -> list[dict[str, object]]:
    sql = (
        "SELECT *, (idnumber = ?1 AND ?1 <> '') AS bynumber FROM user WHERE id > ?3"
        " AND deleted = 0 AND ((idnumber = ?1 AND ?1 <> '')"
        " OR (email = ?2 COLLATE NOCASE AND ?2 <> '')) ORDER BY bynumber DESC, id"
    )
    return [
        {
            "index": index,
            "userid": row["id"],
            "idnumber": row["idnumber"],
            "email": row["email"],
            "username": row["username"],
            "suspended": bool(row["suspended"]),
            "confirmed": bool(row["confirmed"]),
            "matchedby": "number" if row["bynumber"] else "email",
        }
        for row in rows(db, sql, number, email, SERVICE)
    ]
