"""Looking up members, and setting their Moodle accounts."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bridge.errors import MemberError, NoSuchMember
from bridge.store.members.matching import email_key
from bridge.store.members.number_questions import member_meant
from bridge.store.tables.members import Member

FRESH = {"populate_existing": True}
ID = re.compile(r"id:(?P<id>[0-9]{1,18})")
"""How people write the ID of a member who may have no number."""


def get_member(session: Session, number: str) -> Member | None:
    """Return the member with a member number, or the one that it means by a person's answer."""
    query = select(Member).where(Member.number == number)
    found = session.scalars(query, execution_options=FRESH).first()
    if found is None and (meant := member_meant(session, number)) is not None:
        return session.get(Member, meant, populate_existing=True)
    return found


def find(session: Session, identifier: str | int) -> Member | None:
    """Return a member by ID (int, or str such as `id:12`), or by member number or email (str).

    Raises MemberError if several members share the email.
    """
    if isinstance(identifier, int):
        return members_by_ids(session, [identifier]).get(identifier)
    if member := get_member(session, identifier):
        return member
    if by_id := ID.fullmatch(identifier):
        return members_by_ids(session, [int(by_id["id"])]).get(int(by_id["id"]))
    query = select(Member).where(Member.email_key == email_key(identifier)).order_by(Member.id)
    found = session.scalars(query, execution_options=FRESH).all()
    if len(found) > 1:
        ids = ", ".join(f"id:{each.id}" for each in found)
        raise MemberError(
            "several members have this email.",
            where=identifier,
            todo=f"Enter the member number or the ID instead: {ids}.",
        )
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class EmailHolder:
    """A member with an email, and the language of emails to them."""

    id: int
    language: str


def members_with_email(session: Session, email: str) -> list[EmailHolder]:
    """Return the members with an email, at most two."""
    query = select(Member.id, Member.language).where(Member.email_key == email_key(email))
    return [EmailHolder(*row) for row in session.execute(query.order_by(Member.id).limit(2))]


def ids_with_email(session: Session, email: str) -> Sequence[int]:
    """Return the IDs of all members with an email."""
    return session.scalars(select(Member.id).where(Member.email_key == email_key(email))).all()


def members_by_ids(session: Session, ids: Collection[int]) -> dict[int, Member]:
    """Return those of these members that exist, by ID."""
    query = select(Member).where(Member.id.in_(ids))
    return {member.id: member for member in session.scalars(query, execution_options=FRESH)}


def members_without_account(session: Session, emails: Collection[str]) -> dict[str, list[int]]:
    """Return members who have no Moodle account and one of these emails, by normalized email."""
    query = select(Member.email_key, Member.id).where(
        Member.email_key.in_({email_key(email) for email in emails}),
        Member.moodle_user_id.is_(None),
    )
    found: dict[str, list[int]] = {}
    for key, member in session.execute(query):
        found.setdefault(key, []).append(member)
    return found


def members_by_moodle_ids(session: Session, ids: Collection[int]) -> dict[int, int]:
    """Return member IDs by Moodle user ID."""
    query = select(Member.moodle_user_id, Member.id).where(Member.moodle_user_id.in_(ids))
    return {moodle_id: member_id for moodle_id, member_id in session.execute(query) if moodle_id}


def iterate_member_ids(session: Session, after: int = 0, limit: int = 500) -> Sequence[int]:
    """Return the next `limit` member IDs above `after`, ascending; empty at the end."""
    query = select(Member.id).where(Member.id > after).order_by(Member.id).limit(limit)
    return session.scalars(query).all()


def count_members(session: Session) -> int:
    """Return the number of members."""
    return session.scalar(select(func.count()).select_from(Member)) or 0


def set_moodle_users(
    session: Session, accounts: Mapping[int, int | None]
) -> dict[int, MemberError]:
    """Set the Moodle accounts of members, by member ID; None removes the link.

    Returns an error for each member that doesn't exist, or whose account belongs to another
    member. Three queries.
    """
    if not accounts:
        return {}
    existing = select(Member.id).where(Member.id.in_(accounts)).with_for_update(key_share=True)
    known = set(session.scalars(existing.order_by(Member.id)))
    users = [user for user in accounts.values() if user is not None]
    holders = members_by_moodle_ids(session, users) if users else {}
    errors: dict[int, MemberError] = {}
    rows: list[dict[str, int | None]] = []
    for member, user in accounts.items():
        if member not in known:
            errors[member] = _no_member(member)
        elif user is not None and holders.setdefault(user, member) != member:
            errors[member] = _account_taken(member, user)
        else:
            rows.append({"id": member, "moodle_user_id": user})
    if rows:
        session.execute(update(Member), rows)
    return errors


def _account_taken(member_id: int, moodle_user_id: int) -> MemberError:
    return MemberError(
        f"Moodle account {moodle_user_id} already belongs to another member.",
        where=f"member {member_id}",
        todo="If one of the two is a duplicate, erase it. Otherwise correct the account in Moodle.",
    )


def _no_member(member_id: int) -> NoSuchMember:
    return NoSuchMember("there is no such member.", where=f"member {member_id}")


def lock_member(session: Session, member_id: int) -> Member:
    """Return the member, locked until the transaction ends. Raises MemberError."""
    member = session.get(
        Member, member_id, populate_existing=True, with_for_update={"key_share": True}
    )
    if member is None:
        raise _no_member(member_id)
    return member
