"""Entries as a calendar file (RFC 5545): to subscribe to, or as the invitation of one person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from bridge.foundations.calendar_entry import CalendarEntry, Hours

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
PRODUCT = "-//Stewardpath//Dates//EN"
REFRESH = timedelta(hours=12)
ZONE_MARGIN = timedelta(days=370)
"""How far around its entries a calendar describes their zones: both clock changes of a year."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where entries come from. `address`: what comes before their paths.

    `host`: makes their uids unique in the world.
    """

    address: str
    host: str


@dataclass(frozen=True, slots=True)
class Attendee:
    """The person who is invited and the organizer: names, and bare email addresses."""

    name: str
    email: str
    organizer: str
    organizer_email: str


def write_calendar(
    name: str, entries: Sequence[CalendarEntry], source: Source, now: datetime
) -> bytes:
    """Return the calendar in UTF-8, for a calendar program to subscribe to. It names nobody.

    `entries`: with titles in the reader's language.
    """
    calendar = _calendar("PUBLISH")
    calendar.calendar_name = name
    calendar.refresh_interval = REFRESH
    calendar["X-PUBLISHED-TTL"] = f"PT{REFRESH // timedelta(hours=1)}H"
    by_uid = {each.uid: each for each in entries}
    return _write(calendar, [_event(each, source, now) for each in by_uid.values()], entries)


def write_invitation(
    entry: CalendarEntry,
    source: Source,
    attendee: Attendee,
    now: datetime,
    method: Literal["REQUEST", "CANCEL"],
) -> bytes:
    """Return one entry in UTF-8, to add to the calendar of one person or to remove from it.

    Nobody reads calendar replies, so it asks for none.
    """
    event = _event(entry, source, now)
    if method == "CANCEL":
        event["STATUS"] = "CANCELLED"
    event.add("organizer", _address(attendee.organizer_email, attendee.organizer))
    invited = _address(attendee.email, attendee.name)
    invited.params.update({"PARTSTAT": "ACCEPTED", "ROLE": "REQ-PARTICIPANT", "RSVP": "FALSE"})
    event.add("attendee", invited)
    return _write(_calendar(method), [event], [entry])


def _calendar(method: Method) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _write(calendar: Calendar, events: Iterable[Event], entries: Sequence[CalendarEntry]) -> bytes:
    for event in events:
        calendar.add_component(event)
    days = [each.when.starts.date() for each in entries if isinstance(each.when, Hours)]
    if days:
        calendar.add_missing_timezones(min(days) - ZONE_MARGIN, max(days) + ZONE_MARGIN)
    return bytes(calendar.to_ical())


def _event(entry: CalendarEntry, source: Source, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{source.host}")
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", entry.sequence)
    event.add("status", entry.status.upper())
    _add_times(event, entry.when)
    event.add("summary", entry.title)
    if entry.place:
        event.add("location", entry.place)
    if entry.description:
        event.add("description", entry.description)
    if entry.path:
        event.add("url", f"{source.address}{entry.path}")
    return event


def _add_times(event: Event, when: date | Hours) -> None:
    """When it is. A whole day doesn't make anyone busy."""
    if isinstance(when, Hours):
        zone = ZoneInfo(when.zone)
        event.add("dtstart", when.starts.replace(tzinfo=zone))
        event.add("dtend", when.ends.replace(tzinfo=zone))
        return
    event.add("dtstart", when)
    event.add("dtend", when + timedelta(days=1))
    event.add("transp", "TRANSPARENT")


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = vText(name.replace('"', "'"))
    return address
