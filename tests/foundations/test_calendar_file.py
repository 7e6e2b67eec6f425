"""Calendar files follow RFC 5545."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from bridge.foundations.calendar_file import MAX_LINE_BYTES, write_calendar
from bridge.foundations.feature import CalendarEntry

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HARVEST = CalendarEntry("Harvest, beans; peas\\\nall", date(2026, 12, 31), "/garden")
AGAIN = CalendarEntry("Again", date(2027, 1, 1))


def write(*entries: CalendarEntry) -> bytes:
    return write_calendar("A union", entries, "https://path.example", "path.example", NOW)


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_a_calendar() -> None:
    lines = unfolded(write(HARVEST, AGAIN, AGAIN))
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines[-2:] == ["END:VCALENDAR", ""]
    start, again = (n for n, line in enumerate(lines) if line == "BEGIN:VEVENT")
    uid, *event = lines[start + 1 : again]
    assert uid.startswith("UID:")
    assert uid.endswith("@path.example")
    assert event == [
        "DTSTAMP:20260301T120000Z",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "SUMMARY:Harvest\\, beans\\; peas\\\\\\nall",
        "URL:https://path.example/garden",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]
    assert not any(line.startswith("URL") for line in lines[again:])


def test_ids_are_unique_and_stay() -> None:
    def ids(*entries: CalendarEntry) -> list[str]:
        return [line for line in unfolded(write(*entries)) if line.startswith("UID:")]

    first, second = ids(HARVEST, AGAIN)
    assert first != second
    assert ids(AGAIN) == [second]


@given(st.text(max_size=300))
def test_lines_are_short_and_keep_every_character(title: str) -> None:
    printable = "".join(each for each in title if each.isprintable())
    content = write(CalendarEntry(printable, date(2026, 3, 1)))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= MAX_LINE_BYTES for line in content.split(b"\r\n"))
    escaped = printable.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    assert f"SUMMARY:{escaped}" in unfolded(content)
