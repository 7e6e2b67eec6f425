"""Answering questions about Moodle accounts, and withdrawing answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from bridge.access.rights import ABOUT_YOURSELF as ABOUT_YOURSELF
from bridge.store.delivery.account_changes import queue_account, queue_for_next_account
from bridge.store.members.account_links import numbers_from_moodle
from bridge.store.members.locking import lock_where
from bridge.store.members.matching import email_key
from bridge.store.members.roles import remove_roles
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditRecord
from bridge.store.tables.accounts import AccountQuestion
from bridge.store.tables.members import Member

Answer = Literal["same", "different"]
FRESH = {"populate_existing": True}

# Refusals in English. Pages show them in the visitor's language.
MISSING = "There is no such question."
ANSWERED_DIFFERENT = "It was answered “different”. Withdraw that answer first."
ANSWERED_SAME = "It was answered “same”. Withdraw that answer first."
ANSWERED: Mapping[Answer, str] = {"same": ANSWERED_SAME, "different": ANSWERED_DIFFERENT}
ONE_ACCOUNT = "A member has one Moodle account. Answer “same” for one account only."
ONE_MEMBER = "A Moodle account belongs to one member. Answer “same” for one member only."
HAS_ACCOUNT = "The member is linked to another Moodle account."
HELD = "The account is linked to another member who has a member number. Check that link first."
DUPLICATE = (
    "The record that would lose the account has the same email address as another record "
    "without a member number. Erase one of the two first."
)
REFUSALS = (
    MISSING, ABOUT_YOURSELF, ANSWERED_DIFFERENT, ANSWERED_SAME, ONE_ACCOUNT, ONE_MEMBER,
    HAS_ACCOUNT, HELD, DUPLICATE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome for each question, by ID.

    `unchanged`: answered the same before. `refused`: each with the reason. `moved`: for a
    question that took the account from another member record, the ID of that record.
    """

    changed: Sequence[int] = ()
    unchanged: Sequence[int] = ()
    refused: Mapping[int, str] = field(default_factory=dict)
    moved: Mapping[int, int] = field(default_factory=dict)


def answer(
    session: Session,
    ids: Collection[int],
    answer: Answer,
    by: str,
    now: datetime,
    *,
    own: Collection[int] = (),
) -> Result:
    """Answer open questions, each with an audit entry, and queue the members' accounts again.

    `same`: if another record without a member number has the account, the account moves to the
    member. `different`: if the member has the account, it is unlinked; if the member record
    belongs to that account (see `separate`), it loses its member number and role instead.
    `own`: the member records of who answers; questions about them, and about their accounts, are
    refused. Impossible answers are refused, too; the others are stored. The number of queries
    doesn't depend on the number of questions.
    """
    questions = _lock_questions(session, ids)
    open_ones = [one for one in questions.values() if not one.answer]
    members = _Members(session, open_ones)
    refused = {one: MISSING for one in ids if one not in questions}
    refused |= {one.id: why for one in questions.values() if (why := _refuse_change(one, answer))}
    refused |= members.refusals(session, open_ones, answer)
    refused |= _about(session, questions.values(), own)
    accepted = [one for one in open_ones if one.id not in refused]
    moved = members.move(session, accepted) if answer == "same" else {}
    separated = members.separate(session, accepted) if answer == "different" else []
    _write(session, accepted, answer, moved, by, now)
    audit_log.write_all(session, by, "member", members.lines, now)
    drop_open(session, [one.member_id for one in accepted if one.id in moved])
    queue_account(session, [one.member_id for one in accepted], now)
    queue_for_next_account(session, separated, now)
    changed = [one.id for one in accepted]
    unchanged = [one for one in questions if one not in refused and one not in changed]
    return Result(changed, unchanged, refused, moved)


def withdraw(
    session: Session, ids: Collection[int], by: str, now: datetime, *, own: Collection[int] = ()
) -> Result:
    """Reopen answered questions, each with an audit entry, and queue the accounts again.

    An existing link stays until the question is answered “different”. `own`: as in `answer`.
    """
    questions = _lock_questions(session, ids)
    refused = dict.fromkeys(set(ids) - questions.keys(), MISSING)
    refused |= _about(session, questions.values(), own)
    answered = [one for one in questions.values() if one.answer and one.id not in refused]
    audit_log.write_all(
        session, by, "account-answer", [_audit_line(one, one.answer, "") for one in answered], now
    )
    for one in answered:
        one.answer, one.answered_by, one.answered_at, one.moved_from = "", "", None, None
    session.flush()
    queue_account(session, [one.member_id for one in answered], now)
    changed = [one.id for one in answered]
    unchanged = [one for one in questions if one not in changed and one not in refused]
    return Result(changed, unchanged, refused)


def drop_open(session: Session, member_ids: Collection[int]) -> None:
    """Delete the open questions about members whose account is known now."""
    open_ones = (AccountQuestion.member_id.in_(member_ids), AccountQuestion.answer == "")
    session.execute(delete(AccountQuestion).where(*open_ones))


class _Members:
    """The members these questions are about, and the members who have the accounts now."""

    def __init__(self, session: Session, questions: Sequence[AccountQuestion]) -> None:
        ids = {one.member_id for one in questions}
        accounts = {one.moodle_user_id for one in questions}
        query = select(Member).where(or_(Member.id.in_(ids), Member.moodle_user_id.in_(accounts)))
        locked = query.order_by(Member.id).with_for_update(key_share=True)
        rows = session.scalars(locked, execution_options=FRESH)
        self._members = {member.id: member for member in rows}
        self._holders = {m.moodle_user_id: m for m in self._members.values() if m.moodle_user_id}
        self.lines: list[AuditRecord] = []

    def refusals(
        self, session: Session, questions: Sequence[AccountQuestion], answer: Answer
    ) -> dict[int, str]:
        """Return why questions can't be answered this way, by question ID."""
        found: dict[int, str] = {}
        if answer == "same":
            same = [*_answered_same(session, questions), *questions]
            members = Counter(one.member_id for one in same)
            accounts = Counter(one.moodle_user_id for one in same)
            for one in questions:
                if members[one.member_id] > 1:
                    found[one.id] = ONE_ACCOUNT
                elif accounts[one.moodle_user_id] > 1:
                    found[one.id] = ONE_MEMBER
                elif why := self._refuse_link(one):
                    found[one.id] = why
        losing = {one.id: self._loser(one, answer) for one in questions}
        lost = {key: member for key, member in losing.items() if member and not member.number}
        return dict.fromkeys(_conflicts(session, lost), DUPLICATE) | found

    def _refuse_link(self, one: AccountQuestion) -> str:
        linked = self._members[one.member_id].moodle_user_id
        if linked not in (None, one.moodle_user_id):
            return HAS_ACCOUNT
        holder = self._holders.get(one.moodle_user_id)
        return HELD if holder and holder.id != one.member_id and holder.number else ""

    def _loser(self, one: AccountQuestion, answer: Answer) -> Member | None:
        """Return the member record that loses the account by this answer."""
        holder = self._holders.get(one.moodle_user_id)
        is_linked = holder is not None and holder.id == one.member_id
        return holder if is_linked == (answer == "different") else None

    def move(self, session: Session, accepted: Sequence[AccountQuestion]) -> dict[int, int]:
        """Move accounts from their holders; return by question which record lost its account."""
        moving = {one: holder for one in accepted if (holder := self._loser(one, "same"))}
        for one, holder in moving.items():
            self._set_account(holder, None)
            one.moved_from = holder.id
        session.flush()  # unlink first: an account may be linked only once
        for one in moving:
            self._set_account(self._members[one.member_id], one.moodle_user_id)
        session.flush()
        return {one.id: holder.id for one, holder in moving.items()}

    def separate(self, session: Session, accepted: Sequence[AccountQuestion]) -> list[int]:
        """Unlink accounts from members they don't belong to; return the members who lost one.

        A record that was created by registering in Moodle and has the account's email belongs to
        the account. It loses its member number instead.
        """
        losing = [(one, m) for one in accepted if (m := self._loser(one, "different"))]
        unproven = numbers_from_moodle(session, [member.id for _, member in losing])
        unlinked: list[int] = []
        for one, member in losing:
            if member.id in unproven and email_key(one.account_email) == member.email_key:
                self._remove_number(session, member)
            else:
                self._set_account(member, None)
                unlinked.append(member.id)
        session.flush()
        return unlinked

    def _remove_number(self, session: Session, member: Member) -> None:
        """Remove number and roles: the roles belong to the member with that number."""
        before = {"number": member.number, "roles": remove_roles(session, member.id)}
        self.lines.append(AuditRecord(member.id, before, {"number": None, "roles": []}))
        member.number, member.number_key = None, ""

    def _set_account(self, member: Member, account: int | None) -> None:
        before, after = member.moodle_user_id, account
        self.lines.append(
            AuditRecord(member.id, {"moodle_user_id": before}, {"moodle_user_id": after})
        )
        member.moodle_user_id = account


def _lock_questions(session: Session, ids: Collection[int]) -> dict[int, AccountQuestion]:
    """Lock the questions, after the members they are about and the holders of the accounts."""
    these = AccountQuestion.id.in_(ids)
    members = select(AccountQuestion.member_id).where(these)
    accounts = select(AccountQuestion.moodle_user_id).where(these)
    lock_where(session, or_(Member.id.in_(members), Member.moodle_user_id.in_(accounts)))
    query = select(AccountQuestion).where(these).order_by(AccountQuestion.id)
    rows = session.scalars(query.with_for_update(), execution_options=FRESH)
    return {one.id: one for one in rows}


def _about(
    session: Session, questions: Iterable[AccountQuestion], own: Collection[int]
) -> dict[int, str]:
    """Return which questions are about these members or their accounts, each with the refusal."""
    held = select(Member.moodle_user_id).where(Member.id.in_(own))
    accounts = set(session.scalars(held)) if own else set()
    about = (
        one.id
        for one in questions
        if one.moodle_user_id in accounts or not {one.member_id, one.moved_from}.isdisjoint(own)
    )
    return dict.fromkeys(about, ABOUT_YOURSELF)


def _refuse_change(one: AccountQuestion, answer: Answer) -> str:
    """Return why an answered question can't get this answer, '' if it can or already has it."""
    if one.answer in ("", answer):
        return ""
    return ANSWERED[cast(Answer, one.answer)]


def _answered_same(
    session: Session, questions: Sequence[AccountQuestion]
) -> Sequence[AccountQuestion]:
    """Return questions about the same members or accounts that were answered “same”."""
    about = or_(
        AccountQuestion.member_id.in_({one.member_id for one in questions}),
        AccountQuestion.moodle_user_id.in_({one.moodle_user_id for one in questions}),
    )
    return session.scalars(
        select(AccountQuestion).where(AccountQuestion.answer == "same", about)
    ).all()


def _conflicts(session: Session, lost: Mapping[int, Member]) -> list[int]:
    """Return questions whose losing record would be left with only an email that another has."""
    keys = Counter(member.email_key for member in lost.values())
    if not keys:
        return []
    query = select(Member.email_key).where(
        Member.number.is_(None), Member.moodle_user_id.is_(None), Member.email_key.in_(keys)
    )
    used = set(session.scalars(query))
    return [key for key, m in lost.items() if m.email_key in used or keys[m.email_key] > 1]


def _write(
    session: Session,
    accepted: Sequence[AccountQuestion],
    answer: Answer,
    moved: Mapping[int, int],
    by: str,
    now: datetime,
) -> None:
    lines = [_audit_line(one, "", answer, moved.get(one.id)) for one in accepted]
    for one in accepted:
        one.answer, one.answered_by, one.answered_at = answer, by, now
        one.account_email = one.account_number = ""
    session.flush()
    audit_log.write_all(session, by, "account-answer", lines, now)


def _audit_line(
    one: AccountQuestion, before: str, after: str, moved_from: int | None = None
) -> AuditRecord:
    about = {"question": one.id, "moodle_user_id": one.moodle_user_id, "answer": after}
    also = {"moved_from": moved_from} if moved_from else {}
    return AuditRecord(one.member_id, {"answer": before}, about | also)
