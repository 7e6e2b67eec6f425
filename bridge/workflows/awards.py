"""Evaluates members, awards milestones and queues deliveries, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum, Milestone, idnumber
from bridge.progress import Facts, Progress, apply_renames, evaluator, evidence, milestone_renames
from bridge.store.delivery import deliveries
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.delivery.kinds import DeliveryKindName
from bridge.store.learning import awards, enrolments
from bridge.store.learning.awards import AwardRecord
from bridge.store.learning.member_progress import facts_of
from bridge.store.members.locking import lock_members

MEMBER_BATCH_SIZE = 500
REVOCATIONS: tuple[DeliveryKindName, ...] = ("cohort-leave", "badge-revoke")


def assess(
    session: Session, curricula: Sequence[Curriculum], members: Collection[int], now: datetime
) -> int:
    """Award what `members` (ids) have earned, and request the enrolments they may have.

    Queues the deliveries of both. `now`: in the union's time zone: roles and
    credits begin and end by its date. Doing it again changes nothing. Returns the number of new
    awards. Locks the members first: of two transactions that record different facts about a
    member, the second sees the facts of the first.
    """
    ids = sorted(members)
    batches = [
        ids[start : start + MEMBER_BATCH_SIZE] for start in range(0, len(ids), MEMBER_BATCH_SIZE)
    ]
    awarded = 0
    for batch in batches:
        lock_members(session, batch)
        awarded += sum(_assess_batch(session, each, batch, now) for each in curricula)
    return awarded


def _assess_batch(
    session: Session, curriculum: Curriculum, members: Sequence[int], now: datetime
) -> int:
    evaluate = evaluator(curriculum)
    rename = apply_renames(curriculum)
    recorded = facts_of(session, curriculum.key, members, now.date())
    known = {member: rename(each) for member, each in recorded.items()}
    progress = {member: evaluate(each) for member, each in known.items()}
    _reopen(session, curriculum, progress, now)
    granted = awards.grant(session, list(_earned(curriculum, known, progress, now)))
    entered = [(m, curriculum.key, key) for m, p in progress.items() for key in p.entered]
    renamed = milestone_renames([curriculum])
    requested = enrolments.request_enrolments(session, entered, now, renamed)
    if granted or requested:
        enrolments.mark_earned(session, members, renamed)
    queued = [_enrolment_delivery(*enrolment) for enrolment in requested]
    for award, record in granted:
        _cancel_revocations(session, curriculum, record)
        queued += _award_deliveries(curriculum, award, record)
    deliveries.enqueue(session, queued, now)
    return len(granted)


def _earned(
    curriculum: Curriculum,
    facts: Mapping[int, Facts],
    progress: Mapping[int, Progress],
    now: datetime,
) -> Iterator[AwardRecord]:
    milestones = {milestone.key: milestone for milestone in curriculum.milestones}
    for member, reached in progress.items():
        known = facts[member]
        for key in reached.earned:
            if key not in known.awarded:
                proof = evidence(milestones[key], known)
                revision = curriculum.revision
                yield AwardRecord(member, curriculum.key, key, revision, proof, now)


def _reopen(
    session: Session,
    curriculum: Curriculum,
    progress: Mapping[int, Progress],
    now: datetime,
) -> None:
    """Let withdrawn milestones be earned again once their requirements were seen unmet."""
    for member, reached in progress.items():
        if reached.reopened:
            keys = [key for each in reached.reopened for key in keys_of(curriculum, each)]
            awards.reopen(session, member, curriculum.key, keys, now)


def _cancel_revocations(session: Session, curriculum: Curriculum, record: AwardRecord) -> None:
    """A pending revocation must not take away what the new award gives."""
    keys = keys_of(curriculum, record.milestone)
    withdrawn = [
        each.id
        for each in awards.withdrawn_awards_of(session, record.member_id)
        if each.curriculum == curriculum.key and each.milestone in keys
    ]
    if withdrawn:
        deliveries.cancel(session, withdrawn, REVOCATIONS)


def keys_of(curriculum: Curriculum, milestone: str) -> list[str]:
    """The current key of a milestone, and its former keys."""
    renames = milestone_renames([curriculum])
    current = renames.get((curriculum.key, milestone), milestone)
    return [current, *(old for (_, old), new in renames.items() if new == current)]


def _enrolment_delivery(member: int, curriculum: str, milestone: str) -> DeliveryRecord:
    return DeliveryRecord(
        member, "enrol", idnumber(curriculum, milestone), _payload(curriculum, milestone)
    )


def _award_deliveries(
    curriculum: Curriculum, award: int, record: AwardRecord
) -> Iterator[DeliveryRecord]:
    """Not the enrolment in the next course: that follows from the milestones now entered."""
    milestone = curriculum.milestone(record.milestone)
    if milestone is None:
        return
    target = idnumber(curriculum.key, milestone.key)
    for kind in _award_kinds(milestone):
        payload = _payload(curriculum.key, milestone.key)
        yield DeliveryRecord(record.member_id, kind, target, payload, award)


def _award_kinds(milestone: Milestone) -> Iterator[DeliveryKindName]:
    yield from ("cohort", "competency", "mail")
    if milestone.acknowledgement.in_moodle:
        yield "message"
    if milestone.acknowledgement.badge:
        yield "badge"


def _payload(curriculum: str, milestone: str) -> dict[str, object]:
    return {"curriculum": curriculum, "milestone": milestone}
