"""The mod_quiz_* functions for learners, and viewing a page or a link."""

from __future__ import annotations

import re
import sqlite3

from bridge.moodle.sandbox.database import get, rows
from bridge.moodle.sandbox.events import best_grade, enrolled, view
from bridge.moodle.sandbox.quiz import attempts
from bridge.moodle.sandbox.quiz.attempt_form import html
from bridge.moodle.sandbox.quiz.responses import MoodleResponse
from bridge.moodle.sandbox.webservice.moodle_errors import (
    MoodleException,
    missing_record,
    not_accessible,
)
from bridge.moodle.sandbox.webservice.params import Args, ListOf, Nullable, Shape
from bridge.moodle.sandbox.webservice.registry import Call, function

_DATA: Shape = Nullable(ListOf({"name": "raw", "value": "raw"}), [])
_SETTINGS = (
    "name", "intro", "visible", "timelimit", "timeopen", "timeclose", "attempts", "grademethod",
    "grade",
)  # fmt: skip


@function(
    "mod_quiz_get_quizzes_by_courses", {"courseids": Nullable(ListOf("int"), [])}, learner=True
)
def get_quizzes_by_courses(call: Call, args: Args) -> object:
    """The visible quizzes of the courses."""
    sql = "SELECT * FROM activity WHERE modname = 'quiz' AND courseid = ? AND visible ORDER BY cmid"
    found = [row for key in args.ints("courseids") for row in rows(call.db, sql, key)]
    return {"quizzes": [_describe(row) for row in found], "warnings": []}


def _describe(row: sqlite3.Row) -> dict[str, object]:
    place = {"id": row["instance"], "coursemodule": row["cmid"], "course": row["courseid"]}
    return place | {name: row[name] for name in _SETTINGS} | {"visible": bool(row["visible"])}


def _activity(call: Call, modname: str, instance: int) -> sqlite3.Row:
    sql = "SELECT * FROM activity WHERE modname = ? AND instance = ?"
    found = next(iter(rows(call.db, sql, modname, instance)), None)
    if found is None:
        raise missing_record(modname)
    if not enrolled(call.db, found["courseid"], call.userid):
        raise not_accessible("Not enrolled")
    if not found["visible"]:
        raise not_accessible("Activity is hidden")
    return found


@function("mod_page_view_page", {"pageid": "int"}, learner=True)
def view_page(call: Call, args: Args) -> object:
    """Record that a learner viewed a page."""
    return _view(call, "page", args.int("pageid"))


@function("mod_url_view_url", {"urlid": "int"}, learner=True)
def view_url(call: Call, args: Args) -> object:
    """Record that a learner opened a link."""
    return _view(call, "url", args.int("urlid"))


def _view(call: Call, modname: str, instance: int) -> dict[str, object]:
    view(call.db, _activity(call, modname, instance), call.userid, call.now)
    return {"status": True, "warnings": []}


@function(
    "mod_quiz_start_attempt",
    {"quizid": "int", "preflightdata": _DATA, "forcenew": Nullable("bool", 0)},
    learner=True,
)
def start_attempt(call: Call, args: Args) -> object:
    """Start an attempt; an open attempt must be finished first."""
    quiz = _activity(call, "quiz", args.int("quizid"))
    before = attempts.attempts(call.db, quiz["cmid"], call.userid)
    if any(attempt["state"] != attempts.FINISHED for attempt in before):
        raise MoodleException("attemptstillinprogress", "Attempt still in progress")
    attempt = attempts.begin(call.db, quiz["cmid"], call.userid, call.now)
    return {"attempt": _attempt(quiz, attempt), "warnings": []}


def _attempt(quiz: sqlite3.Row, attempt: sqlite3.Row) -> dict[str, object]:
    return {
        "id": attempt["id"],
        "quiz": quiz["instance"],
        "userid": attempt["userid"],
        "attempt": attempt["number"],
        "uniqueid": attempt["id"],
        "currentpage": 0,
        "preview": 0,
        "state": attempt["state"],
        "timestart": attempt["timestart"],
        "timefinish": attempt["timefinish"],
    }


def _own(call: Call, key: int, *, open_: bool) -> tuple[sqlite3.Row, sqlite3.Row]:
    attempt = get(call.db, "attempt", key)
    if attempt is None:
        raise missing_record("quiz_attempts")
    if attempt["userid"] != call.userid:
        raise MoodleException("notyourattempt", "This is not your attempt!")
    if open_ and attempt["state"] == attempts.FINISHED:
        raise MoodleException("attemptalreadyclosed", "This attempt has already been finished.")
    quiz = get(call.db, "activity", attempt["cmid"], by="cmid")
    if quiz is None:
        raise missing_record("quiz")
    return quiz, attempt


@function(
    "mod_quiz_get_attempt_data",
    {"attemptid": "int", "page": "int", "preflightdata": _DATA},
    learner=True,
)
def get_attempt_data(call: Call, args: Args) -> object:
    """The questions with their form fields, all on page 0."""
    quiz, attempt = _own(call, args.int("attemptid"), open_=True)
    questions = [
        {
            "slot": item.slot,
            "type": item.question.moodle_type,
            "page": 0,
            "html": html(item, f"q{attempt['id']}:{item.slot}_"),
            "sequencecheck": 1,
            "status": "Not yet answered",
            "maxmark": 1,
        }
        for item in attempts.attempt_questions(call.db, attempt)
    ]
    return {
        "attempt": _attempt(quiz, attempt),
        "messages": [],
        "nextpage": -1,
        "questions": questions,
        "warnings": [],
    }


@function(
    "mod_quiz_process_attempt",
    {
        "attemptid": "int",
        "data": _DATA,
        "finishattempt": Nullable("bool", 0),
        "timeup": Nullable("bool", 0),
        "preflightdata": _DATA,
    },
    learner=True,
)
def process_attempt(call: Call, args: Args) -> object:
    """Save the answers; with `finishattempt`, mark them."""
    _, attempt = _own(call, args.int("attemptid"), open_=True)
    sent = {item.text("name"): item.text("value") for item in args.each("data")}
    attempts.answer(call.db, attempt, responses(attempt["id"], sent))
    state = attempt["state"]
    if args.flag("finishattempt"):
        state = attempts.finish(call.db, attempt["id"], call.now)["state"]
    return {"state": state, "warnings": []}


def responses(usage: int, sent: dict[str, str]) -> dict[int, MoodleResponse]:
    """Form fields `q<usage>:<slot>_<name>` by slot; Moodle's own fields (`:name`) left out."""
    found: dict[int, MoodleResponse] = {}
    for name, value in sent.items():
        parts = re.fullmatch(rf"q{usage}:(\d+)_([a-z][a-z_]*\d*)", name)
        if parts:
            found.setdefault(int(parts[1]), {})[parts[2]] = value
    return found


@function(
    "mod_quiz_get_user_best_grade", {"quizid": "int", "userid": Nullable("int", 0)}, learner=True
)
def get_user_best_grade(call: Call, args: Args) -> object:
    """The best grade of the calling user, or of another user if allowed."""
    sql = "SELECT * FROM activity WHERE modname = 'quiz' AND instance = ?"
    for quiz in rows(call.db, sql, args.int("quizid")):
        grade = best_grade(call.db, quiz["cmid"], args.int("userid") or call.userid)
        known = {"hasgrade": grade is not None, "gradetopass": quiz["gradepass"], "warnings": []}
        return known if grade is None else known | {"grade": grade}
    raise missing_record("quiz")
