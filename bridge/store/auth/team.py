"""The roles that are given on the page Team, and whether they are accepted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bridge.access.roles import Role
from bridge.access.team import INVITATION_LIFETIME, Grant
from bridge.errors import RoleHeld
from bridge.messages import Message
from bridge.store.dialect import insert_into
from bridge.store.members.matching import email_key
from bridge.store.tables.auth import TeamRole

EXPIRED_RETENTION = timedelta(days=90)
"""How long an invitation is kept that nobody accepted, from when it was sent."""


@dataclass(frozen=True, slots=True)
class TeamRoleRow:
    """A given role. Addresses are in lower case."""

    id: int
    email: str
    name: str
    role: Role
    region: str
    given_by: str
    lineage: Sequence[str]
    given_at: datetime
    confirmed_by: str
    invited_at: datetime | None
    accepted_at: datetime | None


def give(session: Session, row: TeamRoleRow) -> int | None:
    """Store a role, whose `id` is ignored. Return its ID, None if the address has it already."""
    values = {name: getattr(row, name) for name in TeamRoleRow.__dataclass_fields__ if name != "id"}
    insert = insert_into(session, TeamRole).values(values).on_conflict_do_nothing()
    return session.scalar(insert.returning(TeamRole.id))


def all_roles(session: Session) -> Sequence[TeamRoleRow]:
    """Every role that was given, by address."""
    order = (TeamRole.email, TeamRole.role, TeamRole.region)
    return [_row(each) for each in session.scalars(select(TeamRole).order_by(*order))]


def lock_all(session: Session) -> Sequence[TeamRoleRow]:
    """The same, locked until the transaction ends: nobody else gives up the last place."""
    rows = session.scalars(select(TeamRole).order_by(TeamRole.id).with_for_update())
    return [_row(each) for each in rows]


def find(session: Session, number: int) -> TeamRoleRow | None:
    """The role with this ID, locked until the transaction ends."""
    row = session.get(TeamRole, number, populate_existing=True, with_for_update=True)
    return _row(row) if row else None


def confirm(session: Session, number: int, by: str, now: datetime) -> None:
    """Record who confirmed a confidential role, and that the invitation is sent now."""
    values = {"confirmed_by": by, "invited_at": now}
    session.execute(update(TeamRole).where(TeamRole.id == number).values(values))


def invite_again(session: Session, number: int, now: datetime) -> None:
    """Record that another invitation is sent now."""
    session.execute(update(TeamRole).where(TeamRole.id == number).values(invited_at=now))


def remove(session: Session, number: int) -> None:
    """Take a role away: with the next request it opens nothing."""
    session.execute(delete(TeamRole).where(TeamRole.id == number))


def accept(session: Session, email: str, now: datetime) -> Sequence[TeamRoleRow]:
    """Accept the invitations of an address that was just proved. Return the roles accepted."""
    open_invitations = (
        TeamRole.email == email_key(email),
        TeamRole.accepted_at.is_(None),
        TeamRole.invited_at > now - INVITATION_LIFETIME,
    )
    accepted = update(TeamRole).where(*open_invitations).values(accepted_at=now)
    return [_row(each) for each in session.scalars(accepted.returning(TeamRole))]


def grants_of(session: Session, email: str) -> frozenset[Grant]:
    """The roles that an address has accepted."""
    query = select(TeamRole.role, TeamRole.region).where(
        TeamRole.email == email_key(email), TeamRole.accepted_at.is_not(None)
    )
    return frozenset(Grant(cast(Role, row.role), row.region) for row in session.execute(query))


def require_no_role(session: Session, email: str) -> None:
    """Raises RoleHeld if an address has a role. It ends first, so that the log says so, and so
    that the last person on the committee stays.
    """
    if grants_of(session, email):
        raise RoleHeld(
            Message("%(email)s has a role in Stewardpath.", email=email),
            todo=Message("Someone on the committee has to end it first, on the page Team."),
        )


def lineage_of(rows: Collection[TeamRoleRow], email: str) -> Sequence[str]:
    """Who brought an address onto the committee, and who brought those in; [] if nobody did."""
    places = (each.lineage for each in rows if each.email == email and each.role == "committee")
    return list(dict.fromkeys(one for lineage in places for one in lineage))


def may_sign_in(session: Session, email: str, now: datetime) -> bool:
    """Whether an address has a role, or an invitation to accept one."""
    valid = TeamRole.accepted_at.is_not(None) | (TeamRole.invited_at > now - INVITATION_LIFETIME)
    query = select(TeamRole.id).where(TeamRole.email == email_key(email), valid).limit(1)
    return session.scalar(query) is not None


def holders(session: Session, role: Role, region: str = "") -> Sequence[TeamRoleRow]:
    """Those who have accepted a role, the longest first. `region`: only its chairs."""
    query = select(TeamRole).where(TeamRole.role == role, TeamRole.accepted_at.is_not(None))
    if region:
        query = query.where(TeamRole.region == region)
    return [_row(each) for each in session.scalars(query.order_by(TeamRole.id))]


def prune(session: Session, now: datetime) -> None:
    """Delete roles that nobody accepted or confirmed for a long time."""
    since = func.coalesce(TeamRole.invited_at, TeamRole.given_at)
    old = (TeamRole.accepted_at.is_(None), since < now - EXPIRED_RETENTION)
    session.execute(delete(TeamRole).where(*old))


def addresses_with(rows: Collection[TeamRoleRow], role: Role) -> Sequence[str]:
    """The addresses among these rows that have accepted a role."""
    found = (each.email for each in rows if each.role == role and each.accepted_at is not None)
    return list(dict.fromkeys(found))


def _row(row: TeamRole) -> TeamRoleRow:
    names = TeamRoleRow.__dataclass_fields__
    return TeamRoleRow(**{name: getattr(row, name) for name in names})
