"""Export and erasure: everything stored about a member, and how to delete it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import cast

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

# The order matters: no row may point at a row that is deleted before it.
MEMBER_TABLES = (
    "delivery", "award", "signoff", "completion", "first_attempt", "enrolment", "login",
    "refresh_request", "account_question",
)  # fmt: skip
EMAIL_TABLES = ("signin_link", "outbox_email", "contact_request", "pending_signup")
"""Tables of rows that belong to an email address. Members who share one share these rows."""
EXPORTED_AS = {
    "first_attempt": "first_try",
    "login": "web_session",
    "refresh_request": "recheck",
    "signin_link": "signin",
    "outbox_email": "letter",
    "pending_signup": "join_request",
    "actor": "who",
}
"""Tables and columns that an exported file calls by their names of earlier releases."""
SECRET_COLUMNS = frozenset({"token", "nonce"})
ACCOUNT_COLUMNS = frozenset({"account_email", "account_number"})
"""Details of a Moodle account that may be someone else's: never exported."""
FORMER_MEMBER = "a former member"
NO_SUCH_MEMBER = "there is no such member."


def export_member(session: Session, member_id: int) -> dict[str, object]:
    """Return everything stored about a member: rows by table, as values that JSON can hold.

    `EXPORTED_AS` has the tables and columns whose keys are not their names. Raises MemberError
    if there is no such member.
    """
    member = session.get(Member, member_id)
    if member is None:
        raise MemberError(NO_SUCH_MEMBER, where=f"member {member_id}")
    conditions = {"member": Base.metadata.tables["member"].c.id == member_id}
    conditions |= {name: _has_member(name, member_id) for name in (*MEMBER_TABLES, "audit")}
    conditions |= {name: _has_email(name, member_id, member.email_key) for name in EMAIL_TABLES}
    exported: dict[str, object] = {
        EXPORTED_AS.get(name, name): _export_rows(session, _table(name), condition)
        for name, condition in conditions.items()
    }
    [exported["member"]] = cast(list[object], exported["member"])
    return exported


def erase_member(session: Session, member_id: int, actor: str, now: datetime) -> None:
    """Delete a member. A count of their awards and audit entries without content remain.

    Names in other members' records (who signed off a requirement) remain too. Raises
    MemberError if there is no such member.
    """
    member = session.get(Member, member_id, populate_existing=True, with_for_update=True)
    if member is None:
        raise MemberError(NO_SUCH_MEMBER, where=f"member {member_id}")
    names = {member.email, member.email_key, member.number}
    _count_awards(session, member_id)
    _delete_email_rows(session, member_id, member.email_key)
    _clear_account_details(session, member)
    for name in MEMBER_TABLES:
        table = _table(name)
        session.execute(delete(table).where(table.c.member_id == member_id))
    session.delete(member)
    entries = update(AuditEntry).where(AuditEntry.member_id == member_id)
    session.execute(entries.values(before={}, after={}))
    _replace_names(session, names - {None})
    shown_actor = FORMER_MEMBER if actor in names else actor
    audit_log.write(session, shown_actor, "forgot", member_id, {}, {}, now)


def _count_awards(session: Session, member_id: int) -> None:
    earned = select(Award.curriculum, Award.milestone, literal(1))
    insert = insert_into(session, ErasedAwardCount).from_select(
        ["curriculum", "milestone", "count"], earned.where(Award.member_id == member_id)
    )
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["curriculum", "milestone"], set_={"count": ErasedAwardCount.count + 1}
        )
    )


def _has_email(name: str, member_id: int, key: str) -> ColumnElement[bool]:
    """Rows of the address, and of a new or former address of the member."""
    same_email = _table(name).c.email == key
    if name == "signin_link":
        return or_(same_email, email_change.belongs_to(member_id))
    if name == "outbox_email":
        return or_(same_email, OutboxEmail.member_id == member_id)
    return same_email


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _has_member(name: str, member_id: int) -> ColumnElement[bool]:
    return _table(name).c.member_id == member_id


def _delete_email_rows(session: Session, member_id: int, key: str) -> None:
    for name in EMAIL_TABLES:
        session.execute(delete(_table(name)).where(_has_email(name, member_id, key)))
    session.execute(delete(Login).where(Login.email == key))
    unsent = select(OutboxEmail).where(OutboxEmail.kind == "contact", OutboxEmail.state != "done")
    for email in session.scalars(unsent):
        if _is_from(email.payload, key):
            session.delete(email)


def _is_from(payload: object, key: str) -> bool:
    """Whether a contact message is from this address. A damaged one counts if it mentions it."""
    if isinstance(payload, dict) and "email" in payload:
        return email_key(str(payload["email"])) == key
    return key in str(payload).lower()


def _clear_account_details(session: Session, member: Member) -> None:
    """Clear their email and number in questions about other members."""
    matches = [func.lower(AccountQuestion.account_email) == member.email_key]
    if member.number:
        matches.append(AccountQuestion.account_number == member.number)
    questions = update(AccountQuestion).where(or_(*matches))
    session.execute(questions.values(account_email="", account_number=""))


def _replace_names(session: Session, names: Collection[str | None]) -> None:
    """Replace the names of the member wherever they say who did something."""
    columns = (
        AuditEntry.actor,
        CurriculumVersion.actor,
        ApiToken.created_by,
        ContactRequest.handled_by,
        AccountQuestion.answered_by,
    )
    for column in columns:
        rows = update(column.class_).where(column.in_(names))
        session.execute(rows.values({column: FORMER_MEMBER}))


def _export_rows(
    session: Session, table: Table, condition: ColumnElement[bool]
) -> list[dict[str, object]]:
    """The rows that meet the condition, oldest first, without secrets."""
    rows = session.execute(select(table).where(condition).order_by(*table.primary_key))
    return [
        {
            EXPORTED_AS.get(name, name): _as_json(value)
            for name, value in row._mapping.items()
            if name not in SECRET_COLUMNS | ACCOUNT_COLUMNS
        }
        for row in rows
    ]


def _as_json(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
