"""local_stewardpath_get_first_tries and get_missed_questions: what first attempts tell."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator

from bridge.moodle.sandbox import ownership
from bridge.moodle.sandbox.database import rows
from bridge.moodle.sandbox.events import OWNED
from bridge.moodle.sandbox.quiz import attempts
from bridge.moodle.sandbox.webservice.params import Args, Nullable
from bridge.moodle.sandbox.webservice.registry import Call, function

MIN_PARTLY_RIGHT, MAX_PARTLY_RIGHT = 0.000001, 0.999999
"""Moodle's bounds: below it is wrong, above it is right."""
_TRIES = (
    "SELECT t.*, a.idnumber, t.timefinish AS time FROM attempt t"
    " JOIN activity a ON a.cmid = t.cmid JOIN user u ON u.id = t.userid"
    " WHERE a.courseid = ? AND substr(a.idnumber, 1, ?) = ? AND t.number = 1"
    " AND t.state = 'finished' AND t.timefinish >= ? AND t.id > ? AND u.deleted <= ?"
    " ORDER BY t.id LIMIT ?"
)
_SHOWN = ("id", "userid", "idnumber", "grade", "time")
_LATEST = (
    "SELECT q.id, entry.idnumber FROM question q JOIN entry ON entry.id = q.entryid"
    " JOIN questioncategory c ON c.id = entry.categoryid WHERE c.courseid = ?"
    " AND q.version = (SELECT max(version) FROM question WHERE entryid = entry.id)"
)


@function(
    "local_stewardpath_get_first_tries",
    {
        "courseid": "int",
        "since": Nullable("int", 0),
        "after": Nullable("int", 0),
        "limit": Nullable("int", 1000),
    },
)
def get_first_tries(call: Call, args: Args) -> object:
    """How first attempts at a course's managed quizzes ended, ordered by id."""
    limit, since, after = args.int("limit"), args.int("since"), args.int("after")
    ownership.within("limit", limit, 1, 2000)
    course = ownership.course(call.db, args.int("courseid"))["id"]
    found = rows(call.db, _TRIES, course, len(OWNED), OWNED, since, after, 0, limit + 1)
    shown = [{name: row[name] for name in _SHOWN} for row in found[:limit]]
    return {"tries": shown, "more": len(found) > limit}


@function(
    "local_stewardpath_get_missed_questions", {"courseid": "int", "since": Nullable("int", 0)}
)
def get_missed_questions(call: Call, args: Args) -> object:
    """How often the latest version of each question was asked, wrong, and partly right."""
    course = ownership.course(call.db, args.int("courseid"))["id"]
    counts: dict[tuple[str, str], Counter[str]] = {}
    for quiz, question, fraction in _answers(call.db, course, args.int("since")):
        wrong, partly = (
            int(fraction < MIN_PARTLY_RIGHT),
            int(MIN_PARTLY_RIGHT <= fraction <= MAX_PARTLY_RIGHT),
        )
        counted = {"asked": 1, "wrong": wrong, "partly": partly}
        counts.setdefault((quiz, question), Counter()).update(counted)
    return {
        "questions": [
            {"quiz": quiz, "question": question, **count}
            for (quiz, question), count in sorted(counts.items())
        ]
    }


def _answers(db: sqlite3.Connection, course: int, since: int) -> Iterator[tuple[str, str, float]]:
    """Quiz, question and mark of each question of each first attempt."""
    latest = {row["id"]: row["idnumber"] for row in rows(db, _LATEST, course)}
    for attempt in rows(db, _TRIES, course, len(OWNED), OWNED, since, 0, 1, -1):
        for question in attempts.attempt_questions(db, attempt):
            if question.questionid in latest:
                yield attempt["idnumber"], latest[question.questionid], question.fraction
