"""Makes the live sessions of the demo, with registrations, attendance and credits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from bridge.cli.demo.schedule import (
    GUEST,
    SCHEDULE,
    SPEAKER,
    STEWARDS,
    UNCONFIRMED_GUEST,
    DemoSession,
    thursday,
)
from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.foundations.deadlines.schedule import cancel
from bridge.member_records import MemberRecord
from bridge.membership.roles import HeldRole
from bridge.sessions import attendance, live_sessions, registrations, scheduling
from bridge.sessions.attendance import Mark
from bridge.sessions.earning.credits import update_credits
from bridge.sessions.feature import office_of
from bridge.sessions.office import Office
from bridge.sessions.registering.desk import Step
from bridge.sessions.rules import SessionData, Times
from bridge.sessions.tables import LiveSession
from bridge.store.database import Database
from bridge.store.members.queries import find
from bridge.store.persons import proof, records
from bridge.store.persons.records import PersonRecord, PersonSource
from bridge.workflows.signup import sign_up

ACTOR = "committee@example.org"
STARTS = time(18)
ZONE = "America/Toronto"
"""Where the sessions take place, unless the settings have a zone: UTC is nobody's."""
LINK = "https://meet.example.org/"
ROOM = "Union hall, 12 Main Street"
OPENED_BEFORE = timedelta(weeks=3)
PEOPLE = {
    SPEAKER: PersonRecord("Ada Speaker", SPEAKER, "en"),
    GUEST: PersonRecord("Kim Guest", GUEST, "en"),
    UNCONFIRMED_GUEST: PersonRecord("Lou Guest", UNCONFIRMED_GUEST, "fr"),
}
_NAMES = ("Alex", "Jamie", "Morgan", "Noor", "Devon", "River")
NEW_STEWARDS = tuple(
    MemberRecord(
        number, f"{name.lower()}@example.org", name, "Example", status="member",
        region="north" if int(number) % 2 else "south", roles=(HeldRole("steward"),),
    )
    for number, name in zip(STEWARDS[1:], _NAMES, strict=True)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Maker:
    """What is needed to make sessions. `people`: person by member number or address."""

    config: Config
    store: Database
    curricula: Sequence[Curriculum]
    people: Mapping[str, int]
    now: datetime

    def office(self, at: datetime) -> Office:
        return office_of(self.config, self.curricula, ACTOR, at)


def schedule_sessions(
    config: Config, store: Database, curricula: Sequence[Curriculum], now: datetime
) -> int:
    """Sign up stewards, and make the sessions of the topics that there are; return how many.

    Dates depend on `now`. Does nothing if the curricula have none of the shipped topics.
    """
    found = [
        (each, path)
        for each in SCHEDULE
        for path in curricula
        if (topic := path.topic(each.topic)) and (not each.part or topic.part(each.part))
    ]
    if not found:
        return 0
    with store.transaction() as session:
        sign_up(session, curricula, NEW_STEWARDS, regions=config.regions, actor="demo", now=now)
    maker = _Maker(config, store, curricula, _people(store, now), now)
    for planned, path in found:
        _make(maker, path, planned)
    return len(found)


def _people(store: Database, now: datetime) -> dict[str, int]:
    """The persons of the members and guests. The guest who never confirmed has no proof."""
    numbers = {number for each in SCHEDULE for number, _ in each.registered} | {*STEWARDS}
    people: dict[str, int] = {}
    with store.transaction() as session:
        for number in sorted(numbers - PEOPLE.keys()):
            if member := find(session, number):
                people[number] = records.person_of_member(session, member.id, now)
        for address, record in PEOPLE.items():
            source: PersonSource = "committee" if address == SPEAKER else "self"
            people[address] = records.find_or_add(session, record, now, source).id
            if address == GUEST:
                proof.confirm_email(session, people[address], now)
    return people


def _make(maker: _Maker, path: Curriculum, planned: DemoSession) -> None:
    data = _data(maker, path, planned)
    is_past = data.times.since < maker.now
    at = data.times.since - OPENED_BEFORE if is_past else maker.now
    office = maker.office(at)
    with maker.store.transaction() as session:
        number = scheduling.create(session, office, data, planned.key)
        leaders = [maker.people[each] for each in planned.leaders]
        scheduling.set_leaders(session, office, number, leaders)
        if planned.what != "draft":
            scheduling.open_registration(session, office, number)
    for name, how in planned.registered:
        _register(maker, office, number, name, how == "online", quiet=is_past)
    with maker.store.transaction() as session:
        _finish(session, maker, planned, number, data)


def _data(maker: _Maker, path: Curriculum, planned: DemoSession) -> SessionData:
    topic = path.topic(planned.topic)
    assert topic is not None  # noqa: S101 - see `schedule_sessions`
    starts = datetime.combine(thursday(maker.now.date(), planned.week), STARTS)
    ends, zone = starts + timedelta(minutes=topic.minutes), maker.config.timezone
    return SessionData(
        curriculum=path.key, topic=topic.key, part=planned.part,
        times=Times(starts, ends, ZONE if zone == "UTC" else zone),
        online=planned.online is not None, in_person=planned.room is not None,
        seats_online=planned.seats_online, seats_room=planned.seats_room,
        link=f"{LINK}{planned.key}" if planned.online is not None else "",
        room=ROOM if planned.room is not None else "",
        region=planned.region, materials=planned.materials,
    )  # fmt: skip


def _register(
    maker: _Maker, office: Office, number: int, name: str, online: bool, *, quiet: bool
) -> None:
    """`quiet`: without an email, because it was long ago."""
    desk = replace(office.desk, tell=_tell_nobody) if quiet else office.desk
    with maker.store.transaction() as session:
        registrations.register(
            session, desk, number, maker.people[name], "online" if online else "room",
            confirmed=name != UNCONFIRMED_GUEST,
        )  # fmt: skip


def _tell_nobody(_session: Session, _live: LiveSession, _steps: Sequence[Step]) -> None:
    """In the place of the emails about registrations."""


def _finish(
    session: Session, maker: _Maker, planned: DemoSession, number: int, data: SessionData
) -> None:
    """What became of the session."""
    office = maker.office(maker.now)
    match planned.what:
        case "held":
            _record_attendance(session, maker, planned, number, data.times.until)
        case "postponed":
            scheduling.postpone(session, office, number, planned.reason)
        case "cancelled":
            scheduling.cancel(session, office, number, planned.reason)
        case "new-date":
            weeks = timedelta(weeks=planned.moved_to - planned.week)
            times = data.times
            moved = Times(times.starts + weeks, times.ends + weeks, times.zone)
            scheduling.set_new_date(session, office, number, moved)
            for name in planned.confirmed:
                registrations.confirm(session, office.desk, number, maker.people[name])
        case "draft" | "open":
            pass


def _record_attendance(
    session: Session, maker: _Maker, planned: DemoSession, number: int, over: datetime
) -> None:
    """The leader's ticks, and the credits for those who attended and those who led.

    Nothing is left for the deadline at its end, which would be late.
    """
    recorder = maker.office(over).recorder
    marks = [Mark(maker.people[name], name not in planned.absent) for name, _ in planned.registered]
    attendance.record(session, recorder, number, "leader", marks)
    live = live_sessions.lock(session, number)
    leaders = [maker.people[each] for each in planned.leaders]
    update_credits(session, recorder, live, leaders)
    cancel(session, scheduling.END, str(number))
