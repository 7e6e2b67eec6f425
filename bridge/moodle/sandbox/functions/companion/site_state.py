"""local_stewardpath_get_site_state and get_course_state: the stored state, unfiltered."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox import ownership, stored_files
from bridge.moodle.sandbox.competencies import SCALE, SCALE_VALUES
from bridge.moodle.sandbox.database import language_packs, meta, rows, switched_on
from bridge.moodle.sandbox.events import OWNED
from bridge.moodle.sandbox.functions.core.site_info import RELEASE, VERSION
from bridge.moodle.sandbox.webservice.params import Args
from bridge.moodle.sandbox.webservice.registry import Call, function

_SETTINGS = ("completion", "badges", "multilang", "competencies", "messaging")
_COURSE = (
    "id", "idnumber", "category", "fullname", "shortname", "summary", "visible",
    "enablecompletion", "lang",
)  # fmt: skip
_OBJECTS = {
    "categories": ("category", ("id", "idnumber", "name", "description", "visible", "parent")),
    "courses": ("course", _COURSE),
    "cohorts": ("cohort", ("id", "idnumber", "name", "description", "visible")),
    "frameworks": ("framework", ("id", "idnumber", "shortname", "visible")),
    "badges": ("badge", ("id", "idnumber", "name", "description", "imagehash", "status")),
}
_FLAGS = ("visible", "status", "enablecompletion", "completionview", "completionpassgrade",
          "completionusegrade", "shuffleanswers")  # fmt: skip
_QUIZ = (
    "timelimit", "timeopen", "timeclose", "attempts", "grademethod", "gradepass", "grade",
    "completionpassgrade", "completionusegrade", "shuffleanswers",
)  # fmt: skip
_SECTION = ("id", "number", "idnumber", "name", "summary", "visible")


def _pick(row: sqlite3.Row, names: tuple[str, ...]) -> dict[str, object]:
    return {name: bool(row[name]) if name in _FLAGS else row[name] for name in names}


@function("local_stewardpath_get_site_state", {"prefix": "raw"})
def get_site_state(call: Call, args: Args) -> object:
    """The objects of one curriculum, without the content of its courses."""
    prefix = args.text("prefix")
    ownership.require_managed(prefix)
    newest = call.db.execute("SELECT max(id) FROM change").fetchone()[0]
    state: dict[str, object] = {
        "release": "1.7.0",
        "contract": 1,
        "moodlerelease": RELEASE,
        "moodleversion": VERSION,
        "maxinputvars": call.max_input_vars,
        "feed": meta(call.db, "feed"),
        "newestchange": newest or 0,
        "numberlocked": switched_on(call.db, "numberlocked"),
        "emailchangeconfirmation": switched_on(call.db, "emailchangeconfirmation"),
        "storesfiles": True,
        "settings": dict.fromkeys(_SETTINGS, True),
        "competencyscale": SCALE,
        "competencyscalevalues": list(SCALE_VALUES),
        "serviceuser": call.userid,
        "languages": list(language_packs(call.db)),
    }
    for name, (table, columns) in _OBJECTS.items():
        state[name] = [_pick(row, columns) for row in _with_prefix(call.db, table, prefix)]
    return state | {
        "competencies": _competencies(call.db, prefix),
        "templates": _templates(call.db, prefix),
    }


def _with_prefix(db: sqlite3.Connection, table: str, prefix: str) -> list[sqlite3.Row]:
    sql = f"SELECT * FROM {table} WHERE substr(idnumber, 1, ?) = ? ORDER BY id"  # noqa: S608
    return rows(db, sql, len(prefix), prefix)


def _competencies(db: sqlite3.Connection, prefix: str) -> list[dict[str, object]]:
    return [
        _pick(row, ("id", "idnumber", "shortname")) | {"frameworkid": row["competencyframeworkid"]}
        for row in _with_prefix(db, "competency", prefix)
    ]


def _templates(db: sqlite3.Connection, prefix: str) -> list[dict[str, object]]:
    sql = (
        "SELECT * FROM template WHERE instr(description, ?1) OR id IN (SELECT templateid FROM"
        " templatecompetency JOIN competency c ON c.id = competencyid"
        " WHERE substr(c.idnumber, 1, length(?1)) = ?1) ORDER BY id"
    )
    below = "SELECT competencyid FROM templatecompetency WHERE templateid = ? ORDER BY id"
    return [
        _pick(row, ("id", "shortname", "description", "visible"))
        | {"competencyids": [link["competencyid"] for link in rows(db, below, row["id"])]}
        for row in rows(db, sql, prefix)
    ]


@function("local_stewardpath_get_course_state", {"courseid": "int"})
def get_course_state(call: Call, args: Args) -> object:
    """The managed sections and activities of one course, and the latest questions."""
    course = ownership.course(call.db, args.int("courseid"))
    sql = "SELECT * FROM section WHERE courseid = ? AND idnumber <> '' ORDER BY number"
    sections = rows(call.db, sql, course["id"])
    return {
        "course": _pick(course, _COURSE),
        "sections": [
            _pick(row, _SECTION) | {"files": stored_files.report(call.db, "section", row["id"])}
            for row in sections
        ],
        "activities": _activities(call.db, course["id"]),
        "questions": _questions(call.db, course["id"]),
    }


def _activities(db: sqlite3.Connection, course: int) -> list[dict[str, object]]:
    sql = (
        "SELECT a.*, coalesce(s.idnumber, '') AS sectionidnumber, row_number() OVER"
        " (PARTITION BY s.id ORDER BY a.position) - 1 AS place"
        " FROM activity a JOIN section s ON s.id = a.sectionid"
        " WHERE a.courseid = ? AND substr(a.idnumber, 1, ?) = ? ORDER BY s.number, a.position"
    )
    return [_activity(db, row) for row in rows(db, sql, course, len(OWNED), OWNED)]


def _activity(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, object]:
    names = ("cmid", "idnumber", "modname", "sectionidnumber", "name", "visible", "content",
             "intro", "completion", "completionview")  # fmt: skip
    files = stored_files.report(db, "activity", row["cmid"])
    shown = _pick(row, names) | {"position": row["place"], "files": files}
    return shown | {"quiz": _quiz(db, row)} if row["modname"] == "quiz" else shown


def _quiz(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, object]:
    sql = (
        "SELECT count(*) AS attemptcount, count(DISTINCT userid) AS learnercount,"
        " coalesce(sum(state = 'finished'), 0) AS finishedcount FROM attempt WHERE cmid = ?"
    )
    slots = (
        "SELECT idnumber FROM slot JOIN entry ON entry.id = entryid WHERE cmid = ? ORDER BY slot"
    )
    questions = [slot["idnumber"] for slot in rows(db, slots, row["cmid"])]
    counts = dict(db.execute(sql, (row["cmid"],)).fetchone())
    return _pick(row, _QUIZ) | counts | {"sumgrades": len(questions), "questions": questions}


def _questions(db: sqlite3.Connection, course: int) -> list[dict[str, object]]:
    sql = (
        "SELECT entry.idnumber, q.id AS questionid, q.version, q.hash, c.idnumber AS category,"
        " q.status FROM question q JOIN entry ON entry.id = q.entryid"
        " JOIN questioncategory c ON c.id = entry.categoryid WHERE c.courseid = ? AND q.version ="
        " (SELECT max(version) FROM question WHERE entryid = entry.id) ORDER BY entry.id"
    )
    return [dict(row) for row in rows(db, sql, course)]
