"""What a person may ask for: everything that is held about them, and to be forgotten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, Table, delete, func, literal, or_, select, update
from sqlalchemy.orm import Session

from bridge.errors import MemberError
from bridge.store.auth import email_change
from bridge.store.dialect import insert_into
from bridge.store.members.matching import email_key
from bridge.store.operations import audit_log
from bridge.store.tables.accounts import AccountQuestion
from bridge.store.tables.auth import ApiToken, Login
from bridge.store.tables.base import Base
from bridge.store.tables.curricula import CurriculumVersion
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.learning import Award, ErasedAwardCount
from bridge.store.tables.members import ContactRequest, Member
from bridge.store.tables.operations import AuditEntry

# In an order that never leaves a row pointing at one that is gone.
MEMBER_TABLES = (
    "delivery", "award", "signoff", "completion", "first_try", "enrolment", "web_session",
    "recheck", "account_question",
)  # fmt: skip
EMAIL_TABLES = ("signin", "letter", "contact_request", "join_request")
"""Kept for whoever has an address, member or not; an address that two members share is both's."""
SECRET_COLUMNS = frozenset({"token", "nonce"})
ANOTHERS = frozenset({"account_email", "account_number"})
"""What a Moodle account says that may not be the member's: never shown to them."""
FORMER = "a former member"
NOBODY = "there is no such member."


def export_member(session: Session, member_id: int) -> dict[str, object]:
    """Everything held about one member: table -> rows, in values that JSON can carry.

    Raises MemberError if there is no such member.
    """
    member = session.get(Member, member_id)
    if member is None:
        raise MemberError(NOBODY, where=f"member {member_id}")
    held = {
        name: _rows(session, _table(name), _of_member(name, member_id))
        for name in (*MEMBER_TABLES, "audit")
    }
    written = {
        name: _rows(session, _table(name), _written(name, member_id, member.email_key))
        for name in EMAIL_TABLES
    }
    [record] = _rows(session, _table("member"), _table("member").c.id == member_id)
    return {"member": record, **held, **written}


def erase_member(session: Session, member_id: int, actor: str, now: datetime) -> None:
    """Delete the person. What stays: their awards as a count, and audit lines without content.

    Names in other people's records (who signed off a requirement) are not theirs and stay.
    Raises MemberError if there is no such member.
    """
    member = session.get(Member, member_id, populate_existing=True, with_for_update=True)
    if member is None:
        raise MemberError(NOBODY, where=f"member {member_id}")
    names = {member.email, member.email_key, member.number}
    _count_awards(session, member_id)
    _forget_address(session, member_id, member.email_key)
    _forget_account(session, member)
    for name in MEMBER_TABLES:
        table = _table(name)
        session.execute(delete(table).where(table.c.member_id == member_id))
    session.delete(member)
    blank = update(AuditEntry).where(AuditEntry.member_id == member_id)
    session.execute(blank.values(before={}, after={}))
    _forget_names(session, names - {None})
    audit_log.write(session, FORMER if actor in names else actor, "forgot", member_id, {}, {}, now)


def _count_awards(session: Session, member_id: int) -> None:
    mine = select(Award.curriculum, Award.milestone, literal(1)).where(Award.member_id == member_id)
    insert = insert_into(session, ErasedAwardCount).from_select(
        ["curriculum", "milestone", "count"], mine
    )
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["curriculum", "milestone"], set_={"count": ErasedAwardCount.count + 1}
        )
    )


def _written(name: str, member_id: int, key: str) -> ColumnElement[bool]:
    """Rows of that address, and those that wait at an address it may become or has been."""
    theirs = _table(name).c.email == key
    if name == "signin":
        return or_(theirs, email_change.belongs_to(member_id))
    return or_(theirs, OutboxEmail.member_id == member_id) if name == "letter" else theirs


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _of_member(name: str, member_id: int) -> ColumnElement[bool]:
    return _table(name).c.member_id == member_id


def _forget_address(session: Session, member_id: int, key: str) -> None:
    for name in EMAIL_TABLES:
        session.execute(delete(_table(name)).where(_written(name, member_id, key)))
    session.execute(delete(Login).where(Login.email == key))
    speaking = select(OutboxEmail).where(OutboxEmail.kind == "contact")
    for letter in session.scalars(speaking.where(OutboxEmail.state != "done")):
        if email_key(str(letter.payload.get("email", ""))) == key:
            session.delete(letter)


def _forget_account(session: Session, member: Member) -> None:
    """Their account may be shown beside another member, for comparing."""
    theirs = [func.lower(AccountQuestion.account_email) == member.email_key]
    if member.number:
        theirs.append(AccountQuestion.account_number == member.number)
    blank = update(AccountQuestion).where(or_(*theirs))
    session.execute(blank.values(account_email="", account_number=""))


def _forget_names(session: Session, names: Collection[str | None]) -> None:
    """Where they stand as somebody who did something, a former member did it."""
    places = (
        AuditEntry.actor,
        CurriculumVersion.actor,
        ApiToken.created_by,
        ContactRequest.handled_by,
        AccountQuestion.answered_by,
    )
    for place in places:
        named = update(place.class_).where(place.in_(names))
        session.execute(named.values({place: FORMER}))


def _rows(session: Session, table: Table, mine: ColumnElement[bool]) -> list[dict[str, object]]:
    """The rows that are `mine`, oldest first, without what only a browser may know."""
    rows = session.execute(select(table).where(mine).order_by(*table.primary_key))
    return [
        {
            name: _plain(value)
            for name, value in row._mapping.items()
            if name not in SECRET_COLUMNS | ANOTHERS
        }
        for row in rows
    ]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
