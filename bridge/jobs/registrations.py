"""People who registered in Moodle become members. What their profile says is not proof of anything
but the email that Moodle has confirmed."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.config import Region
from bridge.curriculum.model import Curriculum
from bridge.jobs.enrol import sign_up
from bridge.logs import event
from bridge.moodle.answers import Changes, FeedRow, FeedUser
from bridge.roster import MemberRecord
from bridge.store import audit, members
from bridge.store.audit import Line
from bridge.store.tables import Member

log = logging.getLogger(__name__)

BATCH = 500
MADE_BY_OTHERS = frozenset({"manual", "nologin", "webservice"})
"""How users sign in who did not register themselves: an administrator or a program made them."""
WHO = "moodle"
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
    """Make members of those who registered in Moodle, and bring those up to date who did before.

    Taken are users with a confirmed email. A member whom the membership system knows does not
    follow their Moodle profile. The ID number of a profile is only kept in the audit log, unless
    `trust_numbers` and Moodle locks that field.
    """
    made = {row.userid for row in rows if row.kind == "user-created"}
    known = members.members_by_moodle_ids(session, {user.id for user in answer.users})
    stored = members.members_by_ids(session, known.values())
    trusted = trust_numbers and bool(answer.numberlocked)
    new = [user for user in answer.users if user.id in made - known.keys()]
    records = [_record(user, user.email, trusted=trusted) for user in _registered(new, answer)]
    records += _followed(answer, {user: stored[id_] for user, id_ in known.items()}, trusted)
    said = {user.id: user.idnumber for user in answer.users if user.idnumber}
    for start in range(0, len(records), BATCH):
        batch = records[start : start + BATCH]
        signed = sign_up(session, curricula, batch, regions=regions, who=WHO, now=now)
        for place, reason in signed.refused:
            _refuse(batch[place].moodle_user_id or 0, reason)
        _note_numbers(session, batch, signed.ids, signed.created, said, now)


def _registered(users: Sequence[FeedUser], answer: Changes) -> Iterator[FeedUser]:
    for user in users:
        if user.auth in MADE_BY_OTHERS:
            continue
        if reason := _obstacle(user, answer):
            _refuse(user.id, reason)
        else:
            yield user


def _obstacle(user: FeedUser, answer: Changes) -> str:
    """Why the email of a profile does not say who somebody is; '' if it does."""
    if user.confirmed is None:
        return OLD_PLUGIN
    if not user.confirmed:
        return UNCONFIRMED
    return "" if answer.emailchangeconfirmation else EMAIL_UNPROVEN


def _followed(
    answer: Changes, stored: Mapping[int, Member], trusted: bool
) -> Iterator[MemberRecord]:
    """Those who follow their Moodle profile; their email only where Moodle confirms changes."""
    for user in answer.users:
        member = stored.get(user.id)
        if member and member.source == "moodle" and user.confirmed:
            email = user.email if answer.emailchangeconfirmation else member.email
            yield _record(user, email, trusted=trusted)


def _record(user: FeedUser, email: str, *, trusted: bool) -> MemberRecord:
    return MemberRecord(
        number=user.idnumber if trusted and user.idnumber else None,
        email=email,
        first_name=user.firstname,
        last_name=user.lastname,
        language=user.lang.split("_")[0],
        source="moodle",
        moodle_user_id=user.id,
    )


def _note_numbers(
    session: Session,
    batch: Sequence[MemberRecord],
    ids: Sequence[int | None],
    created: Collection[int],
    said: Mapping[int, str],
    now: datetime,
) -> None:
    """The number that a new member entered in Moodle, for the committee to read."""
    lines = [
        Line(member, {}, {"number_said": number})
        for record, member in zip(batch, ids, strict=True)
        if member in set(created) and (number := said.get(record.moodle_user_id or 0))
    ]
    audit.write_all(session, WHO, "signed-up", lines, now)


def _refuse(user: int, reason: str) -> None:
    event(log, "user-refused", level=logging.WARNING, moodle_user=user, reason=reason)
