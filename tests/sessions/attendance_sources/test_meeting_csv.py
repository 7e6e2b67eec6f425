"""The lists of participants that meeting programs export."""

from __future__ import annotations

import pytest

from bridge.errors import SessionError
from bridge.sessions.attendance_sources.csv_import import Registered, match
from bridge.sessions.attendance_sources.meeting_csv import Participant, read_participants

ZOOM = """\
Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants
123 456 789,Hearings,04/17/2027 05:55:00 PM,04/17/2027 08:05:00 PM,host@union.example,130,3

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest
Kim Example,kim@union.example,04/17/2027 06:00:00 PM,04/17/2027 06:40:00 PM,40,No
Kim E,Kim@union.example,04/17/2027 06:45:00 PM,04/17/2027 08:00:00 PM,75,No
"Guest, Gil",,04/17/2027 06:00:00 PM,04/17/2027 08:00:00 PM,120,Yes
"""
TEAMS = """\
1. Summary
Meeting title\tHearings
Attended participants\t2
Meeting duration\t2h 5m 3s

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Kim Example\t4/17/27, 6:00:00 PM\t4/17/27, 8:00:00 PM\t1h 55m 10s\tkim@union.example\tkim\tPresenter
Gil Guest (Guest)\t4/17/27, 6:00:00 PM\t4/17/27, 6:30:29 PM\t30m 29s\t\t\tAttendee

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Kim Example\t4/17/27, 6:00:00 PM\t4/17/27, 8:00:00 PM\t1h 55m 10s\tkim@union.example\tPresenter
"""


def test_reconnects_in_a_zoom_report_are_added_up() -> None:
    assert read_participants(ZOOM.encode("utf-8-sig")) == [
        Participant(5, "Kim Example", "kim@union.example", 115),
        Participant(7, "Guest, Gil", "", 120),
    ]


def test_a_teams_report_in_utf_16_is_read_up_to_the_end_of_its_table() -> None:
    assert read_participants(TEAMS.encode("utf-16")) == [
        Participant(8, "Kim Example", "kim@union.example", 115),
        Participant(9, "Gil Guest (Guest)", "", 30),
    ]


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("95", 95), ("95.4", 95), ("1:35:20", 95), ("1h 35m 20s", 95), ("35 min", 35), ("2 hr", 120),
     ("1 h 5 min", 65)],
)  # fmt: skip
def test_times(written: str, minutes: int) -> None:
    [found] = read_participants(f"Nom;Durée\nKim;{written}\n".encode())
    assert found.minutes == minutes


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"Name,Duration\nKim,1:35\n", "“1:35” is no time"),
        (b"Name,Duration\nKim,-3\n", "is no time"),
        (b"Name,When\nKim,3\n", "no line of the file names a column"),
        (b"", "no line of the file names a column"),
        (b"\x89PNG\r\n\x1a\n\xff", "isn't a text file"),
        (b"Name,Duration\n" + b"Kim,1\n" * 20_001, "more than 20,000 rows"),
    ],
)
def test_other_files_are_refused(content: bytes, problem: str) -> None:
    with pytest.raises(SessionError, match=problem):
        read_participants(content)


PEOPLE = [
    Registered(1, "Kim Example", frozenset({"kim@union.example"}), True),
    Registered(2, "Lee Twin", frozenset({"lee1@union.example"}), True),
    Registered(3, "lee  twin", frozenset({"lee2@union.example"}), True),
]


@pytest.mark.parametrize(
    ("name", "email", "person", "doubt"),
    [
        ("Whoever", "KIM@union.example", 1, ""),
        ("kim example", "", 1, ""),
        ("Lee Twin", "", None, "ambiguous"),
        ("Lee Twin", "lee2@union.example", 3, ""),
        ("Kim Example", "else@home.example", None, "contradiction"),
        ("Nobody", "", None, "unknown"),
        ("", "nobody@home.example", None, "unknown"),
        ("Walk In", "known@union.example", 9, ""),
    ],
)
def test_who_is_meant_is_never_guessed(
    name: str, email: str, person: int | None, doubt: str
) -> None:
    found, doubtful = match([Participant(2, name, email, 60)], PEOPLE, {"known@union.example": 9})
    assert list(found) == ([person] if person else [])
    assert [each.doubt for each in doubtful] == ([doubt] if doubt else [])


def test_one_person_under_two_names_is_added_up() -> None:
    rows = [Participant(2, "Kim Example", "", 40), Participant(3, "K", "kim@union.example", 50)]
    found, _ = match(rows, PEOPLE, {})
    assert found[1].minutes == 90


TWICE = (
    "Name,Email,Join Time,Leave Time,Duration (Minutes)\n"
    "Kim,{email},{day} {one},{day} {two},50\n"
    "Kim (phone),{email},{day} {three},{day} {four},50\n"
)


@pytest.mark.parametrize(
    ("day", "times", "minutes"),
    [
        ("04/17/2027", ("06:00:00 PM", "06:50:00 PM", "06:00:00 PM", "06:50:00 PM"), 50),
        ("17/04/2027", ("18:00:00", "18:50:00", "18:20:00", "19:10:00"), 70),
        ("2027-04-17", ("18:00", "18:50", "18:50", "19:40"), 100),
        ("17.04.2027", ("18:00", "18:50", "17:00", "17:50"), 100),
        ("4/17/27", ("6:00 p.m.", "6:50 p.m.", "6:10 p.m.", "7:00 p.m."), 60),
        ("some day", ("18:00", "18:50", "18:00", "18:50"), 100),
    ],
)
def test_two_devices_at_the_same_time_count_once(
    day: str, times: tuple[str, str, str, str], minutes: int
) -> None:
    one, two, three, four = times
    for email in ("kim@union.example", ""):
        content = TWICE.format(email=email, day=day, one=one, two=two, three=three, four=four)
        rows = read_participants(content.encode())
        people = [
            Registered(1, "Kim", frozenset({"kim@union.example"}), True),
            Registered(1, "Kim (phone)", frozenset(), True),
        ]
        found, _ = match(rows, people, {})
        assert found[1].minutes == minutes


def test_a_device_that_stays_through_the_others_counts_once() -> None:
    rows = [("18:00", "20:00", 120), ("18:10", "18:20", 10), ("19:00", "19:30", 30)]
    lines = [f"Kim,2027-04-17 {since},2027-04-17 {until},{n}" for since, until, n in rows]
    content = "\n".join(["Name,Join Time,Leave Time,Duration", *lines])
    assert [each.minutes for each in read_participants(content.encode())] == [120]


def test_a_night_is_read_in_the_format_in_which_every_row_makes_sense() -> None:
    rows = ["05/04/2027 23:30:00,06/04/2027 00:30:00", "05/04/2027 23:30:00,06/04/2027 00:30:00"]
    content = "\n".join(["Name,Join Time,Leave Time,Duration", *(f"Kim,{r},60" for r in rows)])
    assert [each.minutes for each in read_participants(content.encode())] == [60]
