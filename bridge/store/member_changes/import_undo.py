"""What undoing an import does in the store. The members must be locked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, not_, select, true, update
from sqlalchemy.orm import Session, aliased

from bridge.member_records import email_key
from bridge.membership.numbers import number_key
from bridge.store.members.matching import name_key
from bridge.store.tables.accounts import NumberQuestion
from bridge.store.tables.base import Base
from bridge.store.tables.delivery import Delivery
from bridge.store.tables.learning import Award, Enrolment
from bridge.store.tables.members import Member, MemberRole
from bridge.store.tables.signoffs import AwardDecision

NOT_USE = frozenset({"member_role", "audit", "member_import_row"})
"""Tables whose rows about a member don't say that the member did something."""


def used_members(session: Session, added: Mapping[int, datetime]) -> set[int]:
    """Those of these new members who have more than the import gave them.

    `added`: when each was imported. Every table with a `member_id` counts. One query per table.
    """
    own = _queued_with(set(added.values()))
    found: set[int] = set()
    for table in Base.metadata.sorted_tables if added else ():
        if "member_id" not in table.columns or table.name in NOT_USE:
            continue
        member = table.columns.member_id
        other = not_(own[table.name]) if table.name in own else true()
        found |= set(session.scalars(select(member).where(member.in_(added), other).distinct()))
    return found


def _queued_with(times: Collection[datetime]) -> dict[str, ColumnElement[bool]]:
    """SQL conditions: the row comes from an import at one of these times, and nothing was done."""
    return {
        Delivery.__tablename__: Delivery.created_at.in_(times)
        & (Delivery.state == "owed")
        & (Delivery.attempts == 0)
        & Delivery.lease_until.is_(None),
        Award.__tablename__: Award.at.in_(times) & Award.withdrawn_at.is_(None),
        Enrolment.__tablename__: Enrolment.wanted_at.in_(times) & Enrolment.enrolled_at.is_(None),
    }


def remove_members(session: Session, member_ids: Collection[int]) -> None:
    """Delete new members that no other table refers to. Five queries."""
    if not member_ids:
        return
    for model in (Delivery, Award, Enrolment, MemberRole):
        session.execute(delete(model).where(model.member_id.in_(member_ids)))
    session.execute(delete(Member).where(Member.id.in_(member_ids)))


def cancel_queued(session: Session, changed: Mapping[int, datetime]) -> None:
    """Remove what an import queued for members, as far as nothing was done. Two queries.

    `changed`: when each was imported. What belongs to an award stays with it.
    """
    if not changed:
        return
    own = _queued_with(set(changed.values()))
    queued = (own["delivery"], Delivery.award_id.is_(None), Delivery.kind != "profile")
    session.execute(delete(Delivery).where(Delivery.member_id.in_(changed), *queued))
    wanted = (own["enrolment"], Enrolment.earned_at.is_(None))
    session.execute(delete(Enrolment).where(Enrolment.member_id.in_(changed), *wanted))


def take_back_awards(session: Session, changed: Mapping[int, datetime]) -> set[int]:
    """Remove the awards that an import gave to members, with what was queued, as far as nothing was
    done and nobody decides about them. At most four queries.

    `changed`: when each was imported. Returns the members who had one; call `mark_earned` for them.
    """
    if not changed:
        return set()
    times = set(changed.values())
    own = _queued_with(times)
    of_award = Delivery.award_id == Award.id
    done = select(Delivery.id).where(of_award, not_(own["delivery"])).exists()
    asked = select(AwardDecision.id).where(AwardDecision.award_id == Award.id).exists()
    given = select(Award.id, Award.member_id).where(
        Award.member_id.in_(changed), own["award"], ~done, ~asked
    )
    found = {each.id: each.member_id for each in session.execute(given)}
    if not found:
        return set()
    session.execute(delete(Delivery).where(Delivery.award_id.in_(found)))
    session.execute(delete(Award).where(Award.id.in_(found)))
    members = set(found.values())
    closed = update(Enrolment).where(
        Enrolment.member_id.in_(members), Enrolment.earned_at.in_(times)
    )
    session.execute(closed.values(earned_at=None))
    return members


def write_values(
    session: Session, values: Mapping[int, Mapping[str, object]], now: datetime
) -> None:
    """Give members these values, with the keys for searching. One query for each set of fields."""
    rows = [{"id": m, **each, **_keys(each), "updated_at": now} for m, each in values.items()]
    if rows:
        session.execute(update(Member), rows)


def _keys(values: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, object] = {}
    if "email" in values:
        found["email_key"] = email_key(str(values["email"]))
    if "first_name" in values:
        found["first_key"] = name_key(str(values["first_name"]))
    if "last_name" in values:
        found["last_key"] = name_key(str(values["last_name"]))
    if "number" in values:
        found["number_key"] = number_key(str(values["number"] or ""))
    return found


def shared_without_number(session: Session, member_ids: Collection[int]) -> set[int]:
    """Those of these members who need their number: another one without has their address."""
    other = aliased(Member)
    same = (other.email_key == Member.email_key) & (other.id != Member.id)
    query = select(Member.id).join(other, same).where(Member.id.in_(member_ids))
    return set(session.scalars(query.where(other.number.is_(None), other.moodle_user_id.is_(None))))


def drop_questions(session: Session, asked: Sequence[tuple[str, datetime]]) -> None:
    """Delete questions about numbers that were asked then, and that nobody answered. One query."""
    if asked:
        about = (
            NumberQuestion.number.in_({number for number, _ in asked}),
            NumberQuestion.asked_at.in_({at for _, at in asked}),
            NumberQuestion.answer == "",
        )
        session.execute(delete(NumberQuestion).where(*about))
