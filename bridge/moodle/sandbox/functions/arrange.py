"""local_stewardpath_arrange_course, set_visibility and rename."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox import owned
from bridge.moodle.sandbox.database import Write, get, rows, update
from bridge.moodle.sandbox.params import Args, Many, Maybe
from bridge.moodle.sandbox.refusal import Refusal, invalid_parameter
from bridge.moodle.sandbox.registry import Call, function


@function(
    "local_stewardpath_arrange_course",
    {
        "courseid": "int",
        "sections": Maybe(Many({"idnumber": "raw", "activities": Maybe(Many("raw"), [])}), []),
    },
)
def arrange_course(call: Call, args: Args) -> object:
    """Our sections in this order after all that are not ours; our activities inside them."""
    course = owned.course(call.db, args.int("courseid"))["id"]
    wanted = list(args.each("sections"))
    ours = [owned.section(call.db, course, item.text("idnumber"))["id"] for item in wanted]
    changed = _order_sections(call.db, course, ours)
    for key, item in zip(ours, wanted, strict=True):
        changed |= _order_activities(call.db, course, key, item.texts("activities"))
    return {"action": "updated" if changed else "unchanged"}


def _order_sections(db: sqlite3.Connection, course: int, ours: list[int]) -> bool:
    before = rows(db, "SELECT * FROM section WHERE courseid = ? ORDER BY number", course)
    foreign = [row["id"] for row in before if row["idnumber"] is None]
    left = [row["id"] for row in before if row["idnumber"] and row["id"] not in ours]
    order = [*foreign, *ours, *left]
    for number, key in enumerate(order):
        update(db, "section", key, {"number": number})
    return order != [row["id"] for row in before]


def _order_activities(
    db: sqlite3.Connection, course: int, section: int, idnumbers: list[str]
) -> bool:
    ours = [owned.activity(db, course, name)["cmid"] for name in idnumbers]
    sql = "SELECT cmid, idnumber FROM activity WHERE sectionid = ? ORDER BY position"
    before = [row["cmid"] for row in rows(db, sql, section)]
    order = [*(key for key in before if key not in ours), *ours]
    for position, key in enumerate(order):
        update(db, "activity", key, {"sectionid": section, "position": position}, by="cmid")
    return order != before


@function(
    "local_stewardpath_set_visibility",
    {"courseid": "int", "kind": "alpha", "idnumber": "raw", "visible": "bool"},
)
def set_visibility(call: Call, args: Args) -> object:
    """Hide or show; nothing is ever deleted."""
    db, kind, idnumber = call.db, args.text("kind"), args.text("idnumber")
    owned.require_ours(idnumber)
    course = owned.course(db, args.int("courseid"))
    visible = args.int("visible")
    if kind == "section":
        key = owned.section(db, course["id"], idnumber)["id"]
        return {"id": key, "action": update(db, "section", key, {"visible": visible})}
    if kind == "activity":
        key = owned.activity(db, course["id"], idnumber)["cmid"]
        return {"id": key, "action": update(db, "activity", key, {"visible": visible}, by="cmid")}
    if kind != "course":
        raise invalid_parameter()
    if course["idnumber"] != idnumber:
        raise Refusal("unknowncourse", f"The course {course['id']} is not '{idnumber}'.")
    return {"id": course["id"], "action": update(db, "course", course["id"], {"visible": visible})}


@function(
    "local_stewardpath_rename", {"courseid": "int", "kind": "alpha", "from": "raw", "to": "raw"}
)
def rename(call: Call, args: Args) -> object:
    """Another idnumber for a section, an activity, a question or a question category."""
    before, after = args.text("from"), args.text("to")
    owned.require_ours(before)
    owned.require_ours(after)
    course = owned.course(call.db, args.int("courseid"))["id"]
    if args.text("kind") not in _FINDERS:
        raise invalid_parameter()
    table, by, finder, code = _FINDERS[args.text("kind")]
    old, new = finder(call.db, course, before), finder(call.db, course, after)
    if old is None and new is not None:
        return {"id": new[by], "action": "unchanged"}
    if old is None:
        raise Refusal(code, f"There is no {args.text('kind')} '{before}' in the course {course}.")
    if new is not None:
        raise Refusal("idnumbertaken", f"The idnumber '{after}' is already in use.")
    action: Write = update(call.db, table, old[by], {"idnumber": after}, by=by)
    return {"id": old[by], "action": action}


def _category(db: sqlite3.Connection, course: int, idnumber: str) -> sqlite3.Row | None:
    found = get(db, "questioncategory", idnumber, by="idnumber")
    return found if found is not None and found["courseid"] == course else None


_FINDERS = {
    "section": ("section", "id", owned.find_section, "unknownsection"),
    "activity": ("activity", "cmid", owned.find_activity, "unknownactivity"),
    "question": ("entry", "id", owned.question_entry, "unknownquestion"),
    "questioncategory": ("questioncategory", "id", _category, "unknownquestion"),
}
