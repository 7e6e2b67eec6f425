"""Competencies and users' ratings, shared by several web service functions."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox.database import get, rows
from bridge.moodle.sandbox.webservice.moodle_errors import MoodleException, missing_record
from bridge.moodle.sandbox.webservice.params import Nullable, Shape

SCALE = 2
SCALE_VALUES = ("Not yet competent", "Competent")

CONTEXT: dict[str, Shape] = {
    "contextid": Nullable("int"),
    "contextlevel": Nullable("raw"),
    "instanceid": Nullable("int"),
}
LISTING: dict[str, Shape] = {
    "sort": Nullable("raw"),
    "order": Nullable("raw", ""),
    "skip": Nullable("int", 0),
    "limit": Nullable("int", 0),
}


def invalid_persistent(what: str) -> MoodleException:
    """Moodle's error for a record that breaks one of its rules."""
    return MoodleException(
        "invalidpersistenterror", f"Error: {what}", "core\\invalid_persistent_exception"
    )


def found(db: sqlite3.Connection, table: str, key: int) -> sqlite3.Row:
    """A row that must exist; otherwise raise Moodle's error with its name of the table."""
    row = get(db, table, key)
    if row is None:
        raise missing_record(f"competency_{table}" if table != "competency" else "competency")
    return row


def competency(row: sqlite3.Row) -> dict[str, object]:
    """A competency as Moodle returns it."""
    names = ("id", "shortname", "idnumber", "description", "sortorder", "competencyframeworkid")
    return {name: row[name] for name in names} | {
        "descriptionformat": 1,
        "parentid": 0,
        "path": "/0/",
        "ruletype": None,
        "ruleoutcome": 0,
        "ruleconfig": None,
        "scaleid": None,
        "scaleconfiguration": None,
    }


def link(db: sqlite3.Connection, owner: str, key: int, competencyid: int) -> bool:
    """Add a competency to a template or a plan; false if it is already there."""
    found(db, owner, key)
    found(db, "competency", competencyid)
    table = f"{owner}competency"
    columns = f"({owner}id, competencyid)"
    sql = f"INSERT OR IGNORE INTO {table} {columns} VALUES (?, ?)"  # noqa: S608
    return db.execute(sql, (key, competencyid)).rowcount > 0


def competencies_of(db: sqlite3.Connection, plan: sqlite3.Row) -> list[sqlite3.Row]:
    """The competencies of a plan: its template's, or its own if it has no template."""
    if plan["templateid"]:
        sql = (
            "SELECT c.* FROM templatecompetency l JOIN competency c ON c.id = competencyid"
            " WHERE templateid = ? ORDER BY l.id"
        )
        return rows(db, sql, plan["templateid"])
    sql = (
        "SELECT c.* FROM plancompetency l JOIN competency c ON c.id = competencyid"
        " WHERE planid = ? ORDER BY l.rowid"
    )
    return rows(db, sql, plan["id"])


def grade_of(db: sqlite3.Connection, userid: int, row: sqlite3.Row) -> dict[str, object]:
    """A user's rating in one competency."""
    sql = "SELECT * FROM usercompetency WHERE userid = ? AND competencyid = ?"
    known = next(iter(rows(db, sql, userid, row["id"])), None)
    grade = known["grade"] if known else None
    return {
        "id": known["id"] if known else 0,
        "userid": userid,
        "competencyid": row["id"],
        "status": 0,
        "reviewerid": None,
        "proficiency": bool(known["proficiency"]) if known else None,
        "grade": grade,
        "gradename": SCALE_VALUES[grade - 1] if grade else "-",
        "proficiencyname": ("Yes" if known["proficiency"] else "No") if known else "-",
    }
