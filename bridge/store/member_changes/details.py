"""The details of a member that the committee can change, and which version of them was shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bridge.errors import MemberError
from bridge.membership.numbers import number_key
from bridge.messages import Message
from bridge.store.members.account_links import numbers_from_moodle
from bridge.store.members.matching import SELF_DECLARED, email_key, name_key
from bridge.store.members.role_changes import PAGE
from bridge.store.operations import audit_log
from bridge.store.tables.members import Member


@dataclass(frozen=True, slots=True)
class MemberDetails:
    """What the committee sees and changes. '' means that nothing is known."""

    number: str
    email: str
    first_name: str
    last_name: str
    region: str
    language: str
    unit: str
    classification: str
    job_class: str


FIELDS = tuple(each.name for each in fields(MemberDetails))


def details_of(member: Member) -> MemberDetails:
    """The stored details of a member."""
    return MemberDetails(**{name: getattr(member, name) or "" for name in FIELDS})


def version_of(details: MemberDetails) -> str:
    """A short text that is different for other details."""
    return sha256("\0".join(asdict(details).values()).encode()).hexdigest()[:16]


def differences(before: MemberDetails, after: MemberDetails) -> Mapping[str, tuple[str, str]]:
    """The values before and after of the fields that differ."""
    old, new = asdict(before), asdict(after)
    return {name: (old[name], new[name]) for name in FIELDS if old[name] != new[name]}


def save(
    session: Session, member: Member, details: MemberDetails, actor: str, now: datetime
) -> bool:
    """Store details of a locked member, with an audit entry; return False if nothing changed.

    The record is the committee's then, if the member had typed it themselves: what they type in a
    form or in Moodle doesn't change it any more. Raises MemberError if another member without a
    number has the address.
    """
    changed = differences(details_of(member), details)
    if not changed:
        return False
    if member.source in SELF_DECLARED and not _keeps_typed_number(session, member, details):
        member.source = PAGE
    for name, (_, new) in changed.items():
        setattr(member, name, new or (None if name == "number" else ""))
    member.email_key, member.number_key = email_key(member.email), number_key(member.number)
    member.first_key, member.last_key = name_key(member.first_name), name_key(member.last_name)
    member.updated_at = now
    with refusing_doubles(session):
        session.flush()
    before = {name: old for name, (old, _) in changed.items()}
    after = {name: new for name, (_, new) in changed.items()}
    audit_log.write(session, actor, "member", member.id, before, after, now)
    return True


def _keeps_typed_number(session: Session, member: Member, details: MemberDetails) -> bool:
    """Whether the number still is one that anyone could have typed in Moodle."""
    typed = numbers_from_moodle(session, [member.id])
    return bool(typed) and details.number == member.number


@contextmanager
def refusing_doubles(session: Session) -> Iterator[None]:
    """Store a member. Raises MemberError if another one has the number, or the address without one.

    What was done inside is undone then, and the transaction goes on.
    """
    try:
        with session.begin_nested():
            yield
    except IntegrityError:
        raise MemberError(
            Message("another member has this number, or this address without a number."),
            todo=Message("Look for them in the list of members."),
        ) from None
