"""Who is registered for a session, and who has attended; what someone is registered for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.foundations.feature import Context
from bridge.foundations.owners import Owner
from bridge.sessions import live_sessions
from bridge.sessions.attendance import attended_by
from bridge.sessions.live_sessions import is_to_come
from bridge.sessions.rules import COMING, HOLDS_SEAT, Format, RegistrationState
from bridge.sessions.tables import Attendance, LiveSession, Registration
from bridge.store.persons import proof, records
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


def attended_members(context: Context, session_id: int) -> Collection[int] | None:
    """The members who attended a session and are certain; None if there is none. Four queries."""
    if live_sessions.find(context.session, session_id) is None:
        return None
    marks = attended_by(context.session, [session_id])
    people = {person for (_, person), mark in marks.items() if mark.attended}
    return frozenset(proof.certain_members(context.session, people).values())


def held_sessions(
    context: Context, limit: int, regions: Collection[str] | None
) -> list[LiveSession]:
    """The newest sessions that have started, of these regions (None: of all). One query."""
    query = select(LiveSession).where(
        LiveSession.state == "open", LiveSession.starts_at <= context.now
    )
    if regions is not None:
        query = query.where(LiveSession.region.in_(regions))
    newest = query.order_by(LiveSession.starts_at.desc(), LiveSession.id.desc()).limit(limit)
    return list(context.session.scalars(newest))


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
