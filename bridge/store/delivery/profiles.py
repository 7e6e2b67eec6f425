"""What is still to be written into Moodle's profiles: corrected names and emails, languages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from bridge.delivery_check import Profile, first_agreed_profile
from bridge.store.delivery import deliveries
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.members.account_links import MOODLE
from bridge.store.tables.members import Member
from bridge.store.tables.operations import AuditEntry

FIELDS = ("first_name", "last_name", "email")


class NamedMember(Protocol):
    """A member's name and email, as some rows carry them."""

    @property
    def member_id(self) -> int: ...

    @property
    def first_name(self) -> str: ...

    @property
    def last_name(self) -> str: ...

    @property
    def email(self) -> str: ...


def remember(session: Session, written: Sequence[NamedMember], *, email: bool = True) -> None:
    """Record that Moodle's profiles agree with these names and emails, or may differ from now on.

    Without `email`, only the names. One statement.
    """
    rows = [
        {
            "id": each.member_id,
            "profile_first_name": each.first_name,
            "profile_last_name": each.last_name,
            **({"profile_email": each.email} if email else {}),
        }
        for each in written
    ]
    if rows:
        session.execute(update(Member), rows)


def enqueue_corrections(session: Session, member_ids: Collection[int], now: datetime) -> int:
    """Queue the profiles of these members whose name or email was corrected; return how many.

    Not of members who registered in Moodle themselves: their data comes from there. Three queries.
    """
    query = select(Member.id).where(Member.id.in_(member_ids), *_is_corrected())
    return _enqueue(session, session.scalars(query).all(), now)


def _enqueue(session: Session, member_ids: Sequence[int], now: datetime) -> int:
    if member_ids:
        deliveries.requeue(session, member_ids, "profile", now)
        records = [DeliveryRecord(member, "profile", "", {}) for member in member_ids]
        deliveries.enqueue(session, records, now)
    return len(member_ids)


def record_missing_languages(session: Session, languages: Mapping[int, str | None]) -> None:
    """Record, by member ID, the language that the Moodle account still lacks (None: none)."""
    rows = [{"id": member, "missing_language": language} for member, language in languages.items()]
    if rows:
        session.execute(update(Member), rows)


def missing_languages(session: Session) -> list[str]:
    """Return the languages that some Moodle account still lacks."""
    query = select(Member.missing_language).where(*_lacks_language()).distinct()
    return [language for language in session.scalars(query) if language]


def enqueue_languages(session: Session, languages: Collection[str], now: datetime) -> int:
    """Queue the profiles of the accounts that lack one of these languages; return how many."""
    query = select(Member.id).where(*_lacks_language(), Member.missing_language.in_(languages))
    return _enqueue(session, session.scalars(query).all(), now)


def _lacks_language() -> tuple[ColumnElement[bool], ...]:
    return Member.missing_language.is_not(None), Member.moodle_user_id.is_not(None)


def initialize(session: Session, theirs: Mapping[int, Profile]) -> None:
    """Decide for accounts that an earlier release linked, by member ID, what both sides agreed on.

    Two queries and one statement for the members without that; one query if there are none.
    """
    query = select(Member.id, Member.first_name, Member.last_name, Member.email).where(
        Member.id.in_(theirs), Member.moodle_user_id.is_not(None), Member.profile_email.is_(None)
    )
    ours = {row.id: Profile(*row[1:]) for row in session.execute(query)}
    if not ours:
        return
    former = _former_profiles(session, ours)
    agreed = {
        member: first_agreed_profile(one, theirs[member], former[member])
        for member, one in ours.items()
    }
    rows = [
        {
            "id": member,
            "profile_first_name": one.first_name,
            "profile_last_name": one.last_name,
            "profile_email": one.email,
        }
        for member, one in agreed.items()
    ]
    session.execute(update(Member), rows)


def _former_profiles(session: Session, ours: Mapping[int, Profile]) -> dict[int, list[Profile]]:
    """The profiles that members had here before, newest first, from the audit log. One query."""
    query = select(AuditEntry.member_id, AuditEntry.before).where(
        AuditEntry.member_id.in_(ours), AuditEntry.action == "member"
    )
    found: dict[int, list[Profile]] = {member: [] for member in ours}
    for member, before in session.execute(query.order_by(AuditEntry.id.desc())):
        if member is None:
            continue
        last = found[member][-1] if found[member] else ours[member]
        found[member] += _changed(last, before)
    return found


def _changed(later: Profile, before: Mapping[str, object]) -> Iterator[Profile]:
    fields = {name: str(before[name]) for name in FIELDS if name in before}
    if fields:
        yield replace(later, **fields)


def _is_corrected() -> tuple[ColumnElement[bool], ...]:
    return (
        Member.moodle_user_id.is_not(None),
        Member.source != MOODLE,
        Member.profile_email.is_not(None),
        or_(
            Member.first_name != Member.profile_first_name,
            Member.last_name != Member.profile_last_name,
            Member.email != Member.profile_email,
        ),
    )
