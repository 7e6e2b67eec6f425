"""local_stewardpath_get_missed_questions: first attempts, counted by question."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator

from bridge.moodle.sandbox import attempts, owned
from bridge.moodle.sandbox.database import rows
from bridge.moodle.sandbox.events import OWNED
from bridge.moodle.sandbox.params import Args, Maybe
from bridge.moodle.sandbox.registry import Call, function

LEAST, MOST = 0.000001, 0.999999
"""Moodle's bounds: below it is wrong, above it is right."""
_FIRST = (
    "SELECT t.*, a.idnumber FROM attempt t JOIN activity a ON a.cmid = t.cmid"
    " WHERE a.courseid = ? AND substr(a.idnumber, 1, ?) = ? AND t.number = 1"
    " AND t.state = 'finished' AND t.timefinish >= ? ORDER BY a.idnumber"
)
_LATEST = (
    "SELECT q.id, entry.idnumber FROM question q JOIN entry ON entry.id = q.entryid"
    " JOIN questioncategory c ON c.id = entry.categoryid WHERE c.courseid = ?"
    " AND q.version = (SELECT max(version) FROM question WHERE entryid = entry.id)"
)


@function("local_stewardpath_get_missed_questions", {"courseid": "int", "since": Maybe("int", 0)})
def get_missed_questions(call: Call, args: Args) -> object:
    """How often the latest version of each question was asked, wrong, and partly right."""
    course = owned.course(call.db, args.int("courseid"))["id"]
    counts: dict[tuple[str, str], Counter[str]] = {}
    for quiz, question, fraction in _answers(call.db, course, args.int("since")):
        wrong, right = fraction < LEAST, fraction > MOST
        counted = {"asked": 1, "wrong": wrong, "partly": not wrong and not right}
        counts.setdefault((quiz, question), Counter()).update(counted)
    return {
        "questions": [
            {"quiz": quiz, "question": question, **count}
            for (quiz, question), count in sorted(counts.items())
        ]
    }


def _answers(db: sqlite3.Connection, course: int, since: int) -> Iterator[tuple[str, str, float]]:
    """Quiz, question and what the answer was worth, for each question of each first attempt."""
    latest = {row["id"]: row["idnumber"] for row in rows(db, _LATEST, course)}
    for attempt in rows(db, _FIRST, course, len(OWNED), OWNED, since):
        for asked in attempts.asked(db, attempt):
            if asked.questionid in latest:
                yield attempt["idnumber"], latest[asked.questionid], asked.fraction
