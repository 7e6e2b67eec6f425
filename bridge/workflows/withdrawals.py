"""Withdrawing awards. A person decides; nothing here runs by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum, idnumber
from bridge.store.delivery import deliveries
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.delivery.kinds import DELIVERIES, DeliveryKindName
from bridge.store.learning import awards, decisions, enrolments
from bridge.store.members.locking import lock_members
from bridge.store.operations import audit_log
from bridge.store.tables.learning import Award
from bridge.workflows.awards import assess, keys_of

REVOKED_BY: Mapping[str, DeliveryKindName] = {"cohort": "cohort-leave", "badge": "badge-revoke"}
"""What revokes each thing that an award gave in Moodle. Enrolments and competencies stay."""


def withdraw_award(
    session: Session,
    curricula: Iterable[Curriculum],
    award_id: int,
    reason: str,
    actor: str,
    now: datetime,
) -> bool:
    """Withdraw an award; return False if there is none or it was withdrawn before.

    Cancels its pending deliveries and queues the revocations and an email to the member. The
    milestone is not awarded again until its requirements were seen unmet, or until
    `allow_again`.
    """
    award = _locked_award(session, award_id)
    if award is None or not awards.mark_withdrawn(session, award_id, reason, actor, now):
        return False
    decisions.close_of_award(session, award_id, reason, actor, now)
    given = deliveries.of_award(session, award_id)
    cancelled = deliveries.cancel(session, [award_id], list(DELIVERIES))
    deliveries.enqueue(session, _revocations(award, given), now)
    keys = _keys(curricula, award)
    enrolments.mark_unearned(session, award.member_id, award.curriculum, keys)
    before = {"curriculum": award.curriculum, "milestone": award.milestone, "award": award_id}
    after = {"reason": reason, "cancelled": cancelled}
    audit_log.write(session, actor, "award-withdrawn", award.member_id, before, after, now)
    return True


def allow_again(
    session: Session, curricula: Sequence[Curriculum], award_id: int, actor: str, now: datetime
) -> tuple[bool, int]:
    """Let the milestone of a withdrawn award be earned again, and award it if it is earned now.

    Returns whether anything changed, and the number of new awards.
    """
    award = _locked_award(session, award_id)
    if award is None or award.withdrawn_at is None:
        return False, 0
    keys = _keys(curricula, award)
    if not awards.reopen(session, award.member_id, award.curriculum, keys, now):
        return False, 0
    after = {"curriculum": award.curriculum, "milestone": award.milestone, "award": award_id}
    audit_log.write(session, actor, "award-allowed", award.member_id, {}, after, now)
    return True, assess(session, curricula, [award.member_id], now)


def _locked_award(session: Session, award_id: int) -> Award | None:
    """The award, its member locked: members before everything else, as everywhere."""
    award = awards.find_award(session, award_id)
    if award is None:
        return None
    lock_members(session, [award.member_id])
    return awards.find_award(session, award_id)


def _keys(curricula: Iterable[Curriculum], award: Award) -> list[str]:
    """All keys of the award's milestone; its stored key if the curriculum is gone."""
    for curriculum in curricula:
        if curriculum.key == award.curriculum:
            return sorted({award.milestone, *keys_of(curriculum, award.milestone)})
    return [award.milestone]


def _revocations(award: Award, given: Iterable[DeliveryRecord]) -> list[DeliveryRecord]:
    """Revoke what was given or may have been, as far as one can tell from its deliveries."""
    payload = {"curriculum": award.curriculum, "milestone": award.milestone}
    target = idnumber(award.curriculum, award.milestone)
    email = DeliveryRecord(award.member_id, "withdrawal", target, payload, award.id)
    revoked = [
        DeliveryRecord(each.member_id, REVOKED_BY[each.kind], each.target, each.payload, award.id)
        for each in given
        if each.kind in REVOKED_BY
    ]
    return [*revoked, email]
