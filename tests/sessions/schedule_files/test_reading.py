"""Reading YAML, CSV and calendar files: what they say, and where each mistake is."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from bridge.curriculum.problems import Report
from bridge.sessions.schedule_files.csv_format import read_csv
from bridge.sessions.schedule_files.entries import Entry, check_rows
from bridge.sessions.schedule_files.reading import decode, read_rows
from tests.sessions.environment import PATH

ZONE = "America/Los_Angeles"
CSV = """\
key,session,part,starts,ends,timezone,online,seats_online,room,seats_room,leaders
"""
EVENT = """\
BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:spring@calendar.example
SUMMARY:Hearings
DTSTART;TZID=America/Los_Angeles:20270417T180000
DTEND;TZID=America/Los_Angeles:20270417T200000
LOCATION:Union hall\\, room
  3
END:VEVENT
END:VCALENDAR
"""
OWN_ZONE = """\
BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:{offset}
TZOFFSETTO:{offset}
END:STANDARD
END:VTIMEZONE
"""


def read(text: str, file: str = "") -> tuple[list[Entry], list[str]]:
    """The sessions, and the problems as `line:column message`."""
    report = Report()
    rows = read_rows(file, text, report, ZONE)
    entries = check_rows(rows, [PATH], ["north"], report)
    return entries, [f"{each.line}:{each.column} {each.message}" for each in report.problems()]


def one(text: str, file: str = "") -> Entry:
    entries, problems = read(text, file)
    assert problems == []
    [found] = entries
    return found


def yaml(**changed: str) -> str:
    given = {
        "key": "spring", "session": "hearings", "starts": "2027-04-17 18:00", "timezone": ZONE,
    } | changed  # fmt: skip
    lines = [f"{name}: {value}" for name, value in given.items() if value is not None]
    return "- " + "\n  ".join(lines) + "\n"


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"starts": "2027-03-14 02:30"},
         f"3:11 this time doesn't exist in {ZONE}: clocks go forward."),
        ({"starts": "2027-11-07 01:30"}, f"3:11 this time comes twice in {ZONE}: clocks go back."),
        ({"starts": "2027-11-07 00:30", "ends": "01:30"},
         f"5:9 this time comes twice in {ZONE}: clocks go back."),
        ({"ends": "2027-04-17 17:00"}, "5:9 a session ends after its start, at most a day later."),
        ({"ends": "17:00"}, "5:9 the session ends before it starts."),
        ({"ends": "25:00"}, "5:9 `25:00` is not a time."),
        ({"minutes": "3"}, "5:12 `3` is not a number from 5 to 1,440."),
        ({"starts": "17 April 2027, 6 pm"}, "3:11 `17 April 2027, 6 pm` is not a day with a time."),
        ({"starts": "2027-02-30 18:00"}, "3:11 `2027-02-30 18:00` is not a day with a time."),
        ({"starts": "2027-04-17T18:00+02:00"},
         "3:11 `2027-04-17T18:00+02:00` is not a day with a time."),
        ({"starts": "9999-12-31 23:59"}, "3:11 the year is not from 2000 to 2999."),
        ({"starts": "0001-01-01 00:00"}, "3:11 the year is not from 2000 to 2999."),
        ({"timezone": "Eastern"}, "4:13 there is no time zone `Eastern`."),
        ({"timezone": "localtime"}, "4:13 there is no time zone `localtime`."),
        ({"timezone": "right/America/Toronto"},
         "4:13 there is no time zone `right/America/Toronto`."),
        ({"timezone": "''"}, "4:13 say in which time zone it is: `timezone` is missing."),
        ({"session": "hearing"}, "2:12 there is no topic `hearing`."),
        ({"session": "series"}, "1:3 say which part of the series it is."),
        ({"session": "series", "part": "three"}, "5:9 the series has no part `three`."),
        ({"part": "one"}, "5:9 this topic has no parts."),
        ({"curriculum": "elsewhere"}, "5:15 there is no curriculum `elsewhere`."),
        ({"place": "{online: 'http://meet.example'}"},
         "5:19 the link to join must begin with https://."),
        ({"place": "{online: 'zoom:12'}"},
         "5:19 a meeting of Zoom has a number of 9 to 12 digits."),
        ({"place": "{online: zoom}"}, "5:19 the link to join must begin with https://."),
        ({"place": "{online: 'https://'}"}, "5:19 the link to join must begin with https://."),
        ({"place": "{online: no}"},
         "5:19 people must be able to take part online, in person, or both."),
        ({"seats": "{room: 12}"}, "5:17 say where people meet in person."),
        ({"seats": "{online: 0}"}, "5:19 `0` is not a number from 1 to 100,000."),
        ({"seats": "{onlin: 4}"}, "5:11 there is no key `onlin` here."),
        ({"seats": "40"}, "5:10 `seats` has the keys `online` and `room`."),
        ({"region": "moon"}, "5:11 there is no region `moon` in the settings."),
        ({"state": "held"}, "5:10 `held` is not a state."),
        ({"zone": "Europe/Paris"}, "5:3 there is no key `zone` here."),
        ({"starts": ""}, "3:10 say when it starts: `starts` is missing."),
        ({"key": "''"}, "1:8 a session has a key of 1 to 60 characters."),
        ({"place": f"{{room: {'x' * 201}}}"}, "5:17 the text is longer than 200 characters."),
    ],
)  # fmt: skip
def test_each_mistake_is_said_where_it_is(changed: dict[str, str], problem: str) -> None:
    assert read(yaml(**changed))[1] == [problem]


def test_all_mistakes_of_all_rows_are_said_in_one_go() -> None:
    _, problems = read(yaml(session="x", timezone="y", state="z") + yaml(key="b", starts="now"))
    assert [each.partition(" ")[0] for each in problems] == ["2:12", "4:13", "5:10", "8:11"]


def test_a_key_comes_once_in_a_file() -> None:
    _, problems = read(yaml() + yaml())
    assert problems == ["5:8 the key `spring` is in line 1 already."]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("sessions:\n", "1:10 a schedule file is a list of sessions."),
        ("- spring\n", "1:3 this isn't a session."),
        ("", "1:1 there are no sessions in the file."),
        ("[]", "1:1 there are no sessions in the file."),
        ("- key: *x\n", "1:8 "),
        ("- {key: a\n", "1:3 "),
    ],
)
def test_what_is_no_schedule_is_said(text: str, problem: str) -> None:
    entries, problems = read(text)
    assert entries == []
    assert problems[0].startswith(problem)


def test_what_a_file_says() -> None:
    place = "{online: yes, room: Union hall}"
    found = one(yaml(session="series", part="two", seats="{room: 12}", place=place, minutes="90"))
    assert (str(found.topic), found.minutes) == ("path/series/two", 120)
    assert (f"{found.starts:%H:%M}", found.ends and f"{found.ends:%H:%M}") == ("18:00", "19:30")
    assert found.values == {
        "online": True, "room": "Union hall", "seats_online": None, "seats_room": 12,
    }  # fmt: skip
    late = one(yaml(starts="2027-04-17 23:00", ends="01:00"))
    assert late.ends
    assert f"{late.ends:%d %H:%M}" == "18 01:00"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_as_spreadsheets_save_it(separator: str, end: str) -> None:
    row = "spring,hearings,,2027-04-17 18:00,20:00,America/Los_Angeles,yes,40,'=Hall,12,1002 \n"
    text = "\ufeff" + (CSV + row).replace(",", separator).replace("\n", end)
    found = one(text)
    assert found.values == {"online": True, "seats_online": 40, "room": "=Hall", "seats_room": 12}
    assert [each.text for each in found.leaders or ()] == ["1002"]


def test_mistakes_in_csv_have_a_line_and_a_column() -> None:
    rows = (
        "a,hearings,,2027-04-17 18:00,20:00,Eastern,,,,,\n"
        "\n"
        'b,hearings,,"2027-04-17\n18:00",20:00,America/Toronto,,,,,\n'
        "c,hearings,,2027-03-14 02:30,,America/Toronto,http://x.example,many,,,\n"
        "d,hearings\n"
    )
    _, problems = read(CSV + rows)
    assert problems == [
        "2:6 there is no time zone `Eastern`.",
        "4:4 `2027-04-17 18:00` is not a day with a time.",
        "6:4 this time doesn't exist in America/Toronto: clocks go forward.",
        "6:7 the link to join must begin with https://.",
        "6:8 `many` is not a number from 1 to 100,000.",
        "7:1 this row has 2 cells, but the first line has 11.",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("key,session,begins,colour\n", "1:4 there is no column `colour`."),
        ("key,session,starts,Start\n", "1:4 two columns have the same name."),
        ("key,session\n", "1:1 the first line doesn't name the column `starts`."),
        ('key,session,starts\n"a,hearings\n', "2:1 this isn't valid CSV: unexpected end of data."),
        ("key,session,starts\n", "1:1 there are no sessions in the file."),
    ],
)
def test_a_table_that_cannot_be_read(text: str, problem: str) -> None:
    assert read(text) == ([], [problem])


def test_a_column_for_the_day_leads_to_the_start() -> None:
    report = Report()
    read_csv("plan.csv", "key,session,date,starts\n", report)
    [problem] = report.problems()
    assert str(problem.suggestion) == "write the day and the time in the column `starts`"


def test_an_event_of_a_calendar() -> None:
    found = one(EVENT)
    assert (found.key, str(found.topic), found.zone) == ("spring", "path/hearings", ZONE)
    assert found.values == {"room": "Union hall, room 3"}
    assert found.ends
    assert f"{found.starts:%H:%M}–{found.ends:%H:%M}" == "18:00–20:00"
    long = one(EVENT.replace("UID:spring@calendar.example", f"UID:{'0' * 90}"))
    assert (len(long.key), long.key[:4]) == (36, "ics-")
    utc = one(EVENT.replace(f";TZID={ZONE}:20270417T180000", ":20270418T010000Z"))
    assert f"{utc.starts:%d %H:%M}" == "17 18:00"


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        (f";TZID={ZONE}", "", "6:1 this time has no time zone."),
        (ZONE, "Customized Time Zone", "6:1 there is no time zone `Customized Time Zone`."),
        (ZONE, '"tzone://Microsoft/Custom"', '6:1 there is no time zone `tzone://Microsoft/Custom`.'),
        (f"DTSTART;TZID={ZONE}:20270417T180000", "DTSTART;VALUE=DATE:20270417",
         "6:1 this isn't a day with a time."),
        ("20270417T18", "99991231T18", "6:1 the year is not from 2000 to 2999."),
        ("20270417T18", "20270417T21", "7:1 a session ends after its start, at most a day later."),
        ("20270417T180000", "20270314T023000",
         f"6:1 this time doesn't exist in {ZONE}: clocks go forward."),
        ("SUMMARY:Hearings", "RRULE:FREQ=MONTHLY", "5:1 an event that repeats can't be imported."),
        ("SUMMARY:Hearings", "SUMMARY:Something", "5:1 there is no topic `Something`."),
        ("LOCATION:Union", "LOCATION:http://union", "8:1 the link to join must begin with https://."),
        ("UID:spring", "nonsense", "4:1 this isn't a line of a calendar file."),
        (f"DTEND;TZID={ZONE}:20270417T200000", "DURATION:long",
         "7:1 this isn't a duration such as PT2H."),
    ],
)  # fmt: skip
def test_mistakes_in_a_calendar(before: str, after: str, problem: str) -> None:
    assert before in EVENT
    assert read(EVENT.replace(before, after)) == ([], [problem])


@pytest.mark.parametrize(
    ("name", "offset", "expected"),
    [
        ("Eastern", "-0500", "there is no time zone `Eastern`."),
        (ZONE, "-0500", f"the file has a time zone `{ZONE}` with times of its own."),
        (ZONE, "-0700", ""),
        ("Pacific Standard Time", "-0700", ""),
        ("Pacific Standard Time", "-0800",
         "the file has a time zone `Pacific Standard Time` with times of its own."),
    ],
)  # fmt: skip
def test_a_zone_that_the_file_describes_itself(name: str, offset: str, expected: str) -> None:
    text = EVENT.replace(f"TZID={ZONE}", f"TZID={name}").replace(
        "BEGIN:VEVENT", OWN_ZONE.format(name=name, offset=offset) + "BEGIN:VEVENT"
    )
    entries, problems = read(text)
    assert [each.partition(" ")[2] for each in problems] == [expected] * bool(expected)
    assert len(entries) == (not expected)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("é".encode("latin-1"), "1:1 the file is not UTF-8."),
        ("key\n".encode("utf-16"), "1:1 the file is not UTF-8."),
        (b"key\0", "1:1 the file is damaged: it contains a NUL byte."),
    ],
)
def test_other_encodings_are_refused(content: bytes, problem: str) -> None:
    report = Report()
    assert decode(content, "a.csv", report) is None
    [found] = report.problems()
    assert f"{found.line}:{found.column} {found.message}" == problem


def test_the_example_of_the_documentation_is_valid() -> None:
    text = Path("docs/commands.md").read_text()
    found = one(text.partition("### Schedule files\n\n```yaml\n")[2].partition("```")[0])
    assert found.values["seats_room"] == 12


def test_the_library_guesses_no_zone_of_an_event() -> None:
    """It would warn, with its own path, before our message."""
    name = "/freeassociation.sourceforge.net/Europe/Paris"
    event = EVENT.replace(ZONE, name).replace("SUMMARY", "RRULE:FREQ=DAILY;COUNT=2\nSUMMARY")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for text in (event, EVENT.replace(ZONE, name)):
            for lines in (text, text.replace("\n", "\r\n")):
                [problem] = read(lines)[1]
                assert problem.startswith(("5:1 an event that repeats", "6:1 there is no time"))


@pytest.mark.parametrize("character", ["\x07", "\u202e", "\u200b"])
def test_a_text_with_an_invisible_character_is_an_error_where_it_is(character: str) -> None:
    start = "spring,hearings,,2027-04-17 18:00,2027-04-17 20:00,America/Los_Angeles,"
    row = f"{start},,Ha{character}ll,9,\n"
    assert read(CSV + row, "s.csv") == ([], ["2:9 the text contains an unprintable character."])


def test_a_long_run_of_lines_is_looked_through_once() -> None:
    title = "a" + "\n" * 100_000 + "b"
    text = f'key,session,starts,room\nx,y,2027-01-01 10:00,"{title}"\n'
    [row] = read_csv("schedule.csv", text, Report())
    assert row.text("room") == title
