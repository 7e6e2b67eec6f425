"""Attendance by the code and by a meeting program's file."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.errors import SessionError
from bridge.sessions import scheduling
from bridge.sessions.attendance import Mark
from bridge.sessions.attendance_sources.codes import Outcome, code_at, is_right, type_code
from bridge.sessions.attendance_sources.csv_import import CsvResult, import_attendance
from bridge.sessions.attendance_sources.meeting_csv import Participant
from bridge.sessions.earning.credits import CORRECTED
from bridge.store.database import Database
from tests.sessions.environment import HEARINGS, NOW, PATH, SERIES, Union, times
from tests.sessions.test_attendance import awards, credits, record

SECRET = b"of the service"


@pytest.fixture
def union(db: Database) -> Union:
    return Union(db)


def begin(union: Union, number: int, **later: float) -> None:
    union.now = union.session(number).starts_at + timedelta(**later)


def types(union: Union, number: int, person: int, code: str = "") -> Outcome:
    typed = code or code_at(SECRET, number, union.now)
    with union.db.transaction() as session:
        return type_code(session, union.recorder, SECRET, number, person, typed)


def imports(union: Union, number: int, *rows: Participant, own: int = 0) -> CsvResult:
    with union.db.transaction() as session:
        return import_attendance(session, union.recorder, number, rows, {own})


def test_a_code_works_for_its_minute_and_one_more() -> None:
    at = NOW.replace(second=59)
    code = code_at(SECRET, 1, at)
    assert code.isdecimal()
    assert len(code) == 6
    assert is_right(f" {code[:3]} {code[3:]} ", SECRET, 1, at + timedelta(seconds=60))
    assert not is_right(code, SECRET, 1, at + timedelta(seconds=62))
    assert not is_right(code, SECRET, 2, at)
    assert not is_right("", SECRET, 1, at)


def test_the_first_and_the_last_code_say_how_long_someone_stayed(union: Union) -> None:
    number = union.schedule()
    kim, person = union.member("1", "Kim")
    lee, other = union.member("2", "Lee")
    for each in (person, other):
        union.register(number, each)
    begin(union, number, minutes=5)
    assert types(union, number, person) == "noted"
    assert types(union, number, other) == "noted"
    begin(union, number, minutes=60)
    assert types(union, number, other) == "noted"
    begin(union, number, minutes=125)
    assert types(union, number, person) == "counts"
    assert credits(union, kim) == [("session", "hearings", "counts")]
    assert awards(union, kim) == ["first"]
    assert credits(union, lee) == []


def test_who_is_not_registered_waits_for_the_leader(union: Union) -> None:
    number = union.schedule()
    kim, person = union.member("1", "Kim")
    for minutes in (0, 119):
        begin(union, number, minutes=minutes)
        assert types(union, number, person) == "waits"
    assert credits(union, kim) == []
    record(union, number, "leader", Mark(person, True))
    assert credits(union, kim) == [("session", "hearings", "counts")]


@pytest.mark.parametrize(
    ("minutes", "code", "problem"),
    [(-1, "", "from the start"), (136, "", "from the start"), (5, "12345x", "isn't the code")],
)
def test_wrong_codes_and_times_are_refused(
    union: Union, minutes: int, code: str, problem: str
) -> None:
    number = union.schedule()
    _, person = union.member("1", "Kim")
    union.register(number, person)
    begin(union, number, minutes=minutes)
    with pytest.raises(SessionError, match=problem):
        types(union, number, person, code)


def test_a_file_credits_who_is_registered_and_stayed(union: Union) -> None:
    number = union.schedule()
    kim, person = union.member("1", "Kim")
    lee, other = union.member("2", "Lee")
    for each in (person, other):
        union.register(number, each)
    begin(union, number, hours=3)
    rows = [
        Participant(2, "Kim Example", "", 90),
        Participant(3, "Lee", "lee@union.example", 89),
        Participant(4, "Sam Stranger", "", 120),
    ]
    result = imports(union, number, *rows)
    assert (result.changed, result.attended) == (2, 1)
    assert [each.name for each in result.short] == ["Lee"]
    assert [(each.participant.name, each.doubt) for each in result.doubtful] == [
        ("Sam Stranger", "unknown")
    ]
    assert imports(union, number, *rows).changed == 0
    assert credits(union, kim) == [("session", "hearings", "counts")]
    assert credits(union, lee) == []


def test_the_leaders_word_beats_the_file_which_beats_the_code(union: Union) -> None:
    number = union.schedule()
    kim, person = union.member("1", "Kim")
    union.register(number, person)
    for minutes in (0, 119):
        begin(union, number, minutes=minutes)
        types(union, number, person)
    assert credits(union, kim)[-1][2] == "counts"
    imports(union, number, Participant(2, "", "kim@union.example", 10))
    assert credits(union, kim)[-1][2] != "counts"
    record(union, number, "leader", Mark(person, True))
    assert credits(union, kim)[-1][2] == "counts"


def test_walk_ins_with_a_known_address_wait_and_ones_own_row_is_left_out(union: Union) -> None:
    number = union.schedule()
    kim, person = union.member("1", "Kim")
    union.register(number, person)
    walk_in, _ = union.member("2", "Lee")
    begin(union, number, hours=3)
    rows = [
        Participant(2, "Lee", "lee@union.example", 120),
        Participant(3, "Kim Example", "kim@union.example", 120),
    ]
    result = imports(union, number, *rows, own=person)
    assert [each.name for each in result.walk_ins] == ["Lee"]
    assert [each.doubt for each in result.doubtful] == ["own"]
    assert credits(union, walk_in) == credits(union, kim) == []


def test_a_code_that_is_overruled_says_so_and_one_that_is_confirmed_too(union: Union) -> None:
    number = union.schedule()
    _, person = union.member("1", "Kim")
    union.register(number, person)
    begin(union, number, minutes=2)
    types(union, number, person)
    record(union, number, "leader", Mark(person, False))
    begin(union, number, minutes=119)
    assert types(union, number, person) == "overruled"
    record(union, number, "leader", Mark(person, True))
    assert types(union, number, person) == "counts"


def test_the_code_of_an_earlier_date_says_nothing_about_when_someone_came(union: Union) -> None:
    number = union.schedule()
    kim, person = union.member("1", "Kim")
    union.register(number, person)
    begin(union, number, minutes=2)
    types(union, number, person)
    with union.db.transaction() as session:
        scheduling.set_new_date(session, union.office, number, times("2027-06-20"))
    union.confirm(number, person)
    begin(union, number, minutes=119)
    assert types(union, number, person) == "noted"
    assert credits(union, kim) == []


def test_leaders_and_those_who_see_the_code_do_not_record_themselves(union: Union) -> None:
    number = union.schedule()
    _, person = union.member("1", "Kim")
    _, other = union.member("2", "Lee")
    for each in (person, other):
        union.register(number, each)
    with union.db.transaction() as session:
        scheduling.set_leaders(session, union.office, number, [person])
    begin(union, number)
    with pytest.raises(SessionError, match="someone else"):
        types(union, number, person)
    code = code_at(SECRET, number, union.now)
    with union.db.transaction() as session, pytest.raises(SessionError, match="someone else"):
        type_code(session, union.recorder, SECRET, number, other, code, sees_code=True)


def test_a_corrected_file_replaces_the_one_before(union: Union) -> None:
    number = union.schedule()
    kim, person = union.member("1", "Kim")
    lee, other = union.member("2", "Lee")
    for each in (person, other):
        union.register(number, each)
    begin(union, number, hours=3)
    rows = [Participant(2, "", f"{name}@union.example", 120) for name in ("kim", "lee")]
    imports(union, number, *rows)
    result = imports(union, number, rows[0])
    assert (result.changed, result.attended, list(result.gone)) == (1, 1, ["Lee Example"])
    assert credits(union, lee)[-1][2] == CORRECTED
    assert credits(union, kim)[-1][2] == "counts"
    assert imports(union, number, own=person).gone == []


def test_what_a_file_earned_stays_when_the_topic_asks_for_more_later(union: Union) -> None:
    number = union.schedule()
    kim, person = union.member("1", "Kim")
    union.register(number, person)
    begin(union, number, hours=3)
    row = Participant(2, "", "kim@union.example", 95)
    imports(union, number, row)
    union.curricula = (replace(PATH, topics=(replace(HEARINGS, attend=90), SERIES)),)
    imports(union, number, row)
    assert credits(union, kim)[-1][2] == "counts"
    imports(union, number, replace(row, minutes=94))
    assert credits(union, kim)[-1][2] == CORRECTED
