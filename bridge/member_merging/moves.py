"""What merging does with the rows of each table that belong to the member who is removed.

A test fails for a table with a `member_id` that isn't here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import delete, func, literal, or_, select, update
from sqlalchemy.orm import Session

from bridge.foundations.deadlines.tables import Deadline, move_deadlines
from bridge.foundations.files.tables import StoredFile
from bridge.foundations.forms.personal_data import move_drafts, move_submissions
from bridge.foundations.forms.tables import FormDraft, FormSubmission
from bridge.membership.roles import HeldRole
from bridge.store.members.role_changes import PAGE
from bridge.store.personal_tables import PersonalTable, move_rows
from bridge.store.persons.changes import MoveRows
from bridge.store.persons.records import find_of_member
from bridge.store.tables.accounts import AccountQuestion, MoodleDifference, NumberQuestion
from bridge.store.tables.auth import Login
from bridge.store.tables.base import Base
from bridge.store.tables.batches import MemberBatch, MemberBatchLine
from bridge.store.tables.delivery import Delivery, OutboxEmail
from bridge.store.tables.learning import (
    Award,
    Completion,
    Credit,
    Enrolment,
    RefreshRequest,
    Reminder,
)
from bridge.store.tables.member_emails import MemberEmailRecipient
from bridge.store.tables.member_imports import MemberImportRow
from bridge.store.tables.members import MemberNote, MemberRole
from bridge.store.tables.operations import AuditEntry
from bridge.store.tables.signoffs import AwardDecision
from bridge.store.tables.statistics import FirstAttempt

Rank = Callable[[Any], Any]
"""The higher of two rows about the same stays."""


def _all(model: type[Base]) -> MoveRows:
    return move_rows(model, "member_id")


def _none(model: type[Base]) -> MoveRows:
    """Deletes the rows: they were about the record, or the account, that is gone."""

    def move(session: Session, removed: int, _kept: int) -> None:
        table = Base.metadata.tables[model.__tablename__]
        session.execute(delete(table).where(table.c.member_id == removed))

    return move


def _unless_both(model: type[Base], *same: str) -> MoveRows:
    """Moves the rows that the other member doesn't have; the others are deleted."""

    def move(session: Session, removed: int, kept: int) -> None:
        table = Base.metadata.tables[model.__tablename__]
        other = table.alias()
        equal = (other.c[name] == table.c[name] for name in same)
        both = select(literal(1)).where(other.c.member_id == kept, *equal).exists()
        session.execute(delete(table).where(table.c.member_id == removed, both))
        _all(model)(session, removed, kept)

    return move


def _best(model: Any, rank: Rank, *same: str) -> MoveRows:
    """Moves all rows. Of two about the same, the one with the higher rank stays."""

    def move(session: Session, removed: int, kept: int) -> None:
        best: dict[tuple[object, ...], Any] = {}
        for row in session.scalars(select(model).where(model.member_id.in_((removed, kept)))):
            key = tuple(getattr(row, name) for name in same)
            known = best.setdefault(key, row)
            if known is not row:
                best[key] = max(known, row, key=rank)
                session.delete(min(known, row, key=rank))
        session.flush()
        _all(model)(session, removed, kept)

    return move


def _move_awards(session: Session, removed: int, kept: int) -> None:
    """Of two awards of a milestone, the earlier one stays, and what was given with the other goes.

    Decisions and deliveries move with the awards, so they come after this one.
    """
    current = select(Award).where(
        Award.member_id.in_((removed, kept)), Award.withdrawn_at.is_(None)
    )
    earliest: dict[tuple[str, str], Award] = {}
    for award in session.scalars(current.order_by(Award.at, Award.id)).all():
        if earliest.setdefault((award.curriculum, award.milestone), award) is award:
            continue
        session.execute(delete(Delivery).where(Delivery.award_id == award.id))
        session.execute(delete(AwardDecision).where(AwardDecision.award_id == award.id))
        session.delete(award)
    session.flush()
    _all(Award)(session, removed, kept)


def _move_deliveries(session: Session, removed: int, kept: int) -> None:
    """What is owed or done for both without an award is kept once."""
    both = Delivery.__table__.alias()
    same = select(literal(1)).where(
        both.c.member_id == kept, both.c.award_id.is_(None),
        both.c.kind == Delivery.kind, both.c.target == Delivery.target,
    )  # fmt: skip
    theirs = (Delivery.member_id == removed, Delivery.award_id.is_(None), same.exists())
    session.execute(delete(Delivery).where(*theirs).execution_options(synchronize_session=False))
    _all(Delivery)(session, removed, kept)


def _move_roles(session: Session, removed: int, kept: int) -> None:
    """Roles with the same scope that share a day become one, which has the days of both.

    If the committee gave one of them, no import changes it. Lists of roles are about it, too.
    """
    own = list(session.scalars(select(MemberRole).where(MemberRole.member_id == kept)))
    theirs = session.scalars(select(MemberRole).where(MemberRole.member_id == removed)).all()
    became: dict[int, int] = {}
    for role in theirs:
        while other := next((each for each in own if _held(each).overlaps(_held(role))), None):
            whole = _joined(_held(role), _held(other))
            role.since, role.until = whole.since, whole.until
            role.source = PAGE if PAGE in (role.source, other.source) else role.source
            became[other.id] = role.id
            own.remove(other)
            session.delete(other)
        role.member_id = kept
        own.append(role)
    session.flush()
    _lines_are_about(session, became)


def _lines_are_about(session: Session, became: Mapping[int, int]) -> None:
    """Lists that gave or ended a role which is now part of another one are about that one."""
    line = MemberBatchLine
    about_roles = select(MemberBatch.id).where(MemberBatch.kind.in_(("roles-given", "roles-ended")))
    for old, new in became.items():
        same = update(line).where(line.row_id == old, line.batch_id.in_(about_roles))
        session.execute(same.values(row_id=new))


def _held(row: MemberRole) -> HeldRole:
    return HeldRole(row.role, row.region, row.unit, row.program, row.since, row.until)


def _joined(one: HeldRole, other: HeldRole) -> HeldRole:
    """The days of both. No first or last day means that it isn't known."""
    since = None if None in (one.since, other.since) else min(one.since, other.since)  # type: ignore[type-var]
    until = None if None in (one.until, other.until) else max(one.until, other.until)  # type: ignore[type-var]
    return replace(one, since=since, until=until)


def _move_import_rows(session: Session, removed: int, kept: int) -> None:
    """Undoing an import leaves these rows as they are: nobody can tell the two records apart."""
    merged = select(MemberImportRow).where(MemberImportRow.member_id.in_((removed, kept)))
    for row in session.scalars(merged).all():
        if row.member_id == removed or row.undo.get("created"):
            row.undo = {**row.undo, "merged": True}
        row.member_id = kept
    session.flush()


def _completion_rank(row: Completion) -> tuple[bool, float, date]:
    return row.done, -1.0 if row.grade is None else row.grade, row.at


def _enrolment_rank(row: Enrolment) -> tuple[bool, bool, float]:
    return row.earned_at is not None, row.enrolled_at is not None, -row.wanted_at.timestamp()


def _first_rank(row: FirstAttempt) -> float:
    return -row.at.timestamp()


def _recipient_rank(row: MemberEmailRecipient) -> tuple[bool, bool]:
    """One that was sent, or may be soon, stays: nobody gets an email twice."""
    return row.outbox_id is not None, row.skipped != ""


MEMBER_MOVES: Mapping[type[Base], MoveRows] = {
    Award: _move_awards,
    AwardDecision: _all(AwardDecision),
    Delivery: _move_deliveries,
    Credit: _all(Credit),
    Completion: _best(Completion, _completion_rank, "curriculum", "activity"),
    FirstAttempt: _best(FirstAttempt, _first_rank, "curriculum", "quiz"),
    Enrolment: _best(Enrolment, _enrolment_rank, "curriculum", "milestone"),
    MemberRole: _move_roles,
    MemberNote: _all(MemberNote),
    MemberBatchLine: _unless_both(MemberBatchLine, "batch_id"),
    MemberImportRow: _move_import_rows,
    MemberEmailRecipient: _best(MemberEmailRecipient, _recipient_rank, "member_email_id"),
    Login: _none(Login),
    RefreshRequest: _none(RefreshRequest),
    Reminder: _all(Reminder),
    MoodleDifference: _none(MoodleDifference),
    AccountQuestion: _unless_both(AccountQuestion, "moodle_user_id"),
    NumberQuestion: _unless_both(NumberQuestion, "number"),
    OutboxEmail: _all(OutboxEmail),
    AuditEntry: _all(AuditEntry),
    StoredFile: _all(StoredFile),
    FormDraft: partial(move_drafts, owner="member_id"),
    FormSubmission: partial(move_submissions, owner="member_id"),
    Deadline: partial(move_deadlines, owner="member_id"),
}
"""In this order. The person of the member is merged too: see `merging`."""


def count_rows(session: Session, member_id: int, tables: Iterable[PersonalTable]) -> dict[str, int]:
    """How many rows of each table a member has, also as a person, by the table's name.

    `tables`: all with personal data. One query per table, and one for the person.
    """
    person = find_of_member(session, member_id)
    models = [model.__tablename__ for model in MEMBER_MOVES]
    moved = {each.table.name for each in tables if each.move is not None}
    owners = {"member_id": member_id} | ({"person_id": person} if person else {})
    counts = {}
    for name in [*models, *sorted(moved - set(models))]:
        table = Base.metadata.tables[name]
        own = [table.c[key] == owner for key, owner in owners.items() if key in table.c]
        if own:
            query = select(func.count()).select_from(table).where(or_(*own))
            counts[name] = session.scalar(query) or 0
    return {name: count for name, count in counts.items() if count}


def move_all(session: Session, removed: int, kept: int) -> None:
    """Give everything of a member to another one. Both are locked."""
    for move in MEMBER_MOVES.values():
        move(session, removed, kept)
    taken = update(AccountQuestion).where(AccountQuestion.moved_from == removed)
    session.execute(taken.values(moved_from=kept))
    session.expire_all()
