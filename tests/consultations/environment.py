"""A consultation about the first milestone of the sample path, and the people invited to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.consultations import opening
from bridge.consultations.answers import answering
from bridge.consultations.answers.answering import Place
from bridge.consultations.invitations import groups, inviting
from bridge.consultations.invitations.pasted_people import Named
from bridge.consultations.office import Office
from bridge.consultations.opening import Asked
from bridge.consultations.rules import Answer, Channel, Degree
from bridge.curriculum.model import Curriculum
from bridge.store.database import Database
from bridge.store.persons import records
from bridge.store.tables.delivery import OutboxEmail
from tests.web.sample_site import PATH, Clock, english

MILESTONE = PATH.milestones[0].key
CLOSES = datetime.fromisoformat("2026-03-20T17:00")
ZONE = "America/Toronto"
WHOLE, EXPECTATION, REQUIREMENT = (
    f"{MILESTONE}/{each}" for each in ("whole", "expectation-1", "requirement-1")
)
ASKED = Asked(PATH.key, MILESTONE, "The first step", "Please be frank.", CLOSES, ZONE)


def revised(*expectations: str) -> Curriculum:
    """The sample path with other expectations in its first milestone."""
    first = replace(PATH.milestones[0], expectations=tuple(map(english, expectations)))
    return replace(PATH, milestones=(first, *PATH.milestones[1:]), revision="f" * 64)


@dataclass
class Consultations:
    """`actor`: who runs them. `shelf`: the curricula, which a test may change."""

    config: Config
    database: Database
    clock: Clock
    actor: str = "committee@union.example"
    shelf: list[Curriculum] = field(default_factory=lambda: [PATH])

    @property
    def office(self) -> Office:
        return Office(self.config, self.shelf, self.actor, self.clock())

    def open(self, asked: Asked = ASKED) -> int:
        with self.database.transaction() as session:
            return opening.open_consultation(session, self.office, asked)

    def group(
        self, number: int, name: str = "Employers", degree: Degree = "consulted",
        channel: Channel = "page", meeting: str = "",
    ) -> int:  # fmt: skip
        with self.database.transaction() as session:
            return groups.add_group(session, self.office, number, name, degree, channel, meeting)

    def invite(self, number: int, group: int, *names: str) -> None:
        people = [Named(each.title(), f"{each}@employer.example") for each in names]
        with self.database.transaction() as session:
            inviting.invite(session, self.office, number, group, people)

    def place(self, session: Session, number: int, name: str) -> Place:
        person = records.find(session, f"{name}@employer.example")
        assert person is not None
        place = answering.find_place(session, number, person.id)
        assert place is not None
        return place

    def answer(self, number: int, name: str, *answers: Answer, send: bool = True) -> None:
        """Save someone's answers, and send them, as by their link."""
        with self.database.transaction() as session:
            place = self.place(session, number, name)
            office = replace(self.office, actor=f"person:{place.invitation.person_id}")
            answering.save(session, office, place, answers, place.invitation.version)
            if send:
                answering.send(session, office, place)

    def close(self, number: int) -> None:
        with self.database.transaction() as session:
            opening.close(session, self.office, number)

    def emails(self, kind: str = "", to: str = "") -> list[OutboxEmail]:
        """The queued emails, in order."""
        query = select(OutboxEmail).order_by(OutboxEmail.id)
        with self.database.reading() as session:
            found = list(session.scalars(query))
            session.expunge_all()
        return [
            each for each in found
            if kind in ("", each.kind) and each.email.startswith(to)
        ]  # fmt: skip

    def link(self, name: str) -> str:
        """The path of the newest page that someone was sent."""
        newest = self.emails(to=f"{name}@")[-1]
        found = re.search(r"/link/[^/]+/consultation", str(newest.payload))
        assert found is not None
        return found.group()
