"""Signs up people who registered in Moodle themselves.

Their profile proves nothing except the email, if Moodle has confirmed it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.config import Region
from bridge.curriculum.model import Curriculum
from bridge.logs import event
from bridge.member_records import MemberRecord
from bridge.membership.names import from_moodle
from bridge.moodle.schemas.companion_feed import Changes, FeedRow, FeedUser
from bridge.store.delivery import deliveries
from bridge.store.members import queries as members
from bridge.store.members.matching import email_key
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditRecord
from bridge.store.tables.members import Member
from bridge.workflows.signup import sign_up

log = logging.getLogger(__name__)

MEMBER_BATCH_SIZE = 500
ADMINISTRATIVE_AUTH_METHODS = frozenset({"manual", "nologin", "webservice"})
"""Sign-in methods of users that an administrator or a program created."""
AUDIT_ACTOR = "moodle"
OLD_PLUGIN = "the companion plugin does not say whether the email is confirmed; update it."
UNCONFIRMED = "the email is not confirmed."
EMAIL_UNPROVEN = "Moodle does not confirm changed emails; switch emailchangeconfirmation on."


def take_users(
    session: Session,
    rows: Sequence[FeedRow],
    answer: Changes,
    curricula: Sequence[Curriculum],
    regions: Mapping[str, Region],
    *,
    trust_numbers: bool,
    now: datetime,
) -> None:
    """Sign up users who registered in Moodle, and update members who did so before.

    Only users with a confirmed email become members. Where a member without a Moodle account has
    that email, the member's account delivery is queued again: it finds the account by the same
    rules as always, asks a person where something contradicts, and respects earlier answers. A
    member from the membership system is not
    changed by their Moodle profile. The ID number of a profile is only written to the audit log,
    unless `trust_numbers` is on and Moodle locks that field.
    """
    created = {row.userid for row in rows if row.kind == "user-created"}
    known = members.members_by_moodle_ids(session, {user.id for user in answer.users})
    stored = members.members_by_ids(session, known.values())
    trusted = trust_numbers and bool(answer.numberlocked)
    new = [user for user in answer.users if user.id in created - known.keys()]
    registered = _not_members(session, list(_registered(new, answer)), now)
    records = [_record(user, user.email, trusted=trusted) for user in registered]
    records += _profile_updates(answer, {user: stored[id_] for user, id_ in known.items()}, trusted)
    numbers = {user.id: user.idnumber for user in answer.users if user.idnumber}
    for start in range(0, len(records), MEMBER_BATCH_SIZE):
        batch = records[start : start + MEMBER_BATCH_SIZE]
        signed = sign_up(session, curricula, batch, regions=regions, actor=AUDIT_ACTOR, now=now)
        for index, reason in signed.refused:
            _log_refusal(batch[index].moodle_user_id or 0, reason)
        _audit_numbers(session, batch, signed.ids, signed.created, numbers, now)


def _not_members(session: Session, users: Sequence[FeedUser], now: datetime) -> Sequence[FeedUser]:
    """Users whose email no member without an account has; queue those members' accounts."""
    if not users:
        return users
    waiting = members.members_without_account(session, {user.email for user in users})
    deliveries.requeue(session, {id_ for ids in waiting.values() for id_ in ids}, "account", now)
    return [user for user in users if email_key(user.email) not in waiting]


def _registered(users: Sequence[FeedUser], answer: Changes) -> Iterator[FeedUser]:
    for user in users:
        if user.auth in ADMINISTRATIVE_AUTH_METHODS:
            continue
        if reason := _refusal_reason(user, answer):
            _log_refusal(user.id, reason)
        else:
            yield user


def _refusal_reason(user: FeedUser, answer: Changes) -> str:
    """Why the email of a profile is not proven; '' if it is."""
    if user.confirmed is None:
        return OLD_PLUGIN
    if not user.confirmed:
        return UNCONFIRMED
    return "" if answer.emailchangeconfirmation else EMAIL_UNPROVEN


def _profile_updates(
    answer: Changes, stored: Mapping[int, Member], trusted: bool
) -> Iterator[MemberRecord]:
    """Members who registered in Moodle, with their profile's current data.

    Their email changes only if Moodle confirms changed emails.
    """
    for user in answer.users:
        member = stored.get(user.id)
        if member and member.source == "moodle" and user.confirmed:
            email = user.email if answer.emailchangeconfirmation else member.email
            yield _record(user, email, trusted=trusted)


def _record(user: FeedUser, email: str, *, trusted: bool) -> MemberRecord:
    return MemberRecord(
        number=user.idnumber if trusted and user.idnumber else None,
        email=email,
        first_name=from_moodle(user.firstname),
        last_name=from_moodle(user.lastname),
        language=user.lang.split("_")[0],
        source="moodle",
        moodle_user_id=user.id,
    )


def _audit_numbers(
    session: Session,
    batch: Sequence[MemberRecord],
    ids: Sequence[int | None],
    created: Collection[int],
    numbers: Mapping[int, str],
    now: datetime,
) -> None:
    """Record the number that each new member entered in Moodle, for the committee to read."""
    lines = [
        AuditRecord(member, {}, {"number_said": number})
        for record, member in zip(batch, ids, strict=True)
        if member in set(created) and (number := numbers.get(record.moodle_user_id or 0))
    ]
    audit_log.write_all(session, AUDIT_ACTOR, "signed-up", lines, now)


def _log_refusal(user: int, reason: str) -> None:
    event(log, "user-refused", level=logging.WARNING, moodle_user=user, reason=reason)
