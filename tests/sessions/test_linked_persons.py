"""Guests who attended get their credits once they are linked to a member, or merged."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bridge.features import FEATURES
from bridge.features.registers import persons_linked
from bridge.foundations.deadlines.runner import run_due
from bridge.foundations.feature import Context
from bridge.member_records import MemberRecord
from bridge.privacy import link_person, merge_persons
from bridge.sessions import attendance
from bridge.sessions.attendance import Mark
from bridge.sessions.earning.credits import Recorder
from bridge.sessions.earning.marks import Source
from bridge.sessions.feature import SESSIONS
from bridge.sessions.tables import Attendance
from bridge.store.database import Database
from bridge.store.members.upsert import upsert_members
from bridge.store.persons import proof
from bridge.store.tables.operations import AuditEntry
from bridge.workflows.signup import sign_up

from .environment import Union
from .test_attendance import awards, credits, hold, record, set_leaders


@pytest.fixture
def union(db: Database) -> Union:
    return Union(db)


def merge(union: Union, kept: int, removed: int) -> None:
    with union.db.transaction() as session:
        merge_persons(session, kept, removed, "committee", union.now)
        context = Context(session, union.config, union.curricula, "en", union.now)
        persons_linked(FEATURES, context, [kept], "committee")


def run_jobs(union: Union) -> None:
    kinds = SESSIONS.deadlines(union.config, union.curricula)
    run_due(union.db, kinds, (), owner="test", clock=lambda: union.now)


def test_a_guest_whom_the_committee_links_has_the_credit_at_once(union: Union) -> None:
    number, guest = union.schedule(), union.person("Guest")
    hold(union, number)
    record(union, number, "leader", Mark(guest, True))
    with union.db.transaction() as session:
        written = upsert_members(
            session, [MemberRecord("7", "g@union.example", "G", "E")], union.now
        )
        [member] = [each for each in written.ids if each is not None]
        link_person(session, guest, member, "committee", union.now)
        context = Context(session, union.config, union.curricula, "en", union.now)
        persons_linked(FEATURES, context, [guest], "committee")
    assert credits(union, member) == [("session", "hearings", "counts")]
    assert awards(union, member) == ["first"]


def test_a_guest_who_signs_up_has_the_credit_within_a_minute(union: Union) -> None:
    number, guest = union.schedule(), union.person("Guest")
    with union.db.transaction() as session:
        proof.confirm_email(session, guest, union.now)
    hold(union, number)
    record(union, number, "leader", Mark(guest, True))
    with union.db.transaction() as session:
        new = [MemberRecord("7", "guest@people.example", "Guest", "Example")]
        written = sign_up(session, union.curricula, new, regions={}, actor="test", now=union.now)
    [member] = [each for each in written.ids if each is not None]
    union.wait(minutes=1)
    run_jobs(union)
    assert credits(union, member) == [("session", "hearings", "counts")]


def test_ticking_again_helps_too(union: Union) -> None:
    number, guest = union.schedule(), union.person("Guest")
    hold(union, number)
    record(union, number, "leader", Mark(guest, True))
    with union.db.transaction() as session:
        written = upsert_members(
            session, [MemberRecord("7", "g@union.example", "G", "E")], union.now
        )
        [member] = [each for each in written.ids if each is not None]
        link_person(session, guest, member, "committee", union.now)
    assert record(union, number, "leader", Mark(guest, True)) == 0
    assert credits(union, member) == [("session", "hearings", "counts")]


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("source", ["csv", "leader"])
def test_of_two_marks_the_better_one_counts_and_the_log_keeps_the_other(
    union: Union, source: Source, swapped: bool
) -> None:
    number, guest = union.schedule(), union.person("Guest")
    kim, person = union.member("1", "Kim")
    hold(union, number)
    good, bad = (person, guest) if swapped else (guest, person)
    record(union, number, source, Mark(good, True, 110), Mark(bad, False, 10))
    merge(union, person, guest)
    assert [each[2] for each in credits(union, kim)] == ["counts"]
    with union.db.reading() as session:
        [mark] = session.scalars(select(Attendance))
        assert (mark.person_id, mark.attended, mark.minutes) == (person, True, 110)
        log = session.scalars(select(AuditEntry).where(AuditEntry.action == "attendance"))
        dropped = [each.before for each in log if each.before]
        assert dropped == [{"session": number, "source": source, "attended": False, "minutes": 10}]


def test_who_recorded_themselves_under_another_address_gets_nothing(union: Union) -> None:
    number, guest = union.schedule(), union.person("Guest")
    kim, person = union.member("1", "Kim")
    set_leaders(union, number, person)
    hold(union, number)
    recorder = Recorder(union.curricula, "Kim@union.example", union.now)
    with union.db.transaction() as session:
        attendance.record(session, recorder, number, "leader", [Mark(guest, True)])
    merge(union, person, guest)
    assert [each[0] for each in credits(union, kim)] == ["led"]
    record(union, number, "csv", Mark(person, True))
    assert [each[0] for each in credits(union, kim)] == ["led"]
    with union.db.transaction() as session:
        attendance.forget(session, union.recorder, number, "leader", [person])
    assert [each[0] for each in credits(union, kim)] == ["led", "session"]
