"""Answering questions about member numbers, and withdrawing answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from bridge.access.rights import ABOUT_YOURSELF
from bridge.membership.numbers import number_key
from bridge.store.members.locking import lock_where
from bridge.store.members.number_questions import (
    MEANS_MEMBER,
    SPELLING,
    NewNumberQuestion,
    NumberAnswer,
    add_questions,
)
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditRecord
from bridge.store.tables.accounts import NumberQuestion
from bridge.store.tables.members import Member

FRESH = {"populate_existing": True}

# Refusals in English. Pages show them in the visitor's language.
MISSING = "There is no such question."
ANSWERED = "It was answered differently. Withdraw that answer first."
TAKEN = "Another member has this number. Erase one of the two records, or answer “different”."
ONE_MEMBER = "The number means one member. Answer “same” or “replace” for one member only."
ONE_NUMBER = "A member has one number. Answer “replace” for one number only."
REPLACED = "It is the member's number now. Withdraw the answer about their former number instead."
REFUSALS = (MISSING, ANSWERED, TAKEN, ONE_MEMBER, ONE_NUMBER, REPLACED, ABOUT_YOURSELF)


@dataclass(frozen=True, slots=True)
class NumberResult:
    """The outcome for each question, by ID.

    `unchanged`: answered the same before. `refused`: each with the reason.
    """

    changed: Sequence[int] = ()
    unchanged: Sequence[int] = ()
    refused: Mapping[int, str] = field(default_factory=dict)


def answer(
    session: Session,
    ids: Collection[int],
    answer: NumberAnswer,
    by: str,
    now: datetime,
    *,
    own: Collection[int] = (),
) -> NumberResult:
    """Answer open questions, each with an audit entry.

    `same` and `replace`: the number means the member from then on, for every source. With
    `replace` it becomes their number, and the former one means them too. `different`: a record
    with the number is another person's. Impossible answers are refused; the others are stored.
    `own`: the member records of who answers; questions about them are refused.
    """
    questions = _lock_questions(session, ids)
    open_ones = [one for one in questions.values() if not one.answer]
    refused = {one: MISSING for one in ids if one not in questions}
    refused |= {one.id: ANSWERED for one in questions.values() if one.answer not in ("", answer)}
    if answer in MEANS_MEMBER:
        refused |= _impossible(session, open_ones, answer)
    refused |= _about(questions.values(), own)
    accepted = [one for one in open_ones if one.id not in refused]
    lines = [_audit_line(one, one.answer, answer) for one in accepted]
    if answer == "replace":
        _replace(session, accepted, by, now)
    for one in accepted:
        _set_answer(one, answer, by, now)
    session.flush()
    audit_log.write_all(session, by, "number-answer", lines, now)
    changed = [one.id for one in accepted]
    unchanged = [one for one in questions if one not in refused and one not in changed]
    return NumberResult(changed, unchanged, refused)


def remember_number(session: Session, member_id: int, number: str, by: str, now: datetime) -> None:
    """Let a number that was a member's still mean them, for every source. It is nobody's now."""
    former = NewNumberQuestion(member_id, number, SPELLING, "", "", "", "page")
    add_questions(session, [former], now)
    for row in session.scalars(select(NumberQuestion).where(_any_of([former]))):
        _set_answer(row, "same", by, now)
    session.flush()


def withdraw(
    session: Session, ids: Collection[int], by: str, now: datetime, *, own: Collection[int] = ()
) -> NumberResult:
    """Reopen answered questions, each with an audit entry. A replaced number isn't put back.

    `own`: as in `answer`.
    """
    questions = _lock_questions(session, ids)
    refused = {one: MISSING for one in ids if one not in questions}
    numbers = _numbers(session, [one.member_id for one in questions.values()])
    answered = [one for one in questions.values() if one.answer]
    refused |= {one.id: REPLACED for one in answered if numbers[one.member_id] == one.number}
    refused |= _about(questions.values(), own)
    accepted = [one for one in answered if one.id not in refused]
    lines = [_audit_line(one, one.answer, "") for one in accepted]
    for one in accepted:
        one.answer, one.answered_by, one.answered_at = "", "", None
    session.flush()
    audit_log.write_all(session, by, "number-answer", lines, now)
    changed = [one.id for one in accepted]
    unchanged = [one for one in questions if one not in refused and one not in changed]
    return NumberResult(changed, unchanged, refused)


def _lock_questions(session: Session, ids: Collection[int]) -> dict[int, NumberQuestion]:
    """Lock the questions, after the members they are about and those who have the numbers."""
    these = NumberQuestion.id.in_(ids)
    members = select(NumberQuestion.member_id).where(these)
    numbers = select(NumberQuestion.number).where(these)
    lock_where(session, or_(Member.id.in_(members), Member.number.in_(numbers)))
    query = select(NumberQuestion).where(these).order_by(NumberQuestion.id)
    rows = session.scalars(query.with_for_update(), execution_options=FRESH)
    return {one.id: one for one in rows}


def _about(questions: Iterable[NumberQuestion], own: Collection[int]) -> dict[int, str]:
    return {one.id: ABOUT_YOURSELF for one in questions if one.member_id in own}


def _impossible(
    session: Session, questions: Sequence[NumberQuestion], answer: NumberAnswer
) -> dict[int, str]:
    """Return why questions can't be answered with `same` or `replace`, by question ID."""
    numbers = [one.number for one in questions]
    members = [one.member_id for one in questions]
    holders = set(session.scalars(select(Member.number).where(Member.number.in_(numbers))))
    meant = select(NumberQuestion.number).where(
        NumberQuestion.number.in_(numbers), NumberQuestion.answer.in_(MEANS_MEMBER)
    )
    known = set(session.scalars(meant))
    found: dict[int, str] = {}
    for one in questions:
        if one.number in holders:
            found[one.id] = TAKEN
        elif one.number in known or numbers.count(one.number) > 1:
            found[one.id] = ONE_MEMBER
        elif answer == "replace" and members.count(one.member_id) > 1:
            found[one.id] = ONE_NUMBER
    return found


def _replace(session: Session, questions: Sequence[NumberQuestion], by: str, now: datetime) -> None:
    """Give the members their new numbers; the former ones mean them too."""
    members = _members(session, [one.member_id for one in questions])
    former = [
        NewNumberQuestion(member.id, member.number, one.reason, "", "", "", one.source)
        for one in questions
        if (member := members[one.member_id]).number
    ]
    add_questions(session, former, now)
    lines = []
    for one in questions:
        member = members[one.member_id]
        lines.append(AuditRecord(member.id, {"number": member.number}, {"number": one.number}))
        member.number, member.number_key = one.number, number_key(one.number)
        member.updated_at = now
    session.flush()
    audit_log.write_all(session, by, "member", lines, now)
    for row in session.scalars(select(NumberQuestion).where(_any_of(former))):
        _set_answer(row, "same", by, now)


def _any_of(former: Sequence[NewNumberQuestion]) -> ColumnElement[bool]:
    pairs = [
        (NumberQuestion.member_id == one.member_id) & (NumberQuestion.number == one.number)
        for one in former
    ]
    return or_(false(), *pairs)


def _members(session: Session, ids: Collection[int]) -> dict[int, Member]:
    rows = session.scalars(select(Member).where(Member.id.in_(ids)), execution_options=FRESH)
    return {member.id: member for member in rows}


def _numbers(session: Session, ids: Collection[int]) -> dict[int, str | None]:
    rows = session.execute(select(Member.id, Member.number).where(Member.id.in_(ids)))
    return dict(iter(rows))


def _set_answer(one: NumberQuestion, answer: NumberAnswer, by: str, now: datetime) -> None:
    one.answer, one.answered_by, one.answered_at = answer, by, now
    one.email = one.first_name = one.last_name = ""


def _audit_line(one: NumberQuestion, before: str, after: str) -> AuditRecord:
    """Without the number: it may be someone else's."""
    about = {"question": one.id, "answer": after}
    return AuditRecord(one.member_id, {"answer": before}, about)
