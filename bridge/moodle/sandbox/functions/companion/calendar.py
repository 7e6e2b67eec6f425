"""local_stewardpath_save_event and delete_event."""

from __future__ import annotations

from bridge.moodle.sandbox import ownership
from bridge.moodle.sandbox.database import insert, rows, update
from bridge.moodle.sandbox.webservice.moodle_errors import MoodleException
from bridge.moodle.sandbox.webservice.params import Args
from bridge.moodle.sandbox.webservice.registry import Call, function

_MAX_DURATION = 7 * 86_400
_FIELDS = ("name", "description", "timestart", "timeduration")


@function(
    "local_stewardpath_save_event",
    {
        "courseid": "int",
        "uuid": "raw",
        "name": "raw",
        "description": "raw",
        "timestart": "int",
        "timeduration": "int",
    },
)
def save_event(call: Call, args: Args) -> object:
    """Create or update an event, which is found by its uuid."""
    course = ownership.course(call.db, args.int("courseid"))["id"]
    ownership.within("timeduration", args.int("timeduration"), 0, _MAX_DURATION)
    ownership.require_managed(args.text("uuid"))
    if not args.text("name").strip():
        raise MoodleException("noname", "A name is missing.", ownership.PROBLEM)
    values = args.given(*_FIELDS)
    sql = "SELECT id FROM event WHERE courseid = ? AND uuid = ? ORDER BY id LIMIT 1"
    for row in rows(call.db, sql, course, args.text("uuid")):
        action = update(call.db, "event", row["id"], values)
        return {"id": row["id"], "action": action}
    key = insert(
        call.db, "event", courseid=course, uuid=args.text("uuid"), userid=call.userid,
        timemodified=call.now, **values,
    )  # fmt: skip
    return {"id": key, "action": "created"}


@function("local_stewardpath_delete_event", {"courseid": "int", "uuid": "raw"})
def delete_event(call: Call, args: Args) -> object:
    """Delete the events with a uuid; a repeated call changes nothing."""
    course = ownership.course(call.db, args.int("courseid"))["id"]
    ownership.require_managed(args.text("uuid"))
    sql = "DELETE FROM event WHERE courseid = ? AND uuid = ?"
    return {"deleted": call.db.execute(sql, (course, args.text("uuid"))).rowcount}
