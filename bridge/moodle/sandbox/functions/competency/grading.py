"""core_competency_grade_*: awarding a competency."""

from __future__ import annotations

from bridge.moodle.sandbox.competencies import (
    SCALE_VALUES,
    competencies_of,
    found,
    grade_of,
    invalid_persistent,
)
from bridge.moodle.sandbox.database import get
from bridge.moodle.sandbox.webservice.moodle_errors import missing_record
from bridge.moodle.sandbox.webservice.params import Args, Nullable
from bridge.moodle.sandbox.webservice.registry import Call, function


@function(
    "core_competency_grade_competency",
    {"userid": "int", "competencyid": "int", "grade": "int", "note": Nullable("raw")},
)
def grade_competency(call: Call, args: Args) -> object:
    """Grade a competency, with or without a plan."""
    return _grade(call, args.int("userid"), args)


@function(
    "core_competency_grade_competency_in_plan",
    {"planid": "int", "competencyid": "int", "grade": "int", "note": Nullable("raw")},
)
def grade_competency_in_plan(call: Call, args: Args) -> object:
    """Grade one of a plan's competencies."""
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
        raise invalid_persistent("Invalid rating")
    call.db.execute(
        "INSERT INTO usercompetency (userid, competencyid, grade, proficiency, note)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (userid, competencyid) DO UPDATE SET"
        " grade = excluded.grade, proficiency = excluded.proficiency, note = excluded.note",
        (userid, row["id"], grade, int(grade == len(SCALE_VALUES)), note),
    )
    number = grade_of(call.db, userid, row)["id"]
    return {
        "id": number,
        "usercompetencyid": number,
        "contextid": 1,
        "action": 3,
        "actionuserid": call.userid,
        "grade": grade,
        "gradename": SCALE_VALUES[grade - 1],
        "note": note or None,
        "timecreated": call.now,
    }
