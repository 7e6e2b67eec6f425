"""Entries as a calendar file (RFC 5545), for a calendar program to subscribe to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from bridge.foundations.calendar_entry import CalendarEntry, Hours

MAX_LINE_BYTES = 75
REFRESH = "PT12H"


def write_calendar(
    name: str, entries: Sequence[CalendarEntry], address: str, host: str, now: datetime
) -> bytes:
    """Return the calendar in UTF-8.

    `entries`: with titles in the reader's language. `address`: what comes before their paths.
    `host`: makes their uids unique in the world. Times are in UTC, as the rules of their zones are
    at this moment; the program shows them in its own zone.
    """
    by_uid = {each.uid: each for each in entries}
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Stewardpath//Dates//EN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escape(name)}", f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
        *(line for each in by_uid.values() for line in _event(each, address, host, now)),
        "END:VCALENDAR",
    ]  # fmt: skip
    return b"".join(_fold(line) for line in lines)


def _event(entry: CalendarEntry, address: str, host: str, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_escape(entry.uid)}@{host}"
    yield f"DTSTAMP:{_utc(now)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"STATUS:{entry.status.upper()}"
    yield from _times(entry.when)
    yield f"SUMMARY:{_escape(entry.title)}"
    if entry.place:
        yield f"LOCATION:{_escape(entry.place)}"
    if entry.path:
        yield f"URL:{address}{entry.path}"
    yield "END:VEVENT"


def _times(when: date | Hours) -> Iterator[str]:
    """When it is. A whole day doesn't make anyone busy."""
    if isinstance(when, Hours):
        yield f"DTSTART:{_utc(when.since)}"
        yield f"DTEND:{_utc(when.until)}"
        return
    yield f"DTSTART;VALUE=DATE:{when:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{when + timedelta(days=1):%Y%m%d}"
    yield "TRANSP:TRANSPARENT"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escape(text: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11)."""
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _fold(line: str) -> bytes:
    """A content line, folded after 75 bytes, never within a character (RFC 5545, 3.1)."""
    parts, part = [], b""
    for character in line:
        encoded = character.encode()
        if len(part) + len(encoded) > MAX_LINE_BYTES:
            parts.append(part)
            part = b" "
        part += encoded
    return b"\r\n".join([*parts, part]) + b"\r\n"
