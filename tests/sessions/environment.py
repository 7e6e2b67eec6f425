"""A union with topics, people and a clock, to schedule sessions in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.curriculum.requirements.credited import Credited
from bridge.curriculum.topics import Topic, TopicPart
from bridge.foundations.deadlines.runner import run_due
from bridge.member_records import MemberRecord
from bridge.sessions import registrations, scheduling
from bridge.sessions.earning.credits import Recorder
from bridge.sessions.feature import SESSIONS, office_of
from bridge.sessions.office import Office
from bridge.sessions.rules import Format, RegistrationState, SessionData, Times
from bridge.sessions.tables import LiveSession, Registration
from bridge.store.database import Database
from bridge.store.members.upsert import upsert_members
from bridge.store.persons import records
from bridge.store.persons.records import PersonRecord
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.members import Member
from tests.support.calendar_parser import read_calendar
from tests.support.sample_curricula import curriculum, milestone, text

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
ZONE = "America/Los_Angeles"
HEARINGS = Topic("hearings", text("Hearings"))
PARTS = (TopicPart("one", text("First")), TopicPart("two", text("Second")))
SERIES = Topic("series", text("A series"), parts=PARTS)
FIRST = replace(milestone("first"), requirements=(Credited("hearings", "session"),))
PATH = replace(curriculum(FIRST), topics=(HEARINGS, SERIES))


def times(day: str = "2027-04-17", start: str = "18:00", end: str = "20:00") -> Times:
    return Times(
        datetime.fromisoformat(f"{day}T{start}"), datetime.fromisoformat(f"{day}T{end}"), ZONE
    )


DATA = SessionData(
    curriculum=PATH.key, topic="hearings", part="", times=times(), online=True, in_person=False,
    seats_online=2, link="https://meet.example/1",
)  # fmt: skip


@dataclass
class Union:
    """A union whose committee schedules sessions, and people who register."""

    db: Database
    now: datetime = NOW
    config: Config = field(default_factory=lambda: Config(timezone=ZONE))
    curricula: Sequence[Curriculum] = (PATH,)

    @property
    def office(self) -> Office:
        return office_of(self.config, self.curricula, "committee", self.now)

    @property
    def recorder(self) -> Recorder:
        return Recorder(self.curricula, "leader", self.now)

    def schedule(self, data: SessionData = DATA, *, opened: bool = True) -> int:
        with self.db.transaction() as session:
            number = scheduling.create(session, self.office, data)
            if opened:
                scheduling.open_registration(session, self.office, number)
        return number

    def person(self, name: str) -> int:
        with self.db.transaction() as session:
            record = PersonRecord(name, f"{name.lower()}@people.example", "en")
            return records.find_or_add(session, record, self.now).id

    def people(self, count: int) -> list[int]:
        return [self.person(f"P{number}") for number in range(count)]

    def register(
        self, number: int, person: int, how: Format = "online", *, confirmed: bool = True
    ) -> RegistrationState:
        with self.db.transaction() as session:
            desk = self.office.desk
            return registrations.register(session, desk, number, person, how, confirmed=confirmed)

    def leave(self, number: int, person: int) -> bool:
        with self.db.transaction() as session:
            return registrations.leave(session, self.office.desk, number, person)

    def confirm(self, number: int, person: int) -> RegistrationState:
        with self.db.transaction() as session:
            return registrations.confirm(session, self.office.desk, number, person)

    def states(self, number: int) -> dict[int, str]:
        """Person -> state of their registration."""
        with self.db.reading() as session:
            mine = select(Registration).where(Registration.session_id == number)
            mine = mine.order_by(Registration.id)
            return {each.person_id: each.state for each in session.scalars(mine)}

    def session(self, number: int) -> LiveSession:
        with self.db.reading() as session:
            return session.scalars(select(LiveSession).where(LiveSession.id == number)).one()

    def emails(self, person: int | None = None) -> list[OutboxEmail]:
        """The emails queued, to one person or in all, in order."""
        with self.db.reading() as session:
            query = select(OutboxEmail).order_by(OutboxEmail.id)
            if person is not None:
                query = query.where(OutboxEmail.person_id == person)
            return list(session.scalars(query))

    def news(self, person: int) -> list[str]:
        """What the emails to one person say, in order."""
        return [str(each.payload["news"]) for each in self.emails(person)]

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def member(self, number: str, name: str) -> tuple[int, int]:
        """A new member, and the person that they are."""
        record = MemberRecord(number, f"{name.lower()}@union.example", name, "Example")
        with self.db.transaction() as session:
            upsert_members(session, [record], self.now)
            member = session.scalars(select(Member.id).where(Member.number == number)).one()
            return member, records.person_of_member(session, member, self.now)


def act(union: Union, what: Callable[..., object], *arguments: object) -> object:
    with union.db.transaction() as session:
        return what(session, union.office, *arguments)


def change(union: Union, number: int, data: SessionData, version: int = 0) -> object:
    return act(union, scheduling.change, number, data, version or union.session(number).version)


def entries(emails: list[OutboxEmail]) -> list[tuple[str, str, str, str]]:
    """Method, status, sequence and local start of the calendar entries, in order."""
    found = []
    for email in emails:
        if email.attachment is not None:
            calendar = read_calendar(email.attachment.decode())
            event = calendar.vevent
            start = f"{event.dtstart.value:%m-%d %H:%M}"
            found.append((calendar.method.value, event.status.value, event.sequence.value, start))
    return found


def release(union: Union) -> object:
    """Run what is due."""
    kinds = SESSIONS.deadlines(union.config, union.curricula)
    return run_due(union.db, kinds, (), owner="test", clock=lambda: union.now)
