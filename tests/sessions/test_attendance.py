"""Attendance earns credits, which are evaluated at once; corrections take them back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.errors import SessionError
from bridge.foundations.deadlines.runner import run_due
from bridge.sessions import attendance, scheduling
from bridge.sessions.attendance import Mark
from bridge.sessions.earning.credits import CORRECTED, NOT_LEADING, update_credits
from bridge.sessions.earning.marks import Source, attended_by
from bridge.sessions.feature import SESSIONS
from bridge.store.database import Database
from bridge.store.learning.credits import credits_of
from bridge.store.tables.learning import Award
from bridge.store.tables.operations import AuditEntry

from .environment import DATA, HEARINGS, PATH, Union, times


@pytest.fixture
def union(db: Database) -> Union:
    return Union(db)


def hold(union: Union, number: int) -> None:
    """Go to the time when the session is over."""
    union.now = max(union.now, union.session(number).ends_at + timedelta(minutes=1))


def record(union: Union, number: int, source: Source, *marks: Mark) -> int:
    with union.db.transaction() as session:
        return attendance.record(session, union.recorder, number, source, marks)


def credits(union: Union, member: int) -> list[tuple[str, str, str]]:
    """Kind, key and state of a member's credits, in order."""
    with union.db.reading() as session:
        return [
            (each.kind, each.key, each.withdrawn_reason or "counts")
            for each in credits_of(session, member)
        ]


def awards(union: Union, member: int) -> list[str]:
    with union.db.reading() as session:
        return list(session.scalars(select(Award.milestone).where(Award.member_id == member)))


def test_who_attended_has_the_credit_and_the_milestone(union: Union) -> None:
    number = union.schedule()
    kim, person = union.member("1", "Kim")
    lee, other = union.member("2", "Lee")
    hold(union, number)
    assert record(union, number, "leader", Mark(person, True), Mark(other, False)) == 2
    assert record(union, number, "leader", Mark(person, True), Mark(other, False)) == 0
    assert credits(union, kim) == [("session", "hearings", "counts")]
    assert awards(union, kim) == ["first"]
    assert credits(union, lee) == awards(union, lee) == []


def test_a_correction_withdraws_the_credit_and_the_next_one_gives_it_back(union: Union) -> None:
    number = union.schedule()
    kim, person = union.member("1", "Kim")
    hold(union, number)
    for attended in (True, False, True):
        record(union, number, "leader", Mark(person, attended))
    states = [state for _, _, state in credits(union, kim)]
    assert states == [CORRECTED, "counts"]
    assert awards(union, kim) == ["first"]
    with union.db.reading() as session:
        lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "attendance"))
        assert [each.after["attended"] for each in lines] == [True, False, True]


@pytest.mark.parametrize(
    ("marks", "counts"),
    [
        ([("code", True)], True),
        ([("code", True), ("csv", False)], False),
        ([("csv", False), ("leader", True)], True),
        ([("leader", False), ("csv", True), ("code", True)], False),
    ],
)
def test_the_leader_beats_the_csv_which_beats_the_code(
    union: Union, marks: Collection[tuple[Source, bool]], counts: bool
) -> None:
    number = union.schedule()
    kim, person = union.member("1", "Kim")
    hold(union, number)
    for source, attended in marks:
        record(union, number, source, Mark(person, attended))
    assert bool([each for each in credits(union, kim) if each[2] == "counts"]) is counts


def test_what_the_leader_said_can_be_taken_back(union: Union) -> None:
    number = union.schedule()
    kim, person = union.member("1", "Kim")
    hold(union, number)
    record(union, number, "code", Mark(person, True))
    record(union, number, "leader", Mark(person, False))
    with union.db.transaction() as session:
        assert attendance.forget(session, union.recorder, number, "leader", [person])
        assert not attendance.forget(session, union.recorder, number, "leader", [person])
    assert [each[2] for each in credits(union, kim)] == [CORRECTED, "counts"]


def test_a_series_needs_every_part(union: Union) -> None:
    kim, person = union.member("1", "Kim")
    for part, day in (("two", "2027-03-20"), ("one", "2027-04-20")):
        data = replace(DATA, topic="series", part=part, times=times(day))
        number = union.schedule(data)
        hold(union, number)
        assert credits(union, kim) == []
        record(union, number, "leader", Mark(person, True))
    assert credits(union, kim) == [("session", "series", "counts")]


def test_a_refresher_is_a_credit_of_its_own(union: Union) -> None:
    kim, person = union.member("1", "Kim")
    for day in ("2027-03-20", "2027-04-20"):
        number = union.schedule(replace(DATA, times=times(day)))
        hold(union, number)
        record(union, number, "csv", Mark(person, True, 110))
    assert len(credits(union, kim)) == 2


def run_deadlines(union: Union) -> None:
    kinds = SESSIONS.deadlines(union.config, union.curricula)
    run_due(union.db, kinds, (), owner="test", clock=lambda: union.now)


def set_leaders(union: Union, number: int, *people: int) -> None:
    with union.db.transaction() as session:
        scheduling.set_leaders(session, union.office, number, people)


def test_leading_earns_a_credit_once_it_is_over(union: Union) -> None:
    number = union.schedule()
    kim, person = union.member("1", "Kim")
    set_leaders(union, number, person)
    union.now = union.session(number).ends_at - timedelta(minutes=1)
    run_deadlines(union)
    assert credits(union, kim) == []
    hold(union, number)
    run_deadlines(union)
    assert credits(union, kim) == [("led", "hearings", "counts")]


def test_leaders_named_or_removed_afterwards_are_corrected(union: Union) -> None:
    number = union.schedule()
    kim, person = union.member("1", "Kim")
    hold(union, number)
    set_leaders(union, number, person)
    assert credits(union, kim) == [("led", "hearings", "counts")]
    set_leaders(union, number)
    assert credits(union, kim) == [("led", "hearings", NOT_LEADING)]


def test_people_who_are_no_members_have_attendance_without_credits(union: Union) -> None:
    number, guest = union.schedule(), union.person("Guest")
    hold(union, number)
    assert record(union, number, "leader", Mark(guest, True)) == 1
    with union.db.reading() as session:
        assert attended_by(session, [number])[number, guest].attended


def test_nothing_is_recorded_before_it_starts_or_if_it_was_cancelled(union: Union) -> None:
    number, person = union.schedule(), union.person("Kim")
    with pytest.raises(SessionError, match="once the session has started"):
        record(union, number, "leader", Mark(person, True))
    with union.db.transaction() as session:
        scheduling.cancel(session, union.office, number, "")
    hold(union, number)
    with pytest.raises(SessionError, match="once the session has started"):
        record(union, number, "leader", Mark(person, True))


def test_a_renamed_topic_keeps_what_was_earned(union: Union) -> None:
    number = union.schedule()
    kim, person = union.member("1", "Kim")
    hold(union, number)
    record(union, number, "leader", Mark(person, True))
    renamed = replace(HEARINGS, key="hearing-cases", previously="hearings")
    union.curricula = (replace(PATH, topics=(renamed,)),)
    with union.db.transaction() as session:
        update_credits(session, union.recorder, union.session(number), [person])
    assert credits(union, kim) == [("session", "hearings", "counts")]
