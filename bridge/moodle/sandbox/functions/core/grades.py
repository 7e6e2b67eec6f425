"""gradereport_user_get_grade_items and activity completion, for sites without the plugin."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox.database import get, rows
from bridge.moodle.sandbox.events import best_grade
from bridge.moodle.sandbox.webservice.moodle_errors import missing_record
from bridge.moodle.sandbox.webservice.params import Args, Nullable
from bridge.moodle.sandbox.webservice.registry import Call, function


@function(
    "gradereport_user_get_grade_items",
    {"courseid": "int", "userid": Nullable("int", 0), "groupid": Nullable("int", 0)},
    learner=True,
)
def get_grade_items(call: Call, args: Args) -> object:
    """The grades of one user, or of all enrolled users (userid 0)."""
    course = get(call.db, "course", args.int("courseid"))
    if course is None:
        raise missing_record("course")
    sql = (
        "SELECT user.* FROM enrolment JOIN user ON user.id = userid WHERE courseid = ?1"
        " AND deleted = 0 AND (user.id = ?2 OR NOT ?2) ORDER BY user.id"
    )
    users = rows(call.db, sql, course["id"], args.int("userid"))
    return {"usergrades": [_of(call, course, user) for user in users], "warnings": []}


def _of(call: Call, course: sqlite3.Row, user: sqlite3.Row) -> dict[str, object]:
    sql = "SELECT * FROM activity WHERE courseid = ? AND modname = 'quiz' ORDER BY cmid"
    quizzes = rows(call.db, sql, course["id"])
    return {
        "courseid": course["id"],
        "courseidnumber": course["idnumber"],
        "userid": user["id"],
        "userfullname": f"{user['firstname']} {user['lastname']}",
        "useridnumber": user["idnumber"],
        "maxdepth": 2,
        "gradeitems": [_item(quiz, _grade(call, quiz, user["id"])) for quiz in quizzes],
    }


def _grade(call: Call, quiz: sqlite3.Row, userid: int) -> float | None:
    return best_grade(call.db, quiz["cmid"], userid)


def _item(quiz: sqlite3.Row, grade: float | None) -> dict[str, object]:
    return {
        "id": quiz["cmid"],
        "itemname": quiz["name"],
        "itemtype": "mod",
        "itemmodule": "quiz",
        "iteminstance": quiz["instance"],
        "itemnumber": 0,
        "idnumber": quiz["idnumber"],
        "cmid": quiz["cmid"],
        "graderaw": grade,
        "gradeformatted": "-" if grade is None else f"{grade:.2f}",
        "grademin": 0,
        "grademax": quiz["grade"],
        "rangeformatted": f"0&ndash;{quiz['grade']:.0f}",
        "percentageformatted": "-" if grade is None else f"{grade:.2f} %",
        "feedback": "",
        "feedbackformat": 0,
    }


@function(
    "core_completion_get_activities_completion_status",
    {"courseid": "int", "userid": "int"},
    learner=True,
)
def get_activities_completion_status(call: Call, args: Args) -> object:
    """The state of every tracked activity of a course for one user."""
    for table, key in (("course", args.int("courseid")), ("user", args.int("userid"))):
        if get(call.db, table, key) is None:
            raise missing_record(table)
    sql = (
        "SELECT a.*, coalesce(state, 0) AS state, coalesce(time, 0) AS time FROM activity a"
        " LEFT JOIN completion c ON c.cmid = a.cmid AND c.userid = ?"
        " WHERE courseid = ? AND completion > 0 ORDER BY a.cmid"
    )
    found = rows(call.db, sql, args.int("userid"), args.int("courseid"))
    return {"statuses": [_status(row) for row in found], "warnings": []}


def _status(row: sqlite3.Row) -> dict[str, object]:
    return {
        "cmid": row["cmid"],
        "modname": row["modname"],
        "instance": row["instance"],
        "state": row["state"],
        "timecompleted": row["time"],
        "tracking": row["completion"],
        "overrideby": None,
        "valueused": False,
        "hascompletion": True,
        "isautomatic": row["completion"] == 2,
        "istrackeduser": True,
        "uservisible": True,
        "details": [],
    }
