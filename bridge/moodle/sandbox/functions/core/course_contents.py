"""core_course_get_contents and get_course_module."""

from __future__ import annotations

import json
import sqlite3

from bridge.moodle.sandbox.database import get, insert, rows
from bridge.moodle.sandbox.webservice.moodle_errors import MoodleException, missing_record
from bridge.moodle.sandbox.webservice.params import Args, ListOf, Nullable
from bridge.moodle.sandbox.webservice.registry import Call, function

_CM = ("instance", "name", "modname", "visible", "completion", "idnumber")


@function(
    "core_course_get_contents",
    {"courseid": "int", "options": Nullable(ListOf({"name": "raw", "value": "raw"}), [])},
    learner=True,
)
def get_contents(call: Call, args: Args) -> object:
    """The sections of a course with their modules, without idnumbers."""
    if get(call.db, "course", args.int("courseid")) is None:
        raise missing_record("course")
    sql = "SELECT * FROM section WHERE courseid = ? ORDER BY number"
    return [_section(call, row) for row in rows(call.db, sql, args.int("courseid"))]


def _section(call: Call, row: sqlite3.Row) -> dict[str, object]:
    sql = "SELECT * FROM activity WHERE sectionid = ? ORDER BY position"
    return {
        "id": row["id"],
        "name": row["name"] or ("General" if not row["number"] else "New section"),
        "visible": row["visible"],
        "summary": row["summary"],
        "summaryformat": 1,
        "section": row["number"],
        "hiddenbynumsections": 0,
        "uservisible": True,
        "modules": [_module(call, module) for module in rows(call.db, sql, row["id"])],
    }


def _module(call: Call, row: sqlite3.Row) -> dict[str, object]:
    return {
        "id": row["cmid"],
        "url": f"{call.url}/mod/{row['modname']}/view.php?id={row['cmid']}",
        "name": row["name"],
        "instance": row["instance"],
        "visible": row["visible"],
        "uservisible": True,
        "modname": row["modname"],
        "modplural": row["modname"],
        "completion": row["completion"],
    }


@function("core_course_get_course_module", {"cmid": "int"}, learner=True)
def get_course_module(call: Call, args: Args) -> object:
    """One module with its idnumber."""
    row = get(call.db, "activity", args.int("cmid"), by="cmid")
    if row is None:
        raise missing_record("")
    shown = {name: row[name] for name in _CM}
    place = {"id": row["cmid"], "course": row["courseid"], "section": row["sectionid"]}
    return {"cm": place | shown, "warnings": []}


@function(
    "core_courseformat_update_course",
    {
        "action": "alphanumext",
        "courseid": "int",
        "ids": Nullable(ListOf("int"), []),
        "targetsectionid": Nullable("int"),
        "targetcmid": Nullable("int"),
    },
)
def update_course(call: Call, args: Args) -> object:
    """`section_add`: add an unnamed section at the end. Answers JSON with the changes."""
    course = get(call.db, "course", args.int("courseid"))
    if course is None:
        raise missing_record("course")
    if args.text("action") != "section_add":
        raise MoodleException("codingerror", "Invalid course state action", "coding_exception")
    sql = "SELECT max(number) FROM section WHERE courseid = ?"
    last = call.db.execute(sql, (course["id"],)).fetchone()[0] or 0
    key = insert(call.db, "section", courseid=course["id"], number=last + 1)
    fields = {"id": str(key), "number": last + 1}
    return json.dumps([{"name": "section", "action": "put", "fields": fields}])
