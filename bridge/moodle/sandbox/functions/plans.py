"""core_competency_*: plan templates, learning plans, and the grades in them."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox import owned
from bridge.moodle.sandbox.database import get, insert, rows, update
from bridge.moodle.sandbox.functions.competencies import (
    CONTEXT,
    LISTING,
    competency,
    found,
    invalid_persistent,
)
from bridge.moodle.sandbox.functions.state import SCALE_VALUES
from bridge.moodle.sandbox.params import Args, Maybe
from bridge.moodle.sandbox.refusal import Refusal, missing_record
from bridge.moodle.sandbox.registry import Call, function

ACTIVE = 1


@function(
    "core_competency_create_template",
    {
        "template": {
            "shortname": "text",
            "description": Maybe("cleanhtml"),
            "descriptionformat": Maybe("int"),
            "duedate": Maybe("int"),
            "visible": Maybe("bool"),
            **CONTEXT,
        }
    },
)
def create_template(call: Call, args: Args) -> object:
    values = args.one("template").given("shortname", "description", "visible")
    return _template(found(call.db, "template", insert(call.db, "template", **values)))


@function(
    "core_competency_update_template",
    {
        "template": {
            "id": "int",
            "shortname": Maybe("text"),
            "description": Maybe("cleanhtml"),
            "descriptionformat": Maybe("int"),
            "duedate": Maybe("int"),
            "visible": Maybe("bool"),
            **CONTEXT,
        }
    },
)
def update_template(call: Call, args: Args) -> object:
    given = args.one("template")
    key = found(call.db, "template", given.int("id"))["id"]
    values = given.given("shortname", "description", "visible")
    if values:
        update(call.db, "template", key, values)
    return True


@function(
    "core_competency_list_templates",
    {
        **LISTING,
        "context": CONTEXT,
        "includes": Maybe("alpha", "children"),
        "onlyvisible": Maybe("bool", 0),
    },
)
def list_templates(call: Call, _args: Args) -> object:
    return [_template(row) for row in rows(call.db, "SELECT * FROM template ORDER BY id")]


def _template(row: sqlite3.Row) -> dict[str, object]:
    return {name: row[name] for name in ("id", "shortname", "description")} | {
        "descriptionformat": 1,
        "visible": bool(row["visible"]),
        "duedate": 0,
        "contextid": 1,
    }


@function(
    "core_competency_add_competency_to_template", {"templateid": "int", "competencyid": "int"}
)
def add_competency_to_template(call: Call, args: Args) -> object:
    """True when added, false when it was there."""
    return _link(call.db, "template", args.int("templateid"), args.int("competencyid"))


@function("core_competency_list_competencies_in_template", {"id": "int"})
def list_competencies_in_template(call: Call, args: Args) -> object:
    found(call.db, "template", args.int("id"))
    sql = (
        "SELECT c.* FROM templatecompetency t JOIN competency c ON c.id = competencyid"
        " WHERE templateid = ? ORDER BY t.id"
    )
    return [competency(row) for row in rows(call.db, sql, args.int("id"))]


def _link(db: sqlite3.Connection, owner: str, key: int, competencyid: int) -> bool:
    found(db, owner, key)
    found(db, "competency", competencyid)
    table = f"{owner}competency"
    columns = f"({owner}id, competencyid)"
    sql = f"INSERT OR IGNORE INTO {table} {columns} VALUES (?, ?)"  # noqa: S608
    return db.execute(sql, (key, competencyid)).rowcount > 0


@function(
    "core_competency_create_plan",
    {
        "plan": {
            "name": "text",
            "description": Maybe("cleanhtml"),
            "descriptionformat": Maybe("int"),
            "userid": "int",
            "templateid": Maybe("int"),
            "status": Maybe("int"),
            "duedate": Maybe("int"),
        }
    },
)
def create_plan(call: Call, args: Args) -> object:
    """A plan of its own; from a template only `local_stewardpath_save_plan` makes one."""
    given = args.one("plan")
    if given.int("templateid"):
        raise Refusal(
            "codingerror",
            "Coding error detected, it must be fixed by a programmer: "
            "To create a plan from a template use api::create_plan_from_template().",
            "core\\exception\\coding_exception",
        )
    if get(call.db, "user", given.int("userid")) is None:
        raise missing_record("user")
    key = insert(call.db, "plan", **given.given("name", "description", "userid", "status"))
    return _plan(found(call.db, "plan", key))


@function("local_stewardpath_save_plan", {"userid": "int", "templateid": "int"})
def save_plan(call: Call, args: Args) -> object:
    """One plan a user and template, named as the template is."""
    user = get(call.db, "user", args.int("userid"))
    if user is None or user["deleted"]:
        raise owned.unknown_user(args.int("userid"))
    template = get(call.db, "template", args.int("templateid"))
    if template is None:
        what = f"There is no learning plan template with the id {args.int('templateid')}."
        raise Refusal("unknowntemplate", what, owned.PROBLEM)
    sql = "SELECT id FROM plan WHERE userid = ? AND templateid = ?"
    for row in rows(call.db, sql, user["id"], template["id"]):
        return {"id": row["id"], "action": "unchanged"}
    key = insert(
        call.db,
        "plan",
        userid=user["id"],
        templateid=template["id"],
        name=template["shortname"],
    )
    return {"id": key, "action": "created"}


@function("core_competency_list_user_plans", {"userid": "int"}, learner=True)
def list_user_plans(call: Call, args: Args) -> object:
    if get(call.db, "user", args.int("userid")) is None:
        raise missing_record("user")
    sql = "SELECT * FROM plan WHERE userid = ? ORDER BY id"
    return [_plan(row) for row in rows(call.db, sql, args.int("userid"))]


def _plan(row: sqlite3.Row) -> dict[str, object]:
    return {name: row[name] for name in ("id", "name", "description", "userid", "status")} | {
        "descriptionformat": 1,
        "templateid": row["templateid"] or None,
        "statusname": "Active",
        "duedate": 0,
        "iscompleted": False,
        "isactive": row["status"] == ACTIVE,
    }


@function("core_competency_add_competency_to_plan", {"planid": "int", "competencyid": "int"})
def add_competency_to_plan(call: Call, args: Args) -> object:
    if found(call.db, "plan", args.int("planid"))["templateid"]:
        raise Refusal(
            "codingerror",
            "Coding error detected, it must be fixed by a programmer: "
            "A competency can not be added to a learning plan based on a template",
            "core\\exception\\coding_exception",
        )
    _link(call.db, "plan", args.int("planid"), args.int("competencyid"))
    return True


@function("core_competency_list_plan_competencies", {"id": "int"}, learner=True)
def list_plan_competencies(call: Call, args: Args) -> object:
    """Each competency of a plan with what the user has of it."""
    plan = found(call.db, "plan", args.int("id"))
    return [
        {"competency": competency(row), "usercompetency": grade_of(call.db, plan["userid"], row)}
        for row in competencies_of(call.db, plan)
    ]


def competencies_of(db: sqlite3.Connection, plan: sqlite3.Row) -> list[sqlite3.Row]:
    """A plan from a template has the template's competencies, else its own."""
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
    """What a user has of one competency."""
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


@function(
    "core_competency_grade_competency",
    {"userid": "int", "competencyid": "int", "grade": "int", "note": Maybe("raw")},
)
def grade_competency(call: Call, args: Args) -> object:
    """Grade a competency whether or not the user has a plan with it."""
    return _grade(call, args.int("userid"), args)


@function(
    "core_competency_grade_competency_in_plan",
    {"planid": "int", "competencyid": "int", "grade": "int", "note": Maybe("raw")},
)
def grade_competency_in_plan(call: Call, args: Args) -> object:
    plan = found(call.db, "plan", args.int("planid"))
    if args.int("competencyid") not in [row["id"] for row in competencies_of(call.db, plan)]:
        raise missing_record("competency_plancomp")
    return _grade(call, plan["userid"], args)


def _grade(call: Call, userid: int, args: Args) -> dict[str, object]:
    if get(call.db, "user", userid) is None:
        raise missing_record("user")
    row = found(call.db, "competency", args.int("competencyid"))
    grade, note = args.int("grade"), args.text("note")
    if not 1 <= grade <= len(SCALE_VALUES):
        raise invalid_persistent("grade: Invalid grade")
    cursor = call.db.execute(
        "INSERT INTO usercompetency (userid, competencyid, grade, proficiency, note)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (userid, competencyid) DO UPDATE SET"
        " grade = excluded.grade, proficiency = excluded.proficiency, note = excluded.note",
        (userid, row["id"], grade, int(grade == len(SCALE_VALUES)), note),
    )
    return {
        "id": cursor.lastrowid,
        "usercompetencyid": grade_of(call.db, userid, row)["id"],
        "contextid": 1,
        "action": 3,
        "actionuserid": call.userid,
        "grade": grade,
        "gradename": SCALE_VALUES[grade - 1],
        "note": note or None,
        "timecreated": call.now,
    }
