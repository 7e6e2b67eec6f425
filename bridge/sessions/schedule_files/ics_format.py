"""Reads sessions from a calendar file (RFC 5545).

A time counts only with a zone that everyone knows: times without a zone, and zones that the file
makes up, are refused.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Timezone, vDuration
from icalendar.parser import Contentline
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from bridge.curriculum.problems import Position, Report
from bridge.errors import SessionError
from bridge.foundations.deadlines.local_time import find_zone, wall_time
from bridge.messages import Message
from bridge.sessions.rules import check_year
from bridge.sessions.schedule_files.entries import as_message
from bridge.sessions.schedule_files.raw_rows import Cell, FieldName, RawRow

SHORT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
ZONE_DESCRIPTION = re.compile(
    r"^BEGIN:VTIMEZONE[ \t]*$.*?^END:VTIMEZONE[ \t]*$", re.IGNORECASE | re.MULTILINE | re.DOTALL
)
REPEATS = ("RRULE", "RDATE", "RECURRENCE-ID", "EXDATE")
KEY = "X-STEWARDPATH-KEY"
"""The property that our exports have."""
MINUTE = "%Y-%m-%d %H:%M"
KNOWN_ZONE = Message("use a zone such as America/Toronto or Europe/Paris")


@dataclass(frozen=True, slots=True)
class Property:
    """A line of an event: its value, its parameters, and where it is."""

    value: str
    parameters: Mapping[str, str]
    position: Position

    @property
    def cell(self) -> Cell:
        return Cell(self.value.strip(), self.position)


@dataclass(slots=True)
class _Event:
    position: Position
    properties: dict[str, Property] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _When:
    """A local time, and its zone."""

    at: datetime
    zone: str


def read_ics(file: str, text: str, report: Report, own_zone: str) -> list[RawRow]:
    """Read the events; problems go to the report. Times in UTC become those of `own_zone`."""
    events = _events(file, text, report)
    made_up = _described_zones(text)
    rows = (_row(each, report, own_zone, made_up) for each in events)
    return [each for each in rows if each is not None]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines with their numbers. A line that begins with a space continues the one before."""
    number, whole = 0, ""
    for at, each in enumerate(io.StringIO(text, newline=None), 1):
        line = each.rstrip("\n")
        if line[:1] in (" ", "\t") and number:
            whole += line[1:]
            continue
        if number:
            yield number, whole
        number, whole = at, line
    if number:
        yield number, whole


def _events(file: str, text: str, report: Report) -> list[_Event]:
    found: list[_Event] = []
    inside: list[str] = []
    for number, line in _lines(text):
        if not line.strip():
            continue
        position = Position(file, number)
        try:
            name, parameters, value = Contentline(line).parts()  # type: ignore[no-untyped-call]
        except ValueError:
            report.error(position, Message("this isn't a line of a calendar file."))
            return []
        if name.upper() == "BEGIN":
            inside.append(value.upper())
            if inside[-1] == "VEVENT":
                found.append(_Event(position))
        elif name.upper() == "END":
            del inside[-1:]
        elif inside[-1:] == ["VEVENT"]:
            known = {key.upper(): str(each) for key, each in parameters.items()}
            found[-1].properties.setdefault(name.upper(), Property(str(value), known, position))
    return found


def _described_zones(text: str) -> dict[str, Timezone]:
    """The zones that the file describes itself, by name.

    The library reads nothing else: it guesses what odd names in the events mean, and warns.
    """
    described = ZONE_DESCRIPTION.findall(text.replace("\r\n", "\n"))
    alone = "\n".join(["BEGIN:VCALENDAR", *described, "END:VCALENDAR"])
    try:
        calendar = Calendar.from_ical(alone)
    except ValueError:
        return {}
    zones = [each for each in calendar.walk("VTIMEZONE") if isinstance(each, Timezone)]
    return {str(each.get("TZID", "")): each for each in zones}


def _row(
    event: _Event, report: Report, own_zone: str, described: Mapping[str, Timezone]
) -> RawRow | None:
    given = event.properties
    for name in REPEATS:
        if name in given:
            report.error(
                given[name].position,
                Message("an event that repeats can't be imported."),
                Message("import it once, and repeat the session monthly afterwards"),
            )
            return None
    cells: dict[FieldName, Cell] = {}
    for name, field_name in (("CATEGORIES", "session"), ("SUMMARY", "session")):
        if name in given and field_name not in cells and (name == "SUMMARY" or _is_topic(given)):
            cells["session"] = given[name].cell
    if KEY in given:
        cells["key"] = given[KEY].cell
    elif "UID" in given:
        cells["key"] = Cell(_key(given["UID"].value.strip()), given["UID"].position)
    cells |= _place(given)
    if given.get("STATUS", None) and given["STATUS"].value.upper() == "CANCELLED":
        cells["state"] = Cell("cancelled", given["STATUS"].position)
    times = _times(event, report, own_zone, described)
    return None if times is None else RawRow(event.position, cells | times)


def _is_topic(given: Mapping[str, Property]) -> bool:
    """Whether the categories name a topic, as our exports do."""
    return re.fullmatch(r"[a-z0-9-]+(/[a-z0-9-]+){1,2}", given["CATEGORIES"].value) is not None


def _key(uid: str) -> str:
    local = uid.partition("@")[0]
    if SHORT_NAME.fullmatch(local):
        return local
    return f"ics-{hashlib.sha256(uid.encode()).hexdigest()[:32]}" if uid else ""


def _place(given: Mapping[str, Property]) -> dict[FieldName, Cell]:
    """A location that is a web address, or a conference, is the link to join."""
    found: dict[FieldName, Cell] = {}
    if "LOCATION" in given:
        is_link = re.match(r"https?://", given["LOCATION"].value.strip())
        found["online" if is_link else "room"] = given["LOCATION"].cell
    if "CONFERENCE" in given:
        found["online"] = given["CONFERENCE"].cell
    return found


def _times(
    event: _Event, report: Report, own_zone: str, described: Mapping[str, Timezone]
) -> dict[FieldName, Cell] | None:
    """The start, the end and the zone; None after an error was reported."""
    given = event.properties
    if "DTSTART" not in given:
        report.error(event.position, Message("this event has no start."))
        return None
    starts = _when(given["DTSTART"], report, own_zone, described)
    if starts is None:
        return None
    found: dict[FieldName, Cell] = {
        "starts": Cell(f"{starts.at:{MINUTE}}", given["DTSTART"].position),
        "timezone": Cell(starts.zone, given["DTSTART"].position),
    }
    if "DTEND" in given:
        ends = _when(given["DTEND"], report, own_zone, described)
        if ends is None:
            return None
        moment = ends.at.replace(tzinfo=find_zone(ends.zone)).astimezone(UTC)
        at = ends.at if ends.zone == starts.zone else wall_time(moment, find_zone(starts.zone))
        found["ends"] = Cell(f"{at:{MINUTE}}", given["DTEND"].position)
    elif "DURATION" in given:
        length = _duration(given["DURATION"], report)
        if length is None:
            return None
        found["minutes"] = Cell(str(length // timedelta(minutes=1)), given["DURATION"].position)
    return found


def _duration(given: Property, report: Report) -> timedelta | None:
    try:
        return timedelta(seconds=_length(given.value))
    except (ValueError, AttributeError):
        report.error(given.position, Message("this isn't a duration such as PT2H."))
        return None


def _length(text: str) -> float:
    """In seconds. Raises ValueError."""
    found: timedelta = vDuration.from_ical(text)  # type: ignore[no-untyped-call]
    return found.total_seconds()


def _when(
    given: Property, report: Report, own_zone: str, described: Mapping[str, Timezone]
) -> _When | None:
    """A time and its zone; None after an error was reported."""
    is_utc = given.value.endswith("Z")
    try:
        moment = datetime.strptime(given.value.rstrip("Z") + "+0000", "%Y%m%dT%H%M%S%z")
        check_year(moment)
    except SessionError as error:
        report.error(given.position, as_message(error.what))
        return None
    except ValueError:
        report.error(
            given.position,
            Message("this isn't a day with a time."),
            Message("a session needs a time: it can't last whole days"),
        )
        return None
    at = moment.replace(tzinfo=None)
    if at.second:
        report.error(given.position, Message("a time is a day, an hour and a minute."))
        return None
    if is_utc:
        return _When(wall_time(moment, find_zone(own_zone)), own_zone)
    name = given.parameters.get("TZID", "")
    zone = _zone(name)
    if not name or zone is None:
        floating = Message("this time has no time zone.")
        unknown = Message("there is no time zone `%(zone)s`.", zone=name)
        report.error(given.position, unknown if name else floating, KNOWN_ZONE)
        return None
    if name in described and not _agrees(described[name], zone, at):
        report.error(
            given.position,
            Message("the file has a time zone `%(zone)s` with times of its own.", zone=name),
            KNOWN_ZONE,
        )  # fmt: skip
        return None
    return _When(at, zone)


def _zone(name: str) -> str | None:
    """The known zone with this name, also as Windows names it; None if there is none."""
    for each in (name, WINDOWS_TO_OLSON.get(name, "")):
        try:
            find_zone(each)
        except ValueError:
            continue
        return each
    return None


def _agrees(described: Timezone, zone: str, at: datetime) -> bool:
    """Whether the clocks of a zone that the file describes show the same as the known one."""
    try:
        own = described.to_tz(lookup_tzid=False)
        return at.replace(tzinfo=own).utcoffset() == at.replace(tzinfo=find_zone(zone)).utcoffset()
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return False
