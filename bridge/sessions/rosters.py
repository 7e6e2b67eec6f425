"""Who is registered for a session, and who has attended; what someone is registered for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.foundations.feature import Context
from bridge.foundations.owners import Owner
from bridge.sessions.attendance import attended_by
from bridge.sessions.live_sessions import is_to_come
from bridge.sessions.rules import COMING, HOLDS_SEAT, Format, RegistrationState
from bridge.sessions.tables import Attendance, LiveSession, Registration
from bridge.store.persons import records
from bridge.store.tables.persons import Person


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A person. `format` and `state`: '' for someone who attended without being registered.

    `attended`: None if nobody has said so. `source`: who says it: leader, csv or code, or ''.
    """

    person_id: int
    name: str
    email: str
    format: Format | str
    state: RegistrationState | str
    joined: bool
    attended: bool | None
    source: str
    minutes: int | None

    @property
    def leaders_word(self) -> str:
        """What the leader has said: yes, no, or ''."""
        if self.source != "leader":
            return ""
        return "yes" if self.attended else "no"

    @property
    def is_no_show(self) -> bool:
        """Whether someone with a seat did not attend."""
        return self.state in HOLDS_SEAT and self.attended is False

    @property
    def is_open(self) -> bool:
        """Whether nobody has said if someone with a seat attended."""
        return self.state in HOLDS_SEAT and self.attended is None


def roster(session: Session, session_id: int) -> list[RosterLine]:
    """Everyone registered or attending, by name. Three queries."""
    mine = Registration.session_id == session_id
    registered = {
        each.person_id: each for each in session.scalars(select(Registration).where(mine))
    }
    marks = {person: mark for (_, person), mark in attended_by(session, [session_id]).items()}
    ids = registered.keys() | marks.keys()
    people = session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.name_key))
    return [_line(each, registered.get(each.id), marks.get(each.id)) for each in people]


def _line(person: Person, found: Registration | None, mark: Attendance | None) -> RosterLine:
    return RosterLine(
        person.id, person.name, person.email,
        found.format if found else "",
        cast(RegistrationState, found.state) if found else "",
        found is not None and found.joined_at is not None,
        mark.attended if mark else None, mark.source if mark else "",
        mark.minutes if mark else None,
    )  # fmt: skip


def registered(context: Context, owner: Owner) -> Sequence[tuple[LiveSession, Registration]]:
    """What someone is registered for and isn't over, in the order of the start. One query."""
    person = _mine(owner, context.session)
    if person is None:
        return []
    mine = (Registration.person_id == person, Registration.state.in_(COMING))
    query = (
        select(LiveSession, Registration)
        .join(Registration, Registration.session_id == LiveSession.id)
        .where(*mine, is_to_come(context.now), LiveSession.state != "cancelled")
        .order_by(LiveSession.starts_at, LiveSession.id)
    )
    return [(live, registration) for live, registration in context.session.execute(query)]


def _mine(owner: Owner, session: Session) -> int | None:
    """The owner's person, who has their registrations."""
    if owner.person_id is not None or owner.member_id is None:
        return owner.person_id
    return records.find_of_member(session, owner.member_id)
