"""Answering questions about Moodle accounts: what an answer changes, and taking it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from bridge.store import audit, deliveries
from bridge.store.account_matches import numbers_from_moodle
from bridge.store.account_tables import AccountQuestion
from bridge.store.audit import Line
from bridge.store.deliveries import DeliveryRecord
from bridge.store.matching import email_key
from bridge.store.tables import Delivery, Enrolment, Member

Answer = Literal["same", "different"]
IN_MOODLE = ("enrol", "cohort", "plan", "competency", "badge")
"""Kinds of delivery that changed the account itself: another account needs them too."""
FRESH = {"populate_existing": True}

# In English; pages show them in the visitor's language.
MISSING = "There is no such question."
ANSWERED_DIFFERENT = "It was answered “different”. Withdraw that answer first."
ANSWERED_SAME = "It was answered “same”. Withdraw that answer first."
ONE_ACCOUNT = "A member has one Moodle account. Answer “same” for one account only."
ONE_MEMBER = "A Moodle account belongs to one member. Answer “same” for one member only."
HAS_ACCOUNT = "The member is linked to another Moodle account."
HELD = "The account is linked to another member who has a member number. Check that link first."
DUPLICATE = (
    "The record that would lose the account has the same email address as another record "
    "without a member number. Erase one of the two first."
)
REFUSALS = (
    MISSING, ANSWERED_DIFFERENT, ANSWERED_SAME, ONE_ACCOUNT, ONE_MEMBER, HAS_ACCOUNT, HELD,
    DUPLICATE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the questions, by id.

    `unchanged`: they were so before. `refused`: each with a sentence. `moved`: for a question
    that took the account from another member record, the id of that record.
    """

    changed: Sequence[int] = ()
    unchanged: Sequence[int] = ()
    refused: Mapping[int, str] = field(default_factory=dict)
    moved: Mapping[int, int] = field(default_factory=dict)


def answer(
    session: Session, ids: Collection[int], answer: Answer, by: str, now: datetime
) -> Result:
    """Answer open questions, each with an audit line, and queue the members' accounts again.

    `same`: if another record without a member number has the account, the account moves to the
    member. `different`: if the member has the account, it is unlinked; if the member record is
    that account's (see `separate`), it loses its member number and role instead. What cannot be is
    refused; the others are answered. The number of queries doesn't grow with that of questions.
    """
    questions = _locked(session, ids)
    open_ones = [one for one in questions.values() if not one.answer]
    people = _People(session, open_ones)
    refused = {one: MISSING for one in ids if one not in questions}
    refused |= {one.id: why for one in questions.values() if (why := _fixed(one, answer))}
    refused |= people.obstacles(session, open_ones, answer)
    accepted = [one for one in open_ones if one.id not in refused]
    moved = people.move(session, accepted) if answer == "same" else {}
    separated = people.separate(session, accepted) if answer == "different" else []
    _write(session, accepted, answer, moved, by, now)
    audit.write_all(session, by, "member", people.lines, now)
    drop_open(session, [one.member_id for one in accepted if one.id in moved])
    _find_again(session, [one.member_id for one in accepted], now)
    _make_again(session, separated, now)
    changed = [one.id for one in accepted]
    unchanged = [one for one in questions if one not in refused and one not in changed]
    return Result(changed, unchanged, refused, moved)


def withdraw(session: Session, ids: Collection[int], by: str, now: datetime) -> Result:
    """Open answered questions again, each with an audit line, and look for the accounts again.

    A link that exists stays until the question is answered “different”.
    """
    questions = _locked(session, ids)
    answered = [one for one in questions.values() if one.answer]
    audit.write_all(
        session, by, "account-answer", [_line(one, one.answer, "") for one in answered], now
    )
    for one in answered:
        one.answer, one.answered_by, one.answered_at, one.moved_from = "", "", None, None
    session.flush()
    _find_again(session, [one.member_id for one in answered], now)
    changed = [one.id for one in answered]
    unchanged = [one for one in questions if one not in changed]
    return Result(changed, unchanged, {one: MISSING for one in ids if one not in questions})


def drop_open(session: Session, member_ids: Collection[int]) -> None:
    """Delete members' open questions: their account is known, so nobody needs to answer."""
    open_ones = (AccountQuestion.member_id.in_(member_ids), AccountQuestion.answer == "")
    session.execute(delete(AccountQuestion).where(*open_ones))


class _People:
    """The members these questions are about, and those who have the accounts now."""

    def __init__(self, session: Session, questions: Sequence[AccountQuestion]) -> None:
        ids = {one.member_id for one in questions}
        accounts = {one.moodle_user_id for one in questions}
        query = select(Member).where(or_(Member.id.in_(ids), Member.moodle_user_id.in_(accounts)))
        rows = session.scalars(query.order_by(Member.id).with_for_update(), execution_options=FRESH)
        self._members = {member.id: member for member in rows}
        self._holders = {m.moodle_user_id: m for m in self._members.values() if m.moodle_user_id}
        self.lines: list[Line] = []

    def obstacles(
        self, session: Session, questions: Sequence[AccountQuestion], answer: Answer
    ) -> dict[int, str]:
        """Why some cannot be answered so, by question."""
        found: dict[int, str] = {}
        if answer == "same":
            said = [*_said_same(session, questions), *questions]
            members = Counter(one.member_id for one in said)
            accounts = Counter(one.moodle_user_id for one in said)
            for one in questions:
                if members[one.member_id] > 1:
                    found[one.id] = ONE_ACCOUNT
                elif accounts[one.moodle_user_id] > 1:
                    found[one.id] = ONE_MEMBER
                elif why := self._taken(one):
                    found[one.id] = why
        losing = {one.id: self._loser(one, answer) for one in questions}
        lost = {key: member for key, member in losing.items() if member and not member.number}
        return dict.fromkeys(_clashing(session, lost), DUPLICATE) | found

    def _taken(self, one: AccountQuestion) -> str:
        linked = self._members[one.member_id].moodle_user_id
        if linked not in (None, one.moodle_user_id):
            return HAS_ACCOUNT
        holder = self._holders.get(one.moodle_user_id)
        return HELD if holder and holder.id != one.member_id and holder.number else ""

    def _loser(self, one: AccountQuestion, answer: Answer) -> Member | None:
        """The record that loses the account by the answer."""
        holder = self._holders.get(one.moodle_user_id)
        theirs = holder is not None and holder.id == one.member_id
        return holder if theirs == (answer == "different") else None

    def move(self, session: Session, accepted: Sequence[AccountQuestion]) -> dict[int, int]:
        """Move accounts from their holders; returns question -> the record that lost it."""
        moving = {one: holder for one in accepted if (holder := self._loser(one, "same"))}
        for one, holder in moving.items():
            self._set(holder, None)
            one.moved_from = holder.id
        session.flush()  # first nobody has them: an account may be linked only once
        for one in moving:
            self._set(self._members[one.member_id], one.moodle_user_id)
        session.flush()
        return {one.id: holder.id for one, holder in moving.items()}

    def separate(self, session: Session, accepted: Sequence[AccountQuestion]) -> list[int]:
        """Take the accounts from members whose they are not; returns those who lost one.

        A record that is the account's, not the member's, loses the member number instead: it
        registered itself in Moodle and has the account's email address.
        """
        losing = [(one, m) for one in accepted if (m := self._loser(one, "different"))]
        unproven = numbers_from_moodle(session, [member.id for _, member in losing])
        unlinked: list[int] = []
        for one, member in losing:
            if member.id in unproven and email_key(one.account_email) == member.email_key:
                self._take_number(member)
            else:
                self._set(member, None)
                unlinked.append(member.id)
        session.flush()
        return unlinked

    def _take_number(self, member: Member) -> None:
        """The role belongs to the member whose number it is, and goes with it."""
        since = member.role_since and member.role_since.isoformat()
        before = {"number": member.number, "role": member.role, "role_since": since}
        self.lines.append(Line(member.id, before, {"number": None, "role": "", "role_since": None}))
        member.number, member.role, member.role_since = None, "", None

    def _set(self, member: Member, account: int | None) -> None:
        before, after = member.moodle_user_id, account
        self.lines.append(Line(member.id, {"moodle_user_id": before}, {"moodle_user_id": after}))
        member.moodle_user_id = account


def _locked(session: Session, ids: Collection[int]) -> dict[int, AccountQuestion]:
    query = select(AccountQuestion).where(AccountQuestion.id.in_(ids)).order_by(AccountQuestion.id)
    rows = session.scalars(query.with_for_update(), execution_options=FRESH)
    return {one.id: one for one in rows}


def _fixed(one: AccountQuestion, answer: Answer) -> str:
    """Why an answered question cannot be answered so; '' if it can, or was."""
    if one.answer in ("", answer):
        return ""
    return ANSWERED_SAME if one.answer == "same" else ANSWERED_DIFFERENT


def _said_same(session: Session, questions: Sequence[AccountQuestion]) -> Sequence[AccountQuestion]:
    """Earlier answers that the same member, or the same account, is matched."""
    about = or_(
        AccountQuestion.member_id.in_({one.member_id for one in questions}),
        AccountQuestion.moodle_user_id.in_({one.moodle_user_id for one in questions}),
    )
    return session.scalars(
        select(AccountQuestion).where(AccountQuestion.answer == "same", about)
    ).all()


def _clashing(session: Session, lost: Mapping[int, Member]) -> list[int]:
    """Questions whose record would have neither number nor account, nor an email of its own."""
    keys = Counter(member.email_key for member in lost.values())
    if not keys:
        return []
    query = select(Member.email_key).where(
        Member.number.is_(None), Member.moodle_user_id.is_(None), Member.email_key.in_(keys)
    )
    taken = set(session.scalars(query))
    return [key for key, m in lost.items() if m.email_key in taken or keys[m.email_key] > 1]


def _write(
    session: Session,
    accepted: Sequence[AccountQuestion],
    answer: Answer,
    moved: Mapping[int, int],
    by: str,
    now: datetime,
) -> None:
    lines = [_line(one, "", answer, moved.get(one.id)) for one in accepted]
    for one in accepted:
        one.answer, one.answered_by, one.answered_at = answer, by, now
        one.account_email = one.account_number = ""
    session.flush()
    audit.write_all(session, by, "account-answer", lines, now)


def _line(one: AccountQuestion, before: str, after: str, moved_from: int | None = None) -> Line:
    about = {"question": one.id, "moodle_user_id": one.moodle_user_id, "answer": after}
    also = {"moved_from": moved_from} if moved_from else {}
    return Line(one.member_id, {"answer": before}, about | also)


def _find_again(session: Session, members: Collection[int], now: datetime) -> None:
    """Queue these members' accounts. A worker that has one now no longer settles it."""
    if not members:
        return
    fresh = {"state": "owed", "reason": "", "attempts": 0, "next_try": now, "last_error": ""}
    free = {"lease_until": None, "lease_owner": "", "done_at": None}
    theirs = (Delivery.member_id.in_(members), Delivery.kind == "account")
    session.execute(update(Delivery).where(*theirs).values(**fresh, **free))
    deliveries.owe(session, [DeliveryRecord(m, "account", "", {}) for m in set(members)], now)


def _make_again(session: Session, members: Collection[int], now: datetime) -> None:
    """What these members' former account had is owed to the account that is found next."""
    if not members:
        return
    theirs = (Delivery.member_id.in_(members), Delivery.kind.in_(IN_MOODLE))
    fresh = {"state": "owed", "reason": "", "attempts": 0, "next_try": now, "last_error": ""}
    done = update(Delivery).where(*theirs, Delivery.state == "done")
    session.execute(done.values(**fresh, done_at=None))
    outside = update(Enrolment).where(Enrolment.member_id.in_(members))
    session.execute(outside.values(enrolled_at=None))
