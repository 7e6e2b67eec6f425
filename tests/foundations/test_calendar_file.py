"""Calendar files follow RFC 5545."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from bridge.foundations.calendar_entry import CalendarEntry
from bridge.foundations.calendar_file import MAX_LINE_BYTES, write_calendar
from tests.foundations.test_calendar_entry import hours

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HARVEST = CalendarEntry("harvest", "Harvest, beans; peas\\\nall", date(2026, 12, 31), "/garden")
AGAIN = CalendarEntry("again", "Again", date(2027, 1, 1))


def write(*entries: CalendarEntry) -> bytes:
    return write_calendar("A union", entries, "https://path.example", "path.example", NOW)


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_a_calendar() -> None:
    lines = unfolded(write(HARVEST, AGAIN, AGAIN))
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines[-2:] == ["END:VCALENDAR", ""]
    start, again = (n for n, line in enumerate(lines) if line == "BEGIN:VEVENT")
    assert lines[start + 1 : again] == [
        "UID:harvest@path.example",
        "DTSTAMP:20260301T120000Z",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "TRANSP:TRANSPARENT",
        "SUMMARY:Harvest\\, beans\\; peas\\\\\\nall",
        "URL:https://path.example/garden",
        "END:VEVENT",
    ]
    assert not any(line.startswith("URL") for line in lines[again:])


def lines_of(entry: CalendarEntry) -> list[str]:
    return unfolded(write(entry))


LESSON = CalendarEntry(
    "session-12", "Grafting",
    hours("2027-04-17 18:00", "2027-04-17 20:00", "America/Los_Angeles"),
    place="Room 1, hall", sequence=2, status="cancelled",
)  # fmt: skip


def test_an_entry_with_times_is_in_utc() -> None:
    lines = lines_of(LESSON)
    assert {"DTSTART:20270418T010000Z", "DTEND:20270418T030000Z"} <= set(lines)
    assert {"STATUS:CANCELLED", "SEQUENCE:2", "LOCATION:Room 1\\, hall"} <= set(lines)
    assert "TRANSP:TRANSPARENT" not in lines


def test_the_uid_stays_whatever_changes_and_is_there_once() -> None:
    moved = replace(LESSON, title="Pruning", when=date(2027, 5, 1), sequence=3)
    uids = [line for line in unfolded(write(LESSON, moved)) if line.startswith("UID:")]
    assert uids == ["UID:session-12@path.example"]


@given(st.text(max_size=300))
def test_lines_are_short_and_keep_every_character(title: str) -> None:
    printable = "".join(each for each in title if each.isprintable())
    content = write(CalendarEntry("x", printable, date(2026, 3, 1)))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= MAX_LINE_BYTES for line in content.split(b"\r\n"))
    escaped = printable.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    assert f"SUMMARY:{escaped}" in unfolded(content)
