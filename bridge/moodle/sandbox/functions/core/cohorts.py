"""core_cohort_*."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox.database import get, insert, rows, update
from bridge.moodle.sandbox.webservice.moodle_errors import (
    MoodleException,
    invalid_parameter,
    missing_record,
)
from bridge.moodle.sandbox.webservice.params import Args, ListOf, Nullable, Shape
from bridge.moodle.sandbox.webservice.registry import Call, function

_FIELDS = ("name", "idnumber", "description", "visible")
_TYPED: dict[str, Shape] = {"type": "raw", "value": "raw"}
_COHORT: dict[str, Shape] = {
    "categorytype": _TYPED,
    "name": "raw",
    "idnumber": "raw",
    "description": Nullable("raw"),
    "descriptionformat": Nullable("int", 1),
    "visible": Nullable("bool", 1),
}


@function("core_cohort_create_cohorts", {"cohorts": ListOf(_COHORT)})
def create_cohorts(call: Call, args: Args) -> object:
    """All or none; a taken idnumber refuses the batch."""
    return [_create(call, cohort) for cohort in args.each("cohorts")]


def _create(call: Call, cohort: Args) -> dict[str, object]:
    kind = cohort.one("categorytype").text("type")
    taken = get(call.db, "cohort", cohort.text("idnumber"), by="idnumber")
    if kind not in ("system", "id", "idnumber") or taken or len(cohort.text("name")) > 254:
        raise invalid_parameter()
    key = insert(call.db, "cohort", **cohort.given(*_FIELDS))
    made = _describe(_found(call.db, key))
    del made["customfields"]
    return made


def _found(db: sqlite3.Connection, key: int) -> sqlite3.Row:
    cohort = get(db, "cohort", key)
    if cohort is None:
        raise missing_record("cohort")
    return cohort


def _describe(row: sqlite3.Row) -> dict[str, object]:
    return {name: row[name] for name in ("id", "name", "idnumber", "description")} | {
        "descriptionformat": 1,
        "visible": bool(row["visible"]),
        "theme": "",
        "customfields": [],
    }


@function("core_cohort_update_cohorts", {"cohorts": ListOf({"id": "int", **_COHORT})})
def update_cohorts(call: Call, args: Args) -> object:
    """All or none; answers null."""
    for cohort in args.each("cohorts"):
        if not cohort.text("name").strip():
            raise invalid_parameter()
        _found(call.db, cohort.int("id"))
        update(call.db, "cohort", cohort.int("id"), cohort.given(*_FIELDS))
    return None


@function("core_cohort_get_cohorts", {"cohortids": Nullable(ListOf("int"), [])})
def get_cohorts(call: Call, args: Args) -> object:
    """The cohorts with these ids; all cohorts if no ids are given."""
    wanted = args.ints("cohortids")
    every = rows(call.db, "SELECT * FROM cohort ORDER BY id")
    return [_describe(row) for row in every if not wanted or row["id"] in wanted]


@function(
    "core_cohort_search_cohorts",
    {
        "query": "raw",
        "context": {
            "contextid": Nullable("int"),
            "contextlevel": Nullable("raw"),
            "instanceid": Nullable("int"),
        },
        "includes": Nullable("alpha", "parents"),
        "limitfrom": Nullable("int", 0),
        "limitnum": Nullable("int", 25),
    },
)
def search_cohorts(call: Call, args: Args) -> object:
    """Cohorts whose name, idnumber or description contains the query."""
    like = f"%{args.text('query')}%"
    sql = (
        "SELECT * FROM cohort WHERE name LIKE ? OR idnumber LIKE ? OR description LIKE ?"
        " ORDER BY name LIMIT ? OFFSET ?"
    )
    limits = (args.int("limitnum") or -1, args.int("limitfrom"))
    return {"cohorts": [_describe(row) for row in rows(call.db, sql, like, like, like, *limits)]}


@function(
    "core_cohort_add_cohort_members",
    {"members": ListOf({"cohorttype": _TYPED, "usertype": _TYPED})},
)
def add_cohort_members(call: Call, args: Args) -> object:
    """Partial success. Warning codes: 1 unknown type, 2 not found, 3 already a member."""
    warnings = []
    for member in args.each("members"):
        trouble = _add(call.db, member.one("cohorttype"), member.one("usertype"))
        if trouble:
            warnings.append({"warningcode": trouble[0], "message": trouble[1]})
    return {"warnings": warnings}


def _add(db: sqlite3.Connection, cohort: Args, user: Args) -> tuple[str, str] | None:
    group, person = cohort.text("type"), user.text("type")
    if group not in ("id", "idnumber"):
        return "1", f"invalid parameter: cohortype={group}"
    if person not in ("id", "username"):
        return "1", f"invalid parameter: usertype={person}"
    found = get(db, "cohort", cohort.text("value"), by=group)
    if found is None:
        return "2", f"cohort {group}={cohort.text('value')} not exists"
    member = get(db, "user", user.text("value"), by=person)
    named = f"{person}={user.text('value')}"
    if member is None or member["deleted"]:
        return "2", f"user {named} not exists"
    sql = "INSERT OR IGNORE INTO cohortmember (cohortid, userid) VALUES (?, ?)"
    if not db.execute(sql, (found["id"], member["id"])).rowcount:
        where = f"{group}={cohort.text('value')}"
        return "3", f"record already exists: cohort({where} {named})"
    return None


@function(
    "core_cohort_delete_cohort_members",
    {"members": ListOf({"cohortid": "int", "userid": "int"})},
)
def delete_cohort_members(call: Call, args: Args) -> object:
    """All or none; answers null. A user who is not in the cohort changes nothing."""
    for member in args.each("members"):
        cohort = _found(call.db, member.int("cohortid"))
        user = get(call.db, "user", member.int("userid"))
        if user is None or user["deleted"]:
            raise MoodleException("invaliduser", "Invalid user", "dml_missing_record_exception")
        sql = "DELETE FROM cohortmember WHERE cohortid = ? AND userid = ?"
        call.db.execute(sql, (cohort["id"], user["id"]))
    return None


@function("core_cohort_get_cohort_members", {"cohortids": ListOf("int")})
def get_cohort_members(call: Call, args: Args) -> object:
    """The user ids of each cohort."""
    sql = (
        "SELECT user.id FROM cohortmember JOIN user ON user.id = userid WHERE cohortid = ?"
        " ORDER BY lastname, firstname"
    )
    return [
        {"cohortid": key, "userids": [row["id"] for row in rows(call.db, sql, key)]}
        for key in args.ints("cohortids")
        if _found(call.db, key)
    ]
