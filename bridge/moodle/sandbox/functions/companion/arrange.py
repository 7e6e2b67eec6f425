"""local_stewardpath_arrange_course, set_visibility and rename."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox import ownership
from bridge.moodle.sandbox.database import Write, get, rows, update
from bridge.moodle.sandbox.functions.companion.badges import rename_badge
from bridge.moodle.sandbox.webservice.moodle_errors import MoodleException
from bridge.moodle.sandbox.webservice.params import Args, ListOf, Nullable
from bridge.moodle.sandbox.webservice.registry import Call, function


@function(
    "local_stewardpath_arrange_course",
    {
        "courseid": "int",
        "sections": Nullable(
            ListOf({"idnumber": "raw", "activities": Nullable(ListOf("raw"), [])}), []
        ),
    },
)
def arrange_course(call: Call, args: Args) -> object:
    """Order the managed sections, after all others, and their managed activities."""
    course = ownership.course(call.db, args.int("courseid"))["id"]
    wanted = list(args.each("sections"))
    managed = [ownership.section(call.db, course, item.text("idnumber"))["id"] for item in wanted]
    names = [item.texts("activities") for item in wanted]
    activities = [[ownership.activity(call.db, course, n)["cmid"] for n in some] for some in names]
    changed = _order_sections(call.db, course, managed)
    for section, order in zip(managed, activities, strict=True):
        changed |= _order_activities(call.db, section, order)
    return {"action": "updated" if changed else "unchanged"}


def _order_sections(db: sqlite3.Connection, course: int, managed: list[int]) -> bool:
    before = rows(db, "SELECT * FROM section WHERE courseid = ? ORDER BY number", course)
    order = [*(row["id"] for row in before if row["id"] not in managed), *managed]
    for number, key in enumerate(order):
        update(db, "section", key, {"number": number})
    return order != [row["id"] for row in before]


def _order_activities(db: sqlite3.Connection, section: int, managed: list[int]) -> bool:
    sql = "SELECT cmid, idnumber FROM activity WHERE sectionid = ? ORDER BY position"
    before = [row["cmid"] for row in rows(db, sql, section)]
    order = [*managed, *(key for key in before if key not in managed)]
    for position, key in enumerate(order):
        update(db, "activity", key, {"sectionid": section, "position": position}, by="cmid")
    return order != before


@function(
    "local_stewardpath_set_visibility",
    {"courseid": "int", "kind": "raw", "idnumber": "raw", "visible": "bool"},
)
def set_visibility(call: Call, args: Args) -> object:
    """Hide or show an object; nothing is ever deleted."""
    db, kind, idnumber = call.db, args.text("kind"), args.text("idnumber")
    ownership.require_managed(idnumber)
    course = ownership.course(db, args.int("courseid"))
    visible = args.int("visible")
    if kind == "section":
        key = ownership.section(db, course["id"], idnumber)["id"]
        return {"id": key, "action": update(db, "section", key, {"visible": visible})}
    if kind == "activity":
        key = ownership.activity(db, course["id"], idnumber)["cmid"]
        return {"id": key, "action": update(db, "activity", key, {"visible": visible}, by="cmid")}
    if kind != "course":
        raise ownership.unknown_kind(kind)
    if course["idnumber"] != idnumber:
        what = f'Course {course["id"]} does not have the idnumber "{idnumber}".'
        raise MoodleException("othercourse", what, ownership.PROBLEM)
    return {"id": course["id"], "action": update(db, "course", course["id"], {"visible": visible})}


@function(
    "local_stewardpath_rename", {"courseid": "int", "kind": "raw", "from": "raw", "to": "raw"}
)
def rename(call: Call, args: Args) -> object:
    """Change the idnumber of a section, activity, question, question category or badge."""
    before, after = args.text("from"), args.text("to")
    ownership.require_managed(before)
    ownership.require_managed(after)
    if args.text("kind") == "badge":
        return rename_badge(call.db, before, after)
    course = ownership.course(call.db, args.int("courseid"))["id"]
    if args.text("kind") not in _FINDERS:
        raise ownership.unknown_kind(args.text("kind"))
    table, by, finder = _FINDERS[args.text("kind")]
    old, new = finder(call.db, course, before), finder(call.db, course, after)
    if new is not None and (old is None or before == after):
        return {"id": new[by], "action": "unchanged"}
    if old is None:
        raise ownership.unknown(
            args.text("kind").removeprefix("question") or "question", before, course
        )
    if new is not None:
        what = f'The idnumber "{after}" is already used in course {course}.'
        raise MoodleException("idnumbertaken", what, ownership.PROBLEM)
    action: Write = update(call.db, table, old[by], {"idnumber": after}, by=by)
    return {"id": old[by], "action": action}


def _category(db: sqlite3.Connection, course: int, idnumber: str) -> sqlite3.Row | None:
    found = get(db, "questioncategory", idnumber, by="idnumber")
    return found if found is not None and found["courseid"] == course else None


_FINDERS = {
    "section": ("section", "id", ownership.find_section),
    "activity": ("activity", "cmid", ownership.find_activity),
    "question": ("entry", "id", ownership.question_entry),
    "questioncategory": ("questioncategory", "id", _category),
}
