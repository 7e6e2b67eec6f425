"""Our events in the calendars of Moodle's courses: find, save and remove them.

The plugin (1.7.0) finds an event by its uuid. Core functions can't change an event, and return no
uuid: there it is known by a link in its description, and by who made it.
(Source: Moodle 4.5.6, `calendar/externallib.php`.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from types import NoneType

from bridge.errors import MoodleMisconfigured
from bridge.messages import Message
from bridge.moodle.client.client import Moodle
from bridge.moodle.client.failures import unexpected_answer
from bridge.moodle.client.idempotency import PLUGIN
from bridge.moodle.client.protocol import Params
from bridge.moodle.schemas.calendar import CalendarEvent, CalendarEvents, Deleted
from bridge.moodle.schemas.companion import Saved
from bridge.moodle.site.connection import Site

SAVE = PLUGIN + "save_event"
FORGET = PLUGIN + "delete_event"
CREATE = "core_calendar_create_calendar_events"
GET = "core_calendar_get_calendar_events"
DELETE = "core_calendar_delete_calendar_events"
CAPABILITY = "moodle/calendar:manageentries"
HTML = 1


@dataclass(frozen=True, slots=True)
class EventKey:
    """What an event is known by. `page`: the path of the page that its description links to."""

    uuid: str
    page: str


@dataclass(frozen=True, slots=True)
class CourseEvent:
    """An event as it should be. `starts`: Unix seconds. `description`: HTML."""

    key: EventKey
    name: str
    description: str
    starts: int
    seconds: int


@dataclass(frozen=True, slots=True)
class SavedEvent:
    """Moodle's id of an event, and whether it had to be made or changed."""

    id: int
    changed: bool


class CourseCalendar:
    """Reads and writes events on a site with the plugin, or without it."""

    def __init__(self, moodle: Moodle, site: Site) -> None:
        self._moodle = moodle
        self._site = site

    def read(self, course: int) -> list[CalendarEvent]:
        """The events of a course (id) that no activity made. Raises MoodleError."""
        self._require(GET, DELETE)
        answer = self._moodle.call(
            GET,
            {
                "events": {"courseids": [course]},
                "options": {"userevents": False, "siteevents": False, "ignorehidden": False},
                "moodlewssettingraw": True,
            },
            CalendarEvents,
        )
        _check_allowed(answer)
        return [
            each
            for each in answer.events
            if each.courseid == course and each.eventtype == "course" and not each.modulename
        ]

    def ours(
        self, found: Iterable[CalendarEvent], key: EventKey, known: int | None
    ) -> list[CalendarEvent]:
        """Those with this key. `known`: the id that was stored.

        An event that a person made is never among them, even if it links to our page.
        """
        link = f'{escape(key.page)}"'
        return [
            each
            for each in found
            if link in each.description and (each.userid == self._site.user or each.id == known)
        ]

    def save(self, course: int, event: CourseEvent, there: Sequence[CalendarEvent]) -> SavedEvent:
        """Make the event what it should be. `there`: those that `ours` has found.

        Exactly one is left. Raises MoodleError.
        """
        if SAVE in self._site.functions:
            saved = self._save_by_uuid(course, event)
            self._delete([each for each in there if each.id != saved.id])
            return saved
        same = next((each for each in there if _is_same(each, event)), None)
        if same is None:
            self._require(CREATE)
        self._delete([each for each in there if each is not same])
        if same is not None:
            return SavedEvent(same.id, changed=False)
        return SavedEvent(self._create(course, event), changed=True)

    def remove(self, course: int, key: EventKey, there: Sequence[CalendarEvent]) -> int:
        """Delete the event, also if it is there several times; return how many there were.

        `there`: those that `ours` has found. Raises MoodleError.
        """
        self._delete(there)
        if FORGET not in self._site.functions:
            return len(there)
        params: Params = {"courseid": course, "uuid": key.uuid}
        return len(there) + self._moodle.call(FORGET, params, Deleted).deleted

    def _delete(self, events: Sequence[CalendarEvent]) -> None:
        if events:
            gone = [{"eventid": each.id, "repeat": False} for each in events]
            self._moodle.call(DELETE, {"events": gone}, NoneType)

    def _save_by_uuid(self, course: int, event: CourseEvent) -> SavedEvent:
        params: Params = {
            "courseid": course, "uuid": event.key.uuid, "name": event.name,
            "description": event.description, "timestart": event.starts,
            "timeduration": event.seconds,
        }  # fmt: skip
        saved = self._moodle.call(SAVE, params, Saved)
        return SavedEvent(saved.id, changed=saved.action != "unchanged")

    def _create(self, course: int, event: CourseEvent) -> int:
        new: Params = {
            "name": event.name, "description": event.description, "format": HTML,
            "courseid": course, "eventtype": "course", "timestart": event.starts,
            "timeduration": event.seconds,
        }  # fmt: skip
        answer = self._moodle.call(CREATE, {"events": [new]}, CalendarEvents)
        _check_allowed(answer)
        if len(answer.events) != 1:
            raise unexpected_answer("not one event", CREATE, "events")
        return answer.events[0].id

    def _require(self, *functions: str) -> None:
        for name in functions:
            if name not in self._site.functions:
                raise MoodleMisconfigured(
                    Message("the token may not call %(name)s.", name=name),
                    todo=Message("Add the function to the service. `stewardpath doctor` lists "
                                 "all that are missing."),
                )  # fmt: skip


def _check_allowed(answer: CalendarEvents) -> None:
    """Moodle reports a missing right as a warning."""
    if answer.warnings:
        raise MoodleMisconfigured(
            Message("the service's user may not change the calendars of courses."),
            todo=Message("Give its role the capability %(name)s.", name=CAPABILITY),
        )


def _is_same(found: CalendarEvent, event: CourseEvent) -> bool:
    """Whether an event is as it should be."""
    return (found.name, found.description, found.timestart, found.timeduration) == (
        event.name, event.description, event.starts, event.seconds,
    )  # fmt: skip
