"""Who of a filtered list would get an email, and why the others don't."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from bridge.membership.emails import EMAIL, MAX_EMAIL_LENGTH
from bridge.membership.status import statuses_without
from bridge.store.members.search import MemberFilter, conditions
from bridge.store.tables.members import Member
from bridge.store.tables.persons import MailingSubscription, Person

T = TypeVar("T")
LeftOut = Literal["no-address", "unsubscribed", "inactive", "same-address"]
Outcome = LeftOut | Literal["gets"]
"""`same-address`: a member before them has the same address, and one email goes there."""
INACTIVE = statuses_without(lambda rights: rights.served)


@dataclass(frozen=True, slots=True)
class Addressee:
    """A member of the list, with what happens.

    `language`: of the person, or else of the member record; '' if neither says one.
    """

    id: int
    number: str | None
    first_name: str
    last_name: str
    email: str
    language: str
    outcome: Outcome


def addressees(session: Session, wanted: MemberFilter, mailing: str) -> list[Addressee]:
    """Everyone on the list, by ID. `mailing`: what they may have unsubscribed from. One query."""
    query = (
        select(
            Member.id, Member.number, Member.first_name, Member.last_name, Member.email,
            Member.email_key, Member.language, Member.status,
            Person.language.label("other_language"),
            or_(
                Person.id.in_(_unsubscribed(Person.id, mailing)),
                Member.email_key.in_(_unsubscribed(Person.email_key, mailing)),
            ).label("unsubscribed"),
        )
        .outerjoin(Person, Person.member_id == Member.id)
        .where(*conditions(wanted))
        .order_by(Member.id)
    )  # fmt: skip
    found, taken = [], set[str]()
    for row in session.execute(query):
        outcome = _outcome(row.email, row.status, bool(row.unsubscribed))
        if outcome == "gets":
            outcome = "same-address" if row.email_key in taken else "gets"
            taken.add(row.email_key)
        language = row.other_language or row.language or ""
        found.append(Addressee(row.id, row.number, row.first_name, row.last_name, row.email,
                               language, outcome))  # fmt: skip
    return found


def unsubscribed_addresses(session: Session, keys: Collection[str], mailing: str) -> set[str]:
    """Which of these addresses, in lower case, belong to someone who has unsubscribed."""
    query = _unsubscribed(Person.email_key, mailing).where(Person.email_key.in_(keys))
    return set(session.scalars(query))


def _unsubscribed(column: InstrumentedAttribute[T], mailing: str) -> Select[T]:
    """This column of everyone who has unsubscribed."""
    found = aliased(MailingSubscription)
    return (
        select(column)
        .join(found, found.person_id == Person.id)
        .where(found.mailing == mailing, found.unsubscribed_at.is_not(None))
        .correlate(None)
    )


def _outcome(email: str, status: str, unsubscribed: bool) -> Outcome:
    if status in INACTIVE:
        return "inactive"
    if not EMAIL.fullmatch(email) or len(email) > MAX_EMAIL_LENGTH:
        return "no-address"
    return "unsubscribed" if unsubscribed else "gets"


def named(session: Session, ids: Collection[int], limit: int) -> Sequence[tuple[int, str, str]]:
    """The IDs and names of these members, as far as they exist. One query."""
    query = select(Member.id, Member.first_name, Member.last_name).where(Member.id.in_(ids))
    return [tuple(row) for row in session.execute(query.order_by(Member.id).limit(limit))]  # type: ignore[misc]
