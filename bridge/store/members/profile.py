"""Changes that members make to their own details, each with an audit entry."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bridge.membership.names import greeting_name
from bridge.store.members.locking import lock_addresses
from bridge.store.members.matching import email_key, name_key
from bridge.store.operations import audit_log
from bridge.store.tables.auth import SigninLink
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.members import ContactRequest, Member, PendingSignup


@dataclass(frozen=True, slots=True)
class Details:
    """Details that take effect immediately. A new email must be confirmed first."""

    first_name: str
    last_name: str
    language: str
    region: str


def audit_actor(member_id: int) -> str:
    """Return the member's name in audit entries: an ID, because entries outlive the record."""
    return f"member:{member_id}"


def update_details(session: Session, member_id: int, details: Details, now: datetime) -> bool:
    """Store new details; return False if nothing changed or the member doesn't exist."""
    member = _lock_member(session, member_id)
    if member is None:
        return False
    before = {name: getattr(member, name) for name in asdict(details)}
    after = {name: value for name, value in asdict(details).items() if before[name] != value}
    if not after:
        return False
    for name, value in after.items():
        setattr(member, name, value)
    member.first_key, member.last_key = name_key(member.first_name), name_key(member.last_name)
    member.updated_at = now
    former = {name: before[name] for name in after}
    audit_log.write(session, audit_actor(member_id), "member", member_id, former, after, now)
    session.flush()
    return True


def is_email_free(session: Session, email: str, member_id: int) -> bool:
    """Return whether no other member has this email."""
    others = select(Member.id).where(Member.email_key == email_key(email), Member.id != member_id)
    return session.scalar(others.limit(1)) is None


@dataclass(frozen=True, slots=True)
class PreviousDetails:
    """A member's former email, with the details that an email to it needs.

    `first_name`: the name to greet them by.
    """

    email: str
    first_name: str
    language: str
    region: str


def change_email(
    session: Session, member_id: int, email: str, now: datetime
) -> PreviousDetails | None:
    """Set the confirmed email of a member; return None if another member has it by now.

    Rows stored under the former address move to the new one, so that they can be exported and
    erased. Sign-in links sent to the former address stop working.
    """
    lock_addresses(session, [email])
    member = _lock_member(session, member_id)
    if member is None or not is_email_free(session, email, member_id):
        return None
    former = PreviousDetails(
        member.email,
        greeting_name(member.first_name, member.last_name),
        member.language,
        member.region,
    )
    key = member.email_key
    member.email, member.email_key, member.updated_at = email, email_key(email), now
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError:
        return None
    move_address_rows(session, key, email_key(email))
    before: dict[str, object] = {"email": former.email}
    audit_log.write(
        session, audit_actor(member_id), "member", member_id, before, {"email": email}, now
    )
    return former


def move_address_rows(session: Session, former: str, new: str) -> None:
    """Store what is under a former address (in lower case) under the new one.

    Links and codes sent to the former address stop working: who reads it mustn't sign in.
    """
    session.execute(delete(SigninLink).where(SigninLink.email == former))
    unconfirmed = (PendingSignup.email == former, PendingSignup.confirmed_at.is_(None))
    session.execute(delete(PendingSignup).where(*unconfirmed))
    for table in (OutboxEmail, ContactRequest, PendingSignup):
        session.execute(update(table).where(table.email == former).values(email=new))


def _lock_member(session: Session, member_id: int) -> Member | None:
    """Return the member, locked until the transaction ends."""
    return session.get(
        Member, member_id, populate_existing=True, with_for_update={"key_share": True}
    )
