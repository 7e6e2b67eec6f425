"""core_course_*_courses."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox.database import get, insert, rows, update
from bridge.moodle.sandbox.webservice.moodle_errors import MoodleException, invalid_parameter
from bridge.moodle.sandbox.webservice.params import Args, ListOf, Nullable, Shape
from bridge.moodle.sandbox.webservice.registry import Call, function

_LANGUAGES = ("en", "fr")
_OPTIONAL: dict[str, Shape] = {
    "idnumber": Nullable("raw"),
    "summary": Nullable("raw"),
    "summaryformat": Nullable("int"),
    "format": Nullable("raw"),
    "showgrades": Nullable("int"),
    "newsitems": Nullable("int"),
    "startdate": Nullable("int"),
    "enddate": Nullable("int"),
    "numsections": Nullable("int"),
    "visible": Nullable("int"),
    "enablecompletion": Nullable("int"),
    "completionnotify": Nullable("int"),
    "lang": Nullable("raw"),
    "courseformatoptions": Nullable(ListOf({"name": "raw", "value": "raw"})),
}
_STORED = ("fullname", "shortname", "idnumber", "summary", "visible", "enablecompletion", "lang")
_LIMITS = {"fullname": 254, "shortname": 255, "idnumber": 100}


@function(
    "core_course_create_courses",
    {
        "courses": ListOf(
            {"fullname": "text", "shortname": "text", "categoryid": "int", **_OPTIONAL}
        )
    },
)
def create_courses(call: Call, args: Args) -> object:
    """All or none. A new course has only section 0."""
    return [_create(call, course) for course in args.each("courses")]


def _create(call: Call, course: Args) -> dict[str, object]:
    if get(call.db, "category", course.int("categoryid")) is None:
        why = "Invalid parameter value detected"
        raise MoodleException(
            "errorcatcontextnotvalid",
            "You cannot execute functions in the category context (category id:"
            f"{course.int('categoryid')}). The context error message was: {why}",
        )
    for name in ("fullname", "shortname"):
        if not course.text(name).strip():
            raise MoodleException("errorinvalidparam", f'The param "{name}" is invalid.')
    _check(call.db, course, 0)
    values = course.given(*_STORED)
    key = insert(
        call.db, "course", category=course.int("categoryid"), timecreated=call.now, **values
    )
    for number in range(course.int("numsections") + 1):
        insert(call.db, "section", courseid=key, number=number)
    return {"id": key, "shortname": course.text("shortname")}


def _check(db: sqlite3.Connection, course: Args, itself: int) -> None:
    if any(len(course.text(name)) > limit for name, limit in _LIMITS.items()):
        raise MoodleException(
            "dmlwriteexception", "Error writing to database", "dml_write_exception"
        )
    known = get(db, "course", itself)
    changed = "lang" in course and (known is None or known["lang"] != course.text("lang"))
    if changed and course.text("lang") not in _LANGUAGES:
        raise MoodleException("errorinvalidparam", 'The param "lang" is invalid.')
    for field, code, what in (
        ("shortname", "shortnametaken", "Short name"),
        ("idnumber", "courseidnumbertaken", "ID number"),
    ):
        other = get(db, "course", course.text(field) or None, by=field)
        if other is not None and other["id"] != itself:
            name = course.text(field)
            raise MoodleException(code, f"{what} is already used for another course ({name})")


@function(
    "core_course_update_courses",
    {
        "courses": ListOf(
            {
                "id": "int",
                "fullname": Nullable("text"),
                "shortname": Nullable("text"),
                "categoryid": Nullable("int"),
                **_OPTIONAL,
            }
        )
    },
)
def update_courses(call: Call, args: Args) -> object:
    """Each separately; failures become warnings."""
    warnings = []
    for course in args.each("courses"):
        try:
            _update(call, course)
        except MoodleException as refusal:
            warnings.append(
                {
                    "item": "course",
                    "itemid": course.int("id"),
                    "warningcode": refusal.errorcode,
                    "message": refusal.message,
                }
            )
    return {"warnings": warnings}


def _update(call: Call, course: Args) -> None:
    key = course.int("id")
    if get(call.db, "course", key) is None:
        raise MoodleException(
            "invalidrecord",
            "Can't find data record in database table context.",
            "dml_missing_record_exception",
        )
    _check(call.db, course, key)
    values = course.given(*_STORED)
    if "categoryid" in course:
        values["category"] = course.int("categoryid")
    if values:
        update(call.db, "course", key, values)


@function(
    "core_course_get_courses_by_field",
    {"field": Nullable("alpha", ""), "value": Nullable("raw", "")},
    learner=True,
)
def get_courses_by_field(call: Call, args: Args) -> object:
    """Courses by id, ids, shortname, idnumber or category; all courses without a field."""
    field = args.text("field")
    if field not in ("", "id", "ids", "shortname", "idnumber", "category"):
        raise invalid_parameter()
    column, values = field, [args.text("value")]
    if field == "ids":
        column, values = "id", args.text("value").split(",")
    every = rows(call.db, "SELECT * FROM course ORDER BY id")
    found = [row for row in every if not field or str(row[column]) in values]
    return {"courses": [_describe(row) for row in found], "warnings": []}


def _describe(row: sqlite3.Row) -> dict[str, object]:
    copied = ("id", "fullname", "shortname", "summary", "format", "visible", "enablecompletion")
    return {name: row[name] for name in (*copied, "lang", "idnumber", "timecreated")} | {
        "displayname": row["fullname"],
        "categoryid": row["category"],
        "summaryformat": 1,
        "startdate": row["timecreated"],
        "enddate": 0,
    }
