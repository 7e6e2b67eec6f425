"""core_calendar_*_calendar_events, for events in the calendars of courses."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox.database import get, insert, rows
from bridge.moodle.sandbox.webservice.moodle_errors import missing_record
from bridge.moodle.sandbox.webservice.params import Args, ListOf, Nullable
from bridge.moodle.sandbox.webservice.registry import Call, function

_HTML = 1


@function(
    "core_calendar_create_calendar_events",
    {
        "events": ListOf(
            {
                "name": "text",
                "description": Nullable("raw"),
                "format": Nullable("int", _HTML),
                "courseid": Nullable("int", 0),
                "groupid": Nullable("int", 0),
                "repeats": Nullable("int", 0),
                "eventtype": Nullable("text", "user"),
                "timestart": Nullable("int"),
                "timeduration": Nullable("int", 0),
                "visible": Nullable("int", 1),
                "sequence": Nullable("int", 1),
            }
        )
    },
)
def create_calendar_events(call: Call, args: Args) -> object:
    """Create events. Nothing tells a repeated call from a new event."""
    return {"events": [_create(call, event) for event in args.each("events")], "warnings": []}


def _create(call: Call, event: Args) -> dict[str, object]:
    if get(call.db, "course", event.int("courseid")) is None:
        raise missing_record("course")
    values = event.given("courseid", "name", "description", "timestart", "timeduration")
    key = insert(call.db, "event", userid=call.userid, timemodified=call.now, **values)
    row = get(call.db, "event", key)
    assert row is not None  # noqa: S101 - it was created just now
    return _describe(row)


@function(
    "core_calendar_delete_calendar_events",
    {"events": ListOf({"eventid": "int", "repeat": "bool"})},
)
def delete_calendar_events(call: Call, args: Args) -> object:
    """All or none: an event that isn't there is an error."""
    for event in args.each("events"):
        if get(call.db, "event", event.int("eventid")) is None:
            raise missing_record("event")
        call.db.execute("DELETE FROM event WHERE id = ?", (event.int("eventid"),))
    return None


@function(
    "core_calendar_get_calendar_events",
    {
        "events": Nullable(
            {
                "eventids": Nullable(ListOf("int"), []),
                "courseids": Nullable(ListOf("int"), []),
                "groupids": Nullable(ListOf("int"), []),
                "categoryids": Nullable(ListOf("int"), []),
            }
        ),
        "options": Nullable(
            {
                "userevents": Nullable("bool", 1),
                "siteevents": Nullable("bool", 1),
                "timestart": Nullable("int", 0),
                "timeend": Nullable("int", 0),
                "ignorehidden": Nullable("bool", 1),
            }
        ),
    },
)
def get_calendar_events(call: Call, args: Args) -> object:
    """The events of these courses, and those with these ids. Moodle leaves out their uuids."""
    asked, options = args.one("events"), args.one("options")
    ids, courses = asked.ints("eventids"), asked.ints("courseids")
    first, last = options.int("timestart"), options.int("timeend") or 2**62
    found = [
        row
        for row in rows(call.db, "SELECT * FROM event ORDER BY timestart, id")
        if row["id"] in ids
        or (
            row["courseid"] in courses
            and row["timestart"] + row["timeduration"] >= first
            and row["timestart"] <= last
        )
    ]
    return {"events": [_describe(row) for row in found], "warnings": []}


def _describe(row: sqlite3.Row) -> dict[str, object]:
    same = ("id", "courseid", "userid", "name", "description", "timestart", "timeduration")
    return {name: row[name] for name in (*same, "timemodified")} | {
        "format": _HTML, "groupid": 0, "repeatid": 0, "modulename": "", "instance": 0,
        "eventtype": "course", "visible": 1, "sequence": 1, "subscriptionid": None,
    }  # fmt: skip
