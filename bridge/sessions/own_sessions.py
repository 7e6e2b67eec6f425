"""The sessions that someone is registered for."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.foundations.feature import Context
from bridge.foundations.owners import Owner
from bridge.sessions.rules import COMING
from bridge.sessions.tables import LiveSession, Registration
from bridge.store.persons import records


def registered(context: Context, owner: Owner) -> Sequence[tuple[LiveSession, Registration]]:
    """What someone is registered for and isn't over, in the order of the start. One query."""
    person = _mine(owner, context.session)
    if person is None:
        return []
    mine = (Registration.person_id == person, Registration.state.in_(COMING))
    query = (
        select(LiveSession, Registration)
        .join(Registration, Registration.session_id == LiveSession.id)
        .where(*mine, LiveSession.ends_at > context.now, LiveSession.state != "cancelled")
        .order_by(LiveSession.starts_at, LiveSession.id)
    )
    return [(live, registration) for live, registration in context.session.execute(query)]


def _mine(owner: Owner, session: Session) -> int | None:
    """The owner's person, who has their registrations."""
    if owner.person_id is not None or owner.member_id is None:
        return owner.person_id
    return records.find_of_member(session, owner.member_id)
