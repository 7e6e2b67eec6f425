"""Calendar files follow RFC 5545, and another program reads in them what was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from bridge.foundations.calendar_entry import CalendarEntry
from bridge.foundations.calendar_file import Attendee, Source, write_calendar, write_invitation
from bridge.mail.mime import Attachment, compose
from bridge.mail.rendering import Email
from tests.foundations.test_calendar_entry import hours
from tests.support.calendar_parser import read_calendar

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOURCE = Source("https://path.example", "path.example")
HARVEST = CalendarEntry("harvest", "Harvest, beans; peas\\\nall", date(2026, 12, 31), "/garden")
AGAIN = CalendarEntry("again", "Again", date(2027, 1, 1))
LESSON = CalendarEntry(
    "session-12", "Grafting",
    hours("2027-04-17 18:00", "2027-04-17 20:00", "America/Los_Angeles"),
    place="Room 1, hall", sequence=2, status="cancelled",
)  # fmt: skip
KIM = Attendee('Kim "K." Example', "kim@union.example", "A union", "path@union.example")


def write(*entries: CalendarEntry) -> bytes:
    return write_calendar("A union", entries, SOURCE, NOW)


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def event(content: bytes) -> vobject.base.Component:
    """The entry, as an independent parser reads it."""
    return read_calendar(content.decode()).vevent


def test_a_calendar() -> None:
    lines = unfolded(write(HARVEST, AGAIN, AGAIN))
    assert {"BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:PUBLISH", "NAME:A union"} <= set(lines)
    assert {"X-WR-CALNAME:A union", "X-PUBLISHED-TTL:PT12H"} <= set(lines)
    start, again = (n for n, line in enumerate(lines) if line == "BEGIN:VEVENT")
    assert set(lines[start + 1 : again]) == {
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
    }
    assert not any(line.startswith("URL") for line in lines[again:])


def test_an_entry_with_times_has_its_zone() -> None:
    lines = unfolded(write(LESSON))
    assert "DTSTART;TZID=America/Los_Angeles:20270417T180000" in lines
    assert {"STATUS:CANCELLED", "SEQUENCE:2", "LOCATION:Room 1\\, hall"} <= set(lines)
    assert "TRANSP:TRANSPARENT" not in lines
    assert lines.count("BEGIN:VTIMEZONE") == 1
    assert not any(line.startswith("RRULE") and "2038" in line for line in lines)


@pytest.mark.parametrize(
    ("starts", "ends", "zone", "moments"),
    [
        ("2027-03-13 18:00", "2027-03-13 20:00", "America/Toronto", ("13 23:00", "14 01:00")),
        ("2027-03-14 18:00", "2027-03-14 20:00", "America/Toronto", ("14 22:00", "15 00:00")),
        ("2027-11-06 18:00", "2027-11-06 20:00", "America/Toronto", ("06 22:00", "07 00:00")),
        ("2027-11-07 18:00", "2027-11-07 20:00", "America/Toronto", ("07 23:00", "08 01:00")),
        ("2027-03-28 23:00", "2027-03-29 01:30", "Europe/Paris", ("28 21:00", "28 23:30")),
        ("2027-07-01 09:00", "2027-07-01 10:00", "Asia/Kolkata", ("01 03:30", "01 04:30")),
        ("2027-07-01 09:00", "2027-07-01 10:00", "UTC", ("01 09:00", "01 10:00")),
    ],
)
def test_another_program_reads_the_same_moments(
    starts: str, ends: str, zone: str, moments: tuple[str, str]
) -> None:
    """Before and after both clock changes, over midnight, and without any."""
    read = event(write(replace(LESSON, when=hours(starts, ends, zone))))
    found = tuple(f"{each.value.astimezone(UTC):%d %H:%M}" for each in (read.dtstart, read.dtend))
    assert found == moments


def test_a_series_is_read() -> None:
    second = replace(
        LESSON, uid="session-13", when=hours("2027-11-20 18:00", "2027-11-20 20:00", "Europe/Paris")
    )
    read = read_calendar(write(LESSON, second).decode())
    found = {each.uid.value: f"{each.dtstart.value:%m-%d %H:%M %z}" for each in read.vevent_list}
    assert found == {
        "session-12@path.example": "04-17 18:00 -0700",
        "session-13@path.example": "11-20 18:00 +0100",
    }


def test_the_uid_stays_whatever_changes_and_is_there_once() -> None:
    moved = replace(LESSON, title="Pruning", when=date(2027, 5, 1), sequence=3)
    uids = [line for line in unfolded(write(LESSON, moved)) if line.startswith("UID:")]
    assert uids == ["UID:session-12@path.example"]


@pytest.mark.parametrize(("method", "status"), [("REQUEST", "CONFIRMED"), ("CANCEL", "CANCELLED")])
def test_an_invitation_is_for_one_person(method: str, status: str) -> None:
    entry = replace(LESSON, status="confirmed", description="I can't come:\nhttps://path.example")
    content = write_invitation(entry, SOURCE, KIM, NOW, method)  # type: ignore[arg-type]
    lines = unfolded(content)
    assert f"METHOD:{method}" in lines
    read = event(content)
    assert (read.status.value, read.sequence.value) == (status, "2")
    assert [each.value for each in read.attendee_list] == ["mailto:kim@union.example"]
    assert read.attendee.params["RSVP"] == ["FALSE"]
    assert read.attendee.params["CN"] == ["Kim 'K.' Example"]
    assert read.organizer.value == "mailto:path@union.example"
    assert read.description.value == "I can't come:\nhttps://path.example"


def test_an_invitation_can_be_sent() -> None:
    content = write_invitation(LESSON, SOURCE, KIM, NOW, "REQUEST")
    attachment = Attachment("session.ics", "text/calendar; method=REQUEST", content)
    message = compose(
        Email("Grafting", "text", "<p>html</p>"), to=KIM.email, sender="path@union.example",
        message_id="one@path.example", date=NOW, attachment=attachment,
    )  # fmt: skip
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds.count("text/calendar") == kinds.count("application/ics") == 1


def test_a_feed_names_nobody() -> None:
    assert not any("mailto" in line.lower() for line in unfolded(write(LESSON, HARVEST)))


@given(st.text(max_size=300))
def test_lines_are_short_and_keep_every_character(title: str) -> None:
    printable = "".join(each for each in title if each.isprintable())
    content = write(CalendarEntry("x", printable, date(2026, 3, 1)))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert str(event(content).summary.value) == printable
