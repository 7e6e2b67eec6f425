"""The stored members that a batch of records may be about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from bridge.member_records import MemberRecord
from bridge.membership.numbers import number_key
from bridge.store.members.account_links import MOODLE, unproven_numbers
from bridge.store.members.matching import MemberDraft, email_key, name_key
from bridge.store.tables.members import Member

ROLE_FIELDS = ("role", "role_since", "roles", "adds_roles")
MEMBER_FIELDS = tuple(f.name for f in fields(MemberRecord) if f.name not in ROLE_FIELDS)
"""The fields of a record that are columns of the member."""


def lock_candidates(
    session: Session,
    records: Sequence[MemberRecord],
    answers: Mapping[str, Mapping[int, str]],
) -> list[MemberDraft]:
    """Return all members these records may match, locked until the transaction ends.

    `answers`: those of persons about the numbers, by member ID. At most three queries.
    """
    return _drafts(session, _query(records, answers).with_for_update(key_share=True))


def find_candidates(
    session: Session,
    records: Sequence[MemberRecord],
    answers: Mapping[str, Mapping[int, str]],
) -> list[MemberDraft]:
    """Return the same without locking them, to look at what would change."""
    return _drafts(session, _query(records, answers))


def values_of(session: Session, ids: Collection[int]) -> dict[int, dict[str, object]]:
    """Return these fields of members, by ID. One query."""
    columns = [getattr(Member, name) for name in MEMBER_FIELDS]
    rows = session.execute(select(Member.id, *columns).where(Member.id.in_(ids)))
    return {each: dict(zip(MEMBER_FIELDS, values, strict=True)) for each, *values in rows}


def _query(
    records: Sequence[MemberRecord], answers: Mapping[str, Mapping[int, str]]
) -> Select[*tuple[Any, ...]]:
    meant = {member for members in answers.values() for member in members}
    columns = [getattr(Member, name) for name in MEMBER_FIELDS]
    found = select(Member.id, *columns).where(or_(Member.id.in_(meant), _may_match(records)))
    return found.order_by(Member.id)


def _drafts(session: Session, query: Select[*tuple[Any, ...]]) -> list[MemberDraft]:
    stored = {
        member_id: MemberRecord(**dict(zip(MEMBER_FIELDS, values, strict=True)))
        for member_id, *values in session.execute(query)
    }
    registered = [id_ for id_, one in stored.items() if one.source == MOODLE and one.number]
    unproven = unproven_numbers(session, registered) if registered else set()
    return [
        MemberDraft(id_, one, one, number_unproven=id_ in unproven) for id_, one in stored.items()
    ]


def _may_match(records: Sequence[MemberRecord]) -> ColumnElement[bool]:
    """SQL condition: one of the records may be about the member."""
    numbers = {record.number for record in records if record.number}
    accounts = {record.moodle_user_id for record in records if record.moodle_user_id}
    first = {name_key(record.first_name) for record in records}
    last = {name_key(record.last_name) for record in records}
    return or_(
        Member.number.in_(numbers),
        Member.number_key.in_({number_key(number) for number in numbers} - {""}),
        Member.moodle_user_id.in_(accounts),
        and_(
            Member.email_key.in_({email_key(record.email) for record in records}),
            or_(
                Member.number.is_(None),
                Member.moodle_user_id.is_(None),
                and_(Member.first_key.in_(first), Member.last_key.in_(last)),
            ),
        ),
    )
