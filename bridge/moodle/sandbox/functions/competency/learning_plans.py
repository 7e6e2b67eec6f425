"""Learning plans: core_competency_*, and local_stewardpath_save_plan."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox import ownership
from bridge.moodle.sandbox.competencies import competencies_of, competency, found, grade_of, link
from bridge.moodle.sandbox.database import get, insert, rows
from bridge.moodle.sandbox.webservice.moodle_errors import MoodleException, missing_record
from bridge.moodle.sandbox.webservice.params import Args, Nullable
from bridge.moodle.sandbox.webservice.registry import Call, function

ACTIVE = 1


@function(
    "core_competency_create_plan",
    {
        "plan": {
            "name": "text",
            "description": Nullable("cleanhtml"),
            "descriptionformat": Nullable("int"),
            "userid": "int",
            "templateid": Nullable("int"),
            "status": Nullable("int"),
            "duedate": Nullable("int"),
        }
    },
)
def create_plan(call: Call, args: Args) -> object:
    """A plan without a template; only `local_stewardpath_save_plan` uses a template."""
    given = args.one("plan")
    if given.int("templateid"):
        raise MoodleException(
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
    """One plan for each user and template, with the template's name."""
    user = get(call.db, "user", args.int("userid"))
    if user is None or user["deleted"]:
        raise ownership.unknown_user(args.int("userid"))
    template = get(call.db, "template", args.int("templateid"))
    if template is None:
        what = f"There is no learning plan template with the id {args.int('templateid')}."
        raise MoodleException("unknowntemplate", what, ownership.PROBLEM)
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
    """The plans of one user."""
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
    """Answers true; a plan from a template follows its template instead."""
    if found(call.db, "plan", args.int("planid"))["templateid"]:
        raise MoodleException(
            "codingerror",
            "Coding error detected, it must be fixed by a programmer: "
            "A competency can not be added to a learning plan based on a template",
            "core\\exception\\coding_exception",
        )
    link(call.db, "plan", args.int("planid"), args.int("competencyid"))
    return True


@function("core_competency_list_plan_competencies", {"id": "int"}, learner=True)
def list_plan_competencies(call: Call, args: Args) -> object:
    """Each competency of a plan with the user's rating."""
    plan = found(call.db, "plan", args.int("id"))
    return [
        {"competency": competency(row), "usercompetency": grade_of(call.db, plan["userid"], row)}
        for row in competencies_of(call.db, plan)
    ]
