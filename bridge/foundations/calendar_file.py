"""Whole days as a calendar file (RFC 5545), for a calendar program to subscribe to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bridge.foundations.feature import CalendarEntry

MAX_LINE_BYTES = 75
REFRESH = "PT12H"


def write_calendar(
    name: str, entries: Sequence[CalendarEntry], address: str, host: str, now: datetime
) -> bytes:
    """Return the calendar in UTF-8.

    `entries`: with titles in the reader's language. `address`: what comes before their paths.
    `host`: makes their IDs unique in the world; they stay the same as long as the entry does.
    """
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Stewardpath//Dates//EN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escape(name)}", f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
        *(line for each in dict.fromkeys(entries) for line in _event(each, address, host, now)),
        "END:VCALENDAR",
    ]  # fmt: skip
    return b"".join(_fold(line) for line in lines)


def _event(entry: CalendarEntry, address: str, host: str, now: datetime) -> Iterator[str]:
    identity = f"{entry.on.isoformat()} {entry.path} {entry.title}"
    yield "BEGIN:VEVENT"
    yield f"UID:{hashlib.sha256(identity.encode()).hexdigest()[:32]}@{host}"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{entry.on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escape(entry.title)}"
    if entry.path:
        yield f"URL:{address}{entry.path}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


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
