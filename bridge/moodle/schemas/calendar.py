"""Models of the answers about events in Moodle's calendar."""

from __future__ import annotations

from bridge.moodle.schemas.base import Count, Id, MoodleModel, Text, Whole


class CalendarEvent(MoodleModel):
    """An event. (Moodle 4.5 describes a uuid, but doesn't return it.)"""

    id: Id
    name: str
    description: Text = ""
    courseid: Count = 0
    userid: Count = 0
    eventtype: str
    modulename: Text = ""
    timestart: Whole
    timeduration: Whole


class CalendarWarning(MoodleModel):
    warningcode: str
    message: Text = ""


class CalendarEvents(MoodleModel):
    """core_calendar_get_calendar_events and core_calendar_create_calendar_events."""

    events: tuple[CalendarEvent, ...]
    warnings: tuple[CalendarWarning, ...] = ()


class Deleted(MoodleModel):
    """local_stewardpath_delete_event."""

    deleted: Count
